using VSan.Station.Domain;

namespace VSan.Station.Execution.Steps;

/// <summary>Forgets a permission. A unit that was away is handed a configuration without it before it is spoken to otherwise.</summary>
internal sealed class ReleaseShareBinding() : StepKind(Kind)
{
    public const string Kind = "release-share-binding";

    public override StepOutcome Do(StepContext context)
    {
        ITable<ShareBinding> bindings = context.Transaction.Table<ShareBinding>();
        if (bindings.Find(context.Step.ObjectId) is not { } binding) return new StepOutcome.Done();
        bindings.Delete(binding.Id);
        string name = context.Transaction.Table<Share>().Find(binding.ShareId)?.Name ?? "that is gone";
        context.Transaction.AppendEvent(context.Now, "share.released", $"share/{binding.ShareId}", $"Share {name} lets {binding.Holder} in no more.");
        return new StepOutcome.Done();
    }
}
