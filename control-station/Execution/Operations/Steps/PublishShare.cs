using VSan.Station.Domain;

namespace VSan.Station.Execution.Steps;

/// <summary>Notes that a share is served and by which certificate, or that its unit could not make it.</summary>
internal sealed class PublishShare(UnitFollowing units) : StepKind(Kind)
{
    public const string Kind = "publish-share";

    public override IReadOnlyList<OperationLock> Locks(OperationStep step) => [OperationLock.Exclusive(LockPath.Share(step.ObjectId))];

    public override StepOutcome Do(StepContext context)
    {
        ITable<Share> shares = context.Transaction.Table<Share>();
        if (shares.Find(context.Step.ObjectId) is not { State: ShareState.Creating } share) return new StepOutcome.Done();
        PushAnswer answer = units.AnswerOf(share.UnitId);
        Unit unit = context.Transaction.Require<Unit>(share.UnitId, "unit");
        if (answer.Troubles.GetValueOrDefault(share.Id) is { } trouble) return UnitFollowing.Refused(unit, trouble);
        if (answer.Shares.GetValueOrDefault(share.Id) is not { } certificate) return UnitFollowing.Refused(unit, $"it does not tell of share {share.Name}, which it was asked to serve.");
        shares.Update(share with { State = ShareState.Ready, Certificate = certificate });
        context.Transaction.AppendEvent(context.Now, "share.created", $"share/{share.Id}", $"Share {share.Name} is served.");
        return new StepOutcome.Done();
    }
}
