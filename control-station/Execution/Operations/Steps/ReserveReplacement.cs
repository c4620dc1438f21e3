using VSan.Station.Domain;

namespace VSan.Station.Execution.Steps;

/// <summary>
/// The incoming leg with its space, its number and the replacement, made in the transaction that stores the operation. Undone in three turns:
/// the host is told of it no more and lets it go, its unit deletes it, and its space is given back.
/// </summary>
internal sealed class ReserveReplacement(UnitFollowing units) : StepKind(Kind)
{
    public const string Kind = "reserve-replacement";

    public override bool Undoable => true;

    public override IReadOnlyList<Guid> Watches(Operation operation, OperationStep step) => UnitFollowing.Units(step.Memo);

    public override StepOutcome Do(StepContext context) => new StepOutcome.Done();

    public override StepOutcome Undo(StepContext context)
    {
        IStationTransaction transaction = context.Transaction;
        if (transaction.Table<LegReplacement>().Find(context.Step.ObjectId) is not { } replacement) return new StepOutcome.Done();
        if (replacement.State == LegReplacementState.Joining)
            replacement = transaction.Table<LegReplacement>().Update(replacement with { State = LegReplacementState.Leaving, LeavingId = replacement.Id });
        if (context.Step.Memo is not { } memo)
        {
            if (LegReplacements.AwaitPartingHost(transaction, replacement) is { } waiting) return waiting;
            memo = LegReplacements.BeginRemoval(transaction, replacement);
        }

        if (units.AwaitOrLeave(context, memo) is { } outcome) return outcome;
        LegReplacements.End(transaction, context.Now, replacement, units, memo);
        return new StepOutcome.Done(Memo: memo);
    }
}
