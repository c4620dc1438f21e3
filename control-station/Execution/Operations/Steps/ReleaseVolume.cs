using VSan.Station.Domain;

namespace VSan.Station.Execution.Steps;

/// <summary>Forgets a volume, and gives back its space where its units are rid of it; where one was away, its legs become tombstones.</summary>
internal sealed class ReleaseVolume(UnitFollowing units) : StepKind(Kind)
{
    public const string Kind = "release-volume";

    public override IReadOnlyList<OperationLock> Locks(OperationStep step) => [OperationLock.Exclusive(LockPath.Volume(step.ObjectId))];

    public override StepOutcome Do(StepContext context)
    {
        string? memo = context.Operation.Steps.First(step => step.Kind == WithdrawVolume.Kind).Memo;
        foreach (Leg leg in context.Transaction.Table<Leg>().Where(Lookups.LegVolume, context.Step.ObjectId.ToString()))
            if (!units.Serves(leg.UnitId, memo)) context.Transaction.BuryLeg(leg, UnitFollowing.GenerationOf(leg.UnitId, memo));
        context.Transaction.ReleaseVolume(context.Step.ObjectId);
        return new StepOutcome.Done();
    }
}
