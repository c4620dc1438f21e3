using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>
/// What a step does, and how it is undone. Both may be called any number of times, after a failure or a restart as well: what is done
/// already is not done again. They run inside a transaction of the store, together with the step's own record.
/// </summary>
/// <param name="name">Its name in the store; one of those in <see cref="OperationCatalog"/>.</param>
internal abstract class StepKind(string name)
{
    /// <summary>Its name in the store.</summary>
    public string Name { get; } = name;

    /// <summary>True when a step that was begun leaves something to undo.</summary>
    public virtual bool Undoable => false;

    /// <summary>True when the step waits for a unit (its object) to serve a new configuration.</summary>
    public virtual bool Configures => false;

    /// <summary>True when the step speaks to a unit outside of any transaction, in <see cref="ActAsync"/>.</summary>
    public virtual bool Acts => false;

    /// <summary>The locks without which it may be neither done nor undone.</summary>
    public virtual IReadOnlyList<OperationLock> Locks(OperationStep step) => [];

    /// <summary>Why the operation cannot be cancelled once this step was begun; null when it can.</summary>
    public virtual string? PointOfNoReturn(OperationStep step) => null;

    /// <summary>Units whose news may move the step on.</summary>
    public virtual IReadOnlyList<Guid> Watches(Operation operation, OperationStep step) => [];

    /// <summary>What stays of a step when the operation was undone, for a person; null: nothing.</summary>
    public virtual string? Remains(OperationStep step) => null;

    /// <summary>Speaks to a unit; what it returns is handed to <see cref="Do"/> or <see cref="Undo"/>. The step is stored as begun before.</summary>
    /// <exception cref="IOException">The unit could not be asked; it is tried again within the step's budget.</exception>
    public virtual Task<string?> ActAsync(Operation operation, OperationStep step, CancellationToken cancellationToken) => Task.FromResult<string?>(null);

    /// <summary>Does the step, or sees that it is done, or that it has to wait.</summary>
    public abstract StepOutcome Do(StepContext context);

    /// <summary>Undoes the step, or sees that it is undone, or that it has to wait.</summary>
    public virtual StepOutcome Undo(StepContext context) => new StepOutcome.Done();
}

/// <summary>A step and what it may look at and change.</summary>
/// <param name="Transaction">The store.</param>
/// <param name="Now">The time.</param>
/// <param name="Operation">The operation.</param>
/// <param name="Step">The step as it is stored.</param>
/// <param name="Found">What <see cref="StepKind.ActAsync"/> returned.</param>
internal sealed record StepContext(IStationTransaction Transaction, DateTimeOffset Now, Operation Operation, OperationStep Step, string? Found);

/// <summary>How one attempt at a step ended.</summary>
internal abstract record StepOutcome
{
    private StepOutcome()
    {
    }

    /// <summary>It is done, or undone.</summary>
    /// <param name="Note">What a person should know of it, or null.</param>
    /// <param name="Memo">What is kept for its undoing; null keeps what there is.</param>
    public sealed record Done(string? Note = null, string? Memo = null) : StepOutcome;

    /// <summary>It is begun and goes on when something changes.</summary>
    /// <param name="Phase">What it waits for, for a person.</param>
    /// <param name="Reason">The same for a program.</param>
    /// <param name="Memo">What is kept for its repetition; null keeps what there is.</param>
    /// <param name="Progress">Its bytes, when it moves any.</param>
    /// <param name="LookAgain">Look again after this long, even when nothing is heard.</param>
    public sealed record Waiting(string Phase, WaitReason Reason = WaitReason.Work, string? Memo = null, OperationProgress? Progress = null, TimeSpan? LookAgain = null)
        : StepOutcome;

    /// <summary>It failed and may succeed soon: it is tried again, within its budget.</summary>
    public sealed record Retry(OperationFailure Failure) : StepOutcome;

    /// <summary>It failed, and trying again would change nothing.</summary>
    public sealed record Failed(OperationFailure Failure) : StepOutcome;
}
