using VSan.Station.Domain;

namespace VSan.Station.Execution.Steps;

/// <summary>The replacement is over: the old leg is forgotten; where its unit was away, it becomes a leftover.</summary>
internal sealed class ReleaseReplacement(UnitFollowing units) : StepKind(Kind)
{
    public const string Kind = "release-replacement";

    public override StepOutcome Do(StepContext context)
    {
        IStationTransaction transaction = context.Transaction;
        if (transaction.Table<LegReplacement>().Find(context.Step.ObjectId) is not { } replacement) return new StepOutcome.Done();
        LegReplacements.End(transaction, context.Now, replacement, units, context.Operation.Steps.First(step => step.Kind == PartWithLeg.Kind).Memo);
        string name = transaction.Table<Volume>().Find(replacement.VolumeId)?.Name ?? "a volume";
        transaction.AppendEvent(context.Now, "volume.leg-replaced", $"volume/{replacement.VolumeId}", $"A leg of {name} was replaced by one on {LegReplacements.UnitNameOf(transaction, replacement.Id)}.");
        return new StepOutcome.Done();
    }
}
