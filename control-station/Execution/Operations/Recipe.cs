using VSan.Station.Domain;
using VSan.Station.Execution.Steps;

namespace VSan.Station.Execution;

/// <summary>
/// What an operation consists of. A new kind of operation is a method that gives one of these, its kinds of steps, and their names in
/// <see cref="OperationCatalog"/>.
/// </summary>
/// <param name="Kind">One of <see cref="OperationCatalog.Kinds"/>.</param>
/// <param name="Title">What it does, for a person.</param>
/// <param name="SubjectId">The object that it is about.</param>
/// <param name="Steps">Its steps; those that are done in the transaction that stores the operation come first.</param>
/// <param name="Locks">Locks that it needs to its end, besides those that its steps declare.</param>
internal sealed record Recipe(string Kind, string Title, Guid SubjectId, IReadOnlyList<OperationStep> Steps, IReadOnlyList<OperationLock> Locks)
{
    /// <summary>A step that the transaction which stores the operation has done already.</summary>
    public static OperationStep Done(string name, string kind, Guid objectId) => new(name, kind, objectId, StepState.Done, Attempts: 1);

    /// <summary>The step that waits until a unit serves what is wanted of it.</summary>
    public static OperationStep Configure(Unit unit) => Todo($"configure {unit.Name}", ConfigureUnit.Kind, unit.Id);

    /// <summary>The step that waits until a unit no longer serves what was withdrawn.</summary>
    public static OperationStep Release(Unit unit) => Todo($"let {unit.Name} go of it", LetGo.Kind, unit.Id);

    /// <summary>A step to be done.</summary>
    public static OperationStep Todo(string name, string kind, Guid objectId, string? memo = null) => new(name, kind, objectId, Memo: memo);
}
