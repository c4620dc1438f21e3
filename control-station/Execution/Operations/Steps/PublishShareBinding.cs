using VSan.Station.Domain;

namespace VSan.Station.Execution.Steps;

/// <summary>Notes that a share lets its holder in, or that its unit could not see to that.</summary>
internal sealed class PublishShareBinding(UnitFollowing units) : StepKind(Kind)
{
    public const string Kind = "publish-share-binding";

    public override StepOutcome Do(StepContext context)
    {
        ITable<ShareBinding> bindings = context.Transaction.Table<ShareBinding>();
        if (bindings.Find(context.Step.ObjectId) is not { State: ShareBindingState.Pending } binding) return new StepOutcome.Done();
        Share share = context.Transaction.Require<Share>(binding.ShareId, "share");
        if (units.AnswerOf(share.UnitId).Troubles.GetValueOrDefault(share.Id) is { } trouble) return UnitFollowing.Refused(context.Transaction.Require<Unit>(share.UnitId, "unit"), trouble);
        bindings.Update(binding with { State = ShareBindingState.Active });
        context.Transaction.AppendEvent(context.Now, "share.bound", $"share/{share.Id}", $"Share {share.Name} lets {binding.Holder} in.");
        return new StepOutcome.Done();
    }
}
