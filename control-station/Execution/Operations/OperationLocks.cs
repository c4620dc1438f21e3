using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>Which locks an operation needs now: those of the steps that are still to be done, or may still have to be undone.</summary>
internal static class OperationLocks
{
    /// <summary>The locks of a new operation.</summary>
    public static IReadOnlyList<OperationLock> Of(Recipe recipe, OperationCatalog catalog) => OperationLock.Canonical(
        recipe.Steps.SelectMany(step => catalog.Of(step).Locks(step)).Concat(recipe.Locks.Select(wanted => wanted with { ToTheEnd = true })));

    /// <summary>The same operation without the locks that it needs no more.</summary>
    public static Operation Release(Operation operation, OperationCatalog catalog)
    {
        if (operation.Locks.Count == 0) return operation;
        if (operation.Ended) return operation with { Locks = [] };
        HashSet<string> needed = [.. operation.Steps.Where(step => Needs(operation, step, catalog.Of(step))).SelectMany(step => catalog.Of(step).Locks(step)).Select(wanted => wanted.Path)];
        OperationLock[] kept = [.. operation.Locks.Where(held => held.ToTheEnd || needed.Contains(held.Path))];
        return kept.Length == operation.Locks.Count ? operation : operation with { Locks = kept };
    }

    private static bool Needs(Operation operation, OperationStep step, StepKind kind)
    {
        bool toBeUndone = kind.Undoable && step.IsBegun;
        if (operation.Undoing) return toBeUndone;
        return step.State != StepState.Done || (toBeUndone && operation.PointOfNoReturn is null);
    }
}
