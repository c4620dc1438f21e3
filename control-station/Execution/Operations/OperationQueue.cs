using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>Stores operations, and lets those begin whose turn it is.</summary>
internal static class OperationQueue
{
    /// <summary>All states from which something may still happen.</summary>
    public static IReadOnlyList<OperationState> Unfinished { get; } =
        [OperationState.Queued, OperationState.WaitingForLocks, OperationState.Running, OperationState.Cancelling, OperationState.NeedsOperator];

    /// <summary>
    /// Stores an operation; it begins at once when it may. What its first steps have reserved in this transaction is wanted of its units from
    /// here on: their generations are raised.
    /// </summary>
    public static Operation Start(this IStationTransaction transaction, DateTimeOffset now, Caller caller, Recipe recipe, OperationCatalog catalog)
    {
        if (!OperationCatalog.Kinds.Contains(recipe.Kind)) throw new InvalidOperationException($"{recipe.Kind} is not in the catalog of operations.");
        if (recipe.Steps.Any(step => step.State == StepState.Done))
            foreach (Guid unitId in recipe.Steps.Where(step => catalog.Of(step).Configures).Select(step => step.ObjectId).Distinct()) transaction.RaiseGeneration(unitId);
        Operation operation = transaction.Table<Operation>().Insert(new Operation(
            transaction.NewId(now), recipe.Kind, recipe.Title, OperationState.Queued, "queued", recipe.Steps, OperationLocks.Of(recipe, catalog), recipe.SubjectId,
            caller.Name, Undoing: false, recipe.Steps.Where(step => step.IsBegun).Select(step => catalog.Of(step).PointOfNoReturn(step)).FirstOrDefault(reason => reason is not null), Failure: null, Wait: null, Progress: null, Remains: null, now, EndedAt: null));
        transaction.AppendEvent(now, "operation.started", $"operation/{operation.Id}", $"{recipe.Title}, asked for by {caller.Name}.");
        return Admit(transaction, now).FirstOrDefault(admitted => admitted.Id == operation.Id) ?? transaction.Require<Operation>(operation.Id, "operation");
    }

    /// <summary>Gives turns and locks to those that may have them, and notes what the others wait for.</summary>
    /// <returns>The operations that may begin.</returns>
    public static IReadOnlyList<Operation> Admit(IStationTransaction transaction, DateTimeOffset now)
    {
        ITable<Operation> operations = transaction.Table<Operation>();
        if (Count(operations, OperationState.Queued) + Count(operations, OperationState.WaitingForLocks) == 0) return [];
        Operation[] unfinished = [.. All(transaction)];
        List<Operation> admitted = [];
        foreach (Operation changed in OperationAdmission.Decide(unfinished))
        {
            Operation stored = operations.Update(changed.IsWaitingToBegin ? changed : changed with { Locks = Fence(transaction, changed.Locks) });
            transaction.AppendEvent(now, "operation.changed", $"operation/{stored.Id}", $"{stored.Title}: {stored.Phase}.");
            if (!stored.IsWaitingToBegin) admitted.Add(stored);
        }

        return admitted;
    }

    /// <summary>All operations that have not ended.</summary>
    public static IEnumerable<Operation> All(IStationTransaction transaction) =>
        Unfinished.SelectMany(state => transaction.Table<Operation>().Where(Lookups.OperationState, state.ToString()));

    /// <summary>The operation of this kind that has not ended on a subject, or null.</summary>
    public static Operation? RunningOn(this IStationTransaction transaction, Guid subjectId, string kind) =>
        transaction.Table<Operation>().Where(Lookups.OperationSubject, subjectId.ToString()).FirstOrDefault(operation => operation.Kind == kind && !operation.Ended);

    private static int Count(ITable<Operation> operations, OperationState state) => operations.CountWhere(Lookups.OperationState, state.ToString());

    private static OperationLock[] Fence(IStationTransaction transaction, IReadOnlyList<OperationLock> locks) =>
        [.. locks.Select(granted => LockPath.UnitOf(granted.Path) is { } unitId ? granted with { Epoch = NextEpoch(transaction, unitId) } : granted)];

    private static long NextEpoch(IStationTransaction transaction, Guid unitId)
    {
        ITable<UnitFence> fences = transaction.Table<UnitFence>();
        UnitFence next = fences.Find(unitId) is { } fence ? fences.Update(fence with { Epoch = fence.Epoch + 1 }) : fences.Insert(new UnitFence(unitId, Epoch: 1));
        return next.Epoch;
    }
}
