using VSan.Station.Domain;

namespace VSan.Station.Execution.Steps;

/// <summary>
/// The move with the space that it needs, made in the transaction that stores the operation. Undone in two turns: it is withdrawn, and when
/// the new unit has deleted what it copied its space is given back.
/// </summary>
internal sealed class ReserveMove(UnitFollowing units) : StepKind(Kind)
{
    public const string Kind = "reserve-move";

    public override bool Undoable => true;

    public override IReadOnlyList<OperationLock> Locks(OperationStep step) => [];

    public override IReadOnlyList<Guid> Watches(Operation operation, OperationStep step) => UnitFollowing.Units(step.Memo);

    public override StepOutcome Do(StepContext context) => new StepOutcome.Done();

    public override StepOutcome Undo(StepContext context)
    {
        IStationTransaction transaction = context.Transaction;
        if (transaction.Table<LegMove>().Find(context.Step.ObjectId) is not { } move) return new StepOutcome.Done();
        if (context.Step.Memo is not { } memo)
        {
            move = transaction.Table<LegMove>().Update(move with { State = LegMoveState.Withdrawn });
            memo = UnitFollowing.Raise(transaction, LegMoves.UnitsOf(transaction, move));
        }

        if (units.AwaitOrLeave(context, memo) is { } outcome) return outcome;
        LegMoves.GiveBack(transaction, move, move.ToUnitId, move.ToStoreId, units.Serves(move.ToUnitId, memo), memo);
        return new StepOutcome.Done(Memo: memo);
    }
}
