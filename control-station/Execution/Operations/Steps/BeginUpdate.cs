using VSan.Station.Domain;

namespace VSan.Station.Execution.Steps;

/// <summary>
/// That a unit is to be started with an image, noted by the transaction that stores the operation. Undone in two turns: it is not wanted any
/// more, and then the unit has heard so; one that is away hears it when it is back.
/// </summary>
internal sealed class BeginUpdate(UnitFollowing units) : StepKind(Kind)
{
    public const string Kind = "begin-update";

    public override bool Undoable => true;

    public override IReadOnlyList<Guid> Watches(Operation operation, OperationStep step) => [step.ObjectId];

    public override StepOutcome Do(StepContext context) => new StepOutcome.Done();

    public override StepOutcome Undo(StepContext context)
    {
        if (context.Step.Memo is not { } memo)
        {
            if (context.Transaction.Table<UnitUpdate>().Find(context.Step.ObjectId) is null) return new StepOutcome.Done();
            context.Transaction.Table<UnitUpdate>().Delete(context.Step.ObjectId);
            memo = UnitFollowing.Raise(context.Transaction, [context.Step.ObjectId]);
        }

        return units.AwaitOrLeave(context, memo) ?? new StepOutcome.Done(Memo: memo);
    }
}
