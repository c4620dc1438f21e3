namespace VSan.Station.Domain;

/// <summary>
/// Decides who begins next. Pure. Locks are granted all or none; nobody overtakes an older operation that wants the same, so that none
/// starves; turns are dealt out so that of two people the one with less at work is first.
/// </summary>
public static class OperationAdmission
{
    /// <summary>Operations at work in the pool at once, not counting those that wait for an absent unit or a person: a bound on what one crash leaves to be resumed.</summary>
    public const int PoolMax = 64;

    /// <summary>Operations at work on one unit at once: more would only queue in the unit, whose changes go one at a time.</summary>
    public const int UnitMax = 16;

    /// <summary>Looks at all operations that have not ended and returns those that changed: admitted, or waiting for something else than before.</summary>
    public static IReadOnlyList<Operation> Decide(IReadOnlyList<Operation> unfinished)
    {
        Operation[] waiting = [.. unfinished.Where(operation => operation.IsWaitingToBegin).OrderBy(operation => operation.Id)];
        Operation[] atWork = [.. unfinished.Where(operation => !operation.IsWaitingToBegin)];
        Dictionary<Guid, OperationWait> lockWaits = FindLockWaits(waiting, atWork);
        Turns turns = new(atWork);
        List<Operation> changed = [];
        foreach (Operation operation in Fairly(waiting, atWork))
        {
            Operation next = lockWaits.TryGetValue(operation.Id, out OperationWait? lockWait) ? operation with { State = OperationState.WaitingForLocks, Wait = lockWait, Phase = lockWait.Detail }
                : turns.TryTake(operation, out OperationWait? turnWait) ? Begin(operation)
                : operation with { State = OperationState.Queued, Wait = turnWait, Phase = turnWait!.Detail };
            if ((next.State, next.Wait) != (operation.State, operation.Wait)) changed.Add(next);
        }

        return changed;
    }

    private static Operation Begin(Operation operation) => operation with
    {
        State = operation.Undoing ? OperationState.Cancelling : OperationState.Running,
        Wait = null,
        Phase = operation.Undoing ? "undoing" : "beginning",
        Locks = [.. operation.Locks.Select(wanted => wanted with { Held = true })],
    };

    private static Dictionary<Guid, OperationWait> FindLockWaits(Operation[] waiting, Operation[] atWork)
    {
        LockTable table = new();
        foreach (Operation operation in atWork) table.Add(operation);
        Dictionary<Guid, OperationWait> waits = [];
        foreach (Operation operation in waiting)
        {
            if (table.FindConflict(operation) is (var wanted, var holder))
            {
                string detail = $"waiting for {wanted.Path}: {holder.Title}, asked for by {holder.RequestedBy}, {(holder.IsWaitingToBegin ? "is before it" : "has it")}";
                waits.Add(operation.Id, new OperationWait(WaitReason.Lock, detail, wanted.Path, holder.Id, holder.Title, holder.RequestedBy));
            }

            table.Add(operation);
        }

        return waits;
    }

    // A person's first waiting operation counts as one more than what that person has at work, the second as two more, and so on.
    private static IEnumerable<Operation> Fairly(Operation[] waiting, Operation[] atWork)
    {
        Dictionary<string, int> share = atWork.GroupBy(operation => operation.RequestedBy).ToDictionary(group => group.Key, group => group.Count());
        List<(int Share, Operation Operation)> ranked = [];
        foreach (Operation operation in waiting)
        {
            share[operation.RequestedBy] = share.GetValueOrDefault(operation.RequestedBy) + 1;
            ranked.Add((share[operation.RequestedBy], operation));
        }

        return ranked.OrderBy(one => one.Share).ThenBy(one => one.Operation.Id).Select(one => one.Operation);
    }

    private sealed class Turns
    {
        private readonly Dictionary<Guid, int> _onUnit = [];
        private int _inPool;

        public Turns(Operation[] atWork)
        {
            foreach (Operation operation in atWork.Where(operation => operation.State != OperationState.NeedsOperator))
                Take(Units(operation), countsInPool: operation.Wait?.Reason != WaitReason.Unit);
        }

        public bool TryTake(Operation operation, out OperationWait? wait)
        {
            Guid[] units = Units(operation);
            wait = _inPool >= PoolMax ? new OperationWait(WaitReason.Turn, $"waiting for its turn: {PoolMax} operations are at work")
                : units.Any(unit => _onUnit.GetValueOrDefault(unit) >= UnitMax) ? new OperationWait(WaitReason.Turn, $"waiting for its turn: {UnitMax} operations are at work on its unit")
                : null;
            if (wait is not null) return false;
            Take(units, countsInPool: true);
            return true;
        }

        private static Guid[] Units(Operation operation) => [.. operation.Locks.Select(wanted => LockPath.UnitOf(wanted.Path)).OfType<Guid>().Distinct()];

        private void Take(Guid[] units, bool countsInPool)
        {
            if (countsInPool) _inPool++;
            foreach (Guid unit in units) _onUnit[unit] = _onUnit.GetValueOrDefault(unit) + 1;
        }
    }
}
