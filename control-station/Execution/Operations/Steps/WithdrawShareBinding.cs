using VSan.Station.Domain;

namespace VSan.Station.Execution.Steps;

/// <summary>The permission is wanted no longer: the unit is to let its holder in no more.</summary>
internal sealed class WithdrawShareBinding() : StepKind(Kind)
{
    public const string Kind = "withdraw-share-binding";

    public override string? PointOfNoReturn(OperationStep step) => "The share may let its holder in no more already.";

    public override StepOutcome Do(StepContext context)
    {
        ITable<ShareBinding> bindings = context.Transaction.Table<ShareBinding>();
        if (bindings.Find(context.Step.ObjectId) is not { State: not ShareBindingState.Removing } binding) return new StepOutcome.Done();
        bindings.Update(binding with { State = ShareBindingState.Removing });
        return new StepOutcome.Done(Memo: UnitFollowing.Raise(context.Transaction, [context.Transaction.Require<Share>(binding.ShareId, "share").UnitId]));
    }
}
