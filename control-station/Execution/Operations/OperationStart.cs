using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>Storing operations.</summary>
internal static class OperationStart
{
    /// <summary>Stores an operation; its unit is given a new generation, since what it serves has changed in the same transaction.</summary>
    public static Operation Start(
        this IStationTransaction transaction,
        DateTimeOffset now,
        Caller caller,
        Recipe recipe,
        Guid subjectId,
        Guid? mappingId,
        Guid unitId)
    {
        long generation = transaction.RaiseGeneration(unitId);
        Operation operation = transaction.Table<Operation>().Insert(new Operation(
            Guid.CreateVersion7(now), recipe.Kind, recipe.Title, OperationState.Queued, "queued", recipe.Steps, subjectId, mappingId, unitId, generation,
            caller.Name, Failure: null, now, EndedAt: null));
        transaction.AppendEvent(now, "operation.started", $"operation/{operation.Id}", $"{recipe.Title}, asked for by {caller.Name}.");
        return operation;
    }

    /// <summary>The operation of this kind that is at work on a subject, or null.</summary>
    public static Operation? RunningOn(this IStationTransaction transaction, Guid subjectId, OperationKind kind) =>
        transaction.Table<Operation>().Where(Lookups.OperationSubject, subjectId.ToString()).FirstOrDefault(operation => operation.Kind == kind && !operation.Ended);
}
