using VSan.Station.Domain;

namespace VSan.Station.Execution.Steps;

/// <summary>
/// The permission, noted in the transaction that stores the operation. Undone in two turns: it is wanted no longer, and when the unit lets
/// nobody in by it any more it is forgotten.
/// </summary>
internal sealed class ReserveShareBinding(UnitFollowing units) : StepKind(Kind)
{
    public const string Kind = "reserve-share-binding";

    public override bool Undoable => true;

    public override IReadOnlyList<Guid> Watches(Operation operation, OperationStep step) => UnitFollowing.Units(step.Memo);

    public override StepOutcome Do(StepContext context) => new StepOutcome.Done();

    public override StepOutcome Undo(StepContext context)
    {
        IStationTransaction transaction = context.Transaction;
        ITable<ShareBinding> bindings = transaction.Table<ShareBinding>();
        if (bindings.Find(context.Step.ObjectId) is not { } binding) return new StepOutcome.Done();
        if (context.Step.Memo is not { } memo)
        {
            bindings.Update(binding with { State = ShareBindingState.Removing });
            memo = UnitFollowing.Raise(transaction, [transaction.Require<Share>(binding.ShareId, "share").UnitId]);
        }

        if (units.AwaitOrLeave(context, memo) is { } outcome) return outcome;
        bindings.Delete(binding.Id);
        return new StepOutcome.Done(Memo: memo);
    }
}
