using VSan.Station.Domain;

namespace VSan.Station.Execution.Steps;

/// <summary>Forgets a share, and gives back its space where its unit is rid of it; where that was away, the space stays promised until it is.</summary>
internal sealed class ReleaseShare(UnitFollowing units) : StepKind(Kind)
{
    public const string Kind = "release-share";

    public override IReadOnlyList<OperationLock> Locks(OperationStep step) => [OperationLock.Exclusive(LockPath.Share(step.ObjectId))];

    public override StepOutcome Do(StepContext context)
    {
        if (context.Transaction.Table<Share>().Find(context.Step.ObjectId) is not { } share) return new StepOutcome.Done();
        string? memo = context.Operation.Steps.First(step => step.Kind == WithdrawShare.Kind).Memo;
        SharePlan.Release(context.Transaction, share.Id, units.Serves(share.UnitId, memo) ? null : UnitFollowing.GenerationOf(share.UnitId, memo));
        context.Transaction.AppendEvent(context.Now, "share.removed", $"share/{share.Id}", $"Share {share.Name} is gone.");
        return new StepOutcome.Done();
    }
}
