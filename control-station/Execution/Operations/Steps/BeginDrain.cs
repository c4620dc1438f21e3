using VSan.Station.Domain;

namespace VSan.Station.Execution.Steps;

/// <summary>The unit is cordoned and being emptied, by the transaction that stores the operation. Undone, it takes new legs again.</summary>
internal sealed class BeginDrain() : StepKind(Kind)
{
    public const string Kind = "begin-drain";

    public override bool Undoable => true;

    public override StepOutcome Do(StepContext context) => new StepOutcome.Done();

    public override StepOutcome Undo(StepContext context)
    {
        if (context.Transaction.Table<Unit>().Find(context.Step.ObjectId) is { Phase: UnitPhase.Draining } unit)
            context.Transaction.Table<Unit>().Update(unit with { Phase = UnitPhase.Ready, Cordoned = false });
        return new StepOutcome.Done();
    }
}
