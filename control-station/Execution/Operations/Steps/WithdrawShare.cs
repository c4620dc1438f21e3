using VSan.Station.Domain;

namespace VSan.Station.Execution.Steps;

/// <summary>The share is wanted no longer: its unit is to stop serving it and to delete its files.</summary>
internal sealed class WithdrawShare() : StepKind(Kind)
{
    public const string Kind = "withdraw-share";

    public override IReadOnlyList<OperationLock> Locks(OperationStep step) => [OperationLock.Exclusive(LockPath.Share(step.ObjectId))];

    public override string? PointOfNoReturn(OperationStep step) => "Its files may be gone from the unit already.";

    public override StepOutcome Do(StepContext context)
    {
        ITable<Share> shares = context.Transaction.Table<Share>();
        if (shares.Find(context.Step.ObjectId) is not { State: not ShareState.Deleting } share) return new StepOutcome.Done();
        // Asked again, since somebody may have been let in while the operation waited.
        if (SharePlan.BindingsOf(context.Transaction, share.Id).Count > 0)
            return new StepOutcome.Failed(new OperationFailure("share-bound", $"{share.Name} was bound meanwhile.", "Release it, then ask again."));
        shares.Update(share with { State = ShareState.Deleting });
        return new StepOutcome.Done(Memo: UnitFollowing.Raise(context.Transaction, [share.UnitId]));
    }
}
