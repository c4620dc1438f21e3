using VSan.Station.Domain;

namespace VSan.Station.Execution.Steps;

/// <summary>
/// The share with its space and port, made in the transaction that stores the operation. Undone in two turns: it is wanted no longer, and
/// when its unit does not serve it any more it is forgotten and its space given back.
/// </summary>
internal sealed class ReserveShare(UnitFollowing units) : StepKind(Kind)
{
    public const string Kind = "reserve-share";

    public override bool Undoable => true;

    public override IReadOnlyList<OperationLock> Locks(OperationStep step) => [OperationLock.Exclusive(LockPath.Share(step.ObjectId))];

    public override IReadOnlyList<Guid> Watches(Operation operation, OperationStep step) => UnitFollowing.Units(step.Memo);

    public override StepOutcome Do(StepContext context) => new StepOutcome.Done();

    public override StepOutcome Undo(StepContext context)
    {
        IStationTransaction transaction = context.Transaction;
        if (transaction.Table<Share>().Find(context.Step.ObjectId) is not { } share) return new StepOutcome.Done();
        if (context.Step.Memo is not { } memo)
        {
            transaction.Table<Share>().Update(share with { State = ShareState.Deleting });
            memo = UnitFollowing.Raise(transaction, [share.UnitId]);
        }

        if (units.AwaitOrLeave(context, memo) is { } outcome) return outcome;
        SharePlan.Release(transaction, share.Id, units.Serves(share.UnitId, memo) ? null : UnitFollowing.GenerationOf(share.UnitId, memo));
        return new StepOutcome.Done(Memo: memo);
    }
}
