using VSan.Station.Domain;

namespace VSan.Station.Execution.Steps;

/// <summary>The new unit has the leg from here on, under the same names; the old one is to delete it.</summary>
internal sealed class SwitchLeg() : StepKind(Kind)
{
    public const string Kind = "switch-leg";

    public override string? PointOfNoReturn(OperationStep step) => "The copy is the leg now, and the old one may be gone already.";

    public override StepOutcome Do(StepContext context)
    {
        IStationTransaction transaction = context.Transaction;
        if (transaction.Table<LegMove>().Find(context.Step.ObjectId) is not { State: LegMoveState.Copying } move) return new StepOutcome.Done();
        Leg leg = transaction.Require<Leg>(move.Id, "leg");
        transaction.Table<Leg>().Update(leg with { UnitId = move.ToUnitId, StoreId = move.ToStoreId, OriginId = null });
        transaction.Table<LegMove>().Update(move with { State = LegMoveState.Switched });
        return new StepOutcome.Done(Memo: UnitFollowing.Raise(transaction, LegMoves.UnitsOf(transaction, move)));
    }
}
