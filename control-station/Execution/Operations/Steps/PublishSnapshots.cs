using VSan.Station.Domain;

namespace VSan.Station.Execution.Steps;

/// <summary>Notes when the snapshots of a group were taken, or that they could not be.</summary>
internal sealed class PublishSnapshots(UnitFollowing units) : StepKind(Kind)
{
    public const string Kind = "publish-snapshots";

    public override StepOutcome Do(StepContext context)
    {
        IStationTransaction transaction = context.Transaction;
        Guid groupId = context.Step.ObjectId;
        if (SnapshotPlan.Group(transaction, groupId).SelectMany(snapshot => SnapshotPlan.Legs(transaction, snapshot.Id)).FirstOrDefault() is not { } leg) return new StepOutcome.Done();
        PushAnswer answer = units.AnswerOf(leg.UnitId);
        if (SnapshotPlan.Trouble(transaction, groupId, answer) is { } trouble) return UnitFollowing.Refused(transaction.Require<Unit>(leg.UnitId, "unit"), trouble);
        SnapshotPlan.Publish(transaction, context.Now, groupId, answer.Snapshots);
        return new StepOutcome.Done();
    }
}
