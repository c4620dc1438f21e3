using VSan.Station.Domain;

namespace VSan.Station.Execution.Steps;

/// <summary>
/// The snapshots of a group with their space, made in the transaction that stores the operation. Undone in two turns: they are wanted no
/// longer, and when their unit does not keep them any more, or is away, they are forgotten.
/// </summary>
internal sealed class ReserveSnapshots(UnitFollowing units) : StepKind(Kind)
{
    public const string Kind = "reserve-snapshots";

    public override bool Undoable => true;

    public override IReadOnlyList<Guid> Watches(Operation operation, OperationStep step) => UnitFollowing.Units(step.Memo);

    public override StepOutcome Do(StepContext context) => new StepOutcome.Done();

    public override StepOutcome Undo(StepContext context)
    {
        IStationTransaction transaction = context.Transaction;
        IReadOnlyList<Snapshot> group = SnapshotPlan.Group(transaction, context.Step.ObjectId);
        if (group.Count == 0) return new StepOutcome.Done();
        if (context.Step.Memo is not { } memo)
        {
            SnapshotPlan.Withdraw(transaction, context.Step.ObjectId);
            memo = UnitFollowing.Raise(transaction, group.SelectMany(snapshot => SnapshotPlan.Legs(transaction, snapshot.Id)).Select(leg => leg.UnitId));
        }

        if (units.AwaitOrLeave(context, memo) is { } outcome) return outcome;
        foreach (Snapshot snapshot in group) SnapshotPlan.Release(transaction, context.Now, snapshot.Id, units, memo);
        return new StepOutcome.Done(Memo: memo);
    }
}
