using VSan.Station.Domain;

namespace VSan.Station.Execution.Steps;

/// <summary>Makes sure that the unit made a store of the disk, or says why it did not.</summary>
internal sealed class PublishDisk(UnitFollowing units) : StepKind(Kind)
{
    public const string Kind = "publish-disk";

    public override StepOutcome Do(StepContext context)
    {
        if (context.Transaction.Table<DiskClaim>().Find(context.Step.ObjectId) is not { } claim) return new StepOutcome.Done();
        return units.AnswerOf(claim.UnitId).Troubles.TryGetValue(claim.Id, out string? trouble)
            ? UnitFollowing.Refused(context.Transaction.Require<Unit>(claim.UnitId, "unit"), trouble)
            : new StepOutcome.Done();
    }
}
