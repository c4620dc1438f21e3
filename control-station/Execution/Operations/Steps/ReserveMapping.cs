using VSan.Station.Domain;

namespace VSan.Station.Execution.Steps;

/// <summary>
/// The mapping and its numbers, made in the transaction that stores the operation. Undone in two turns: it is wanted no longer, and when
/// no unit serves it any more it is forgotten and its numbers rest.
/// </summary>
internal sealed class ReserveMapping(UnitFollowing units) : StepKind(Kind)
{
    public const string Kind = "reserve-mapping";

    public override bool Undoable => true;

    public override IReadOnlyList<Guid> Watches(Operation operation, OperationStep step) => UnitFollowing.Units(step.Memo);

    public override StepOutcome Do(StepContext context) => new StepOutcome.Done();

    public override StepOutcome Undo(StepContext context)
    {
        IStationTransaction transaction = context.Transaction;
        if (transaction.Table<Mapping>().Find(context.Step.ObjectId) is not { } mapping) return new StepOutcome.Done();
        if (context.Step.Memo is not { } memo)
        {
            transaction.Table<Mapping>().Update(mapping with { State = MappingState.Removing });
            memo = UnitFollowing.Raise(transaction, transaction.UnitsOf(mapping));
        }

        if (units.AwaitOrLeave(context, memo) is { } outcome) return outcome;
        transaction.ReleaseMapping(mapping.Id, context.Now, unitId => units.Serves(unitId, memo) ? context.Now : LunTombstone.StillServed);
        return new StepOutcome.Done(Memo: memo);
    }
}
