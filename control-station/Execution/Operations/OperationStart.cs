using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>Storing operations.</summary>
internal static class OperationStart
{
    /// <summary>Stores an operation; its units are given new generations, since what they serve has changed in the same transaction.</summary>
    public static Operation Start(
        this IStationTransaction transaction,
        DateTimeOffset now,
        Caller caller,
        Recipe recipe,
        Guid subjectId,
        Guid? mappingId)
    {
        Operation operation = transaction.Table<Operation>().Insert(new Operation(
            Guid.CreateVersion7(now), recipe.Kind, recipe.Title, OperationState.Queued, "queued", [.. recipe.Steps.Select(transaction.Demand)], subjectId, mappingId,
            caller.Name, Failure: null, now, EndedAt: null));
        transaction.AppendEvent(now, "operation.started", $"operation/{operation.Id}", $"{recipe.Title}, asked for by {caller.Name}.");
        return operation;
    }

    /// <summary>The step, with a generation that its unit has not served yet; a step without a unit as it is.</summary>
    public static OperationStep Demand(this IStationTransaction transaction, OperationStep step) =>
        step.UnitId is { } unitId ? step with { UnitGeneration = transaction.RaiseGeneration(unitId) } : step;

    /// <summary>The operation of this kind that is at work on a subject, or null.</summary>
    public static Operation? RunningOn(this IStationTransaction transaction, Guid subjectId, OperationKind kind) =>
        transaction.Table<Operation>().Where(Lookups.OperationSubject, subjectId.ToString()).FirstOrDefault(operation => operation.Kind == kind && !operation.Ended);
}
