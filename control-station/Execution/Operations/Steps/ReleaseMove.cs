using VSan.Station.Domain;

namespace VSan.Station.Execution.Steps;

/// <summary>The move is over: the old unit's space is given back, when it is rid of the leg; where it was away, the leg becomes a leftover.</summary>
internal sealed class ReleaseMove(UnitFollowing units) : StepKind(Kind)
{
    public const string Kind = "release-move";

    public override StepOutcome Do(StepContext context)
    {
        IStationTransaction transaction = context.Transaction;
        if (transaction.Table<LegMove>().Find(context.Step.ObjectId) is not { } move) return new StepOutcome.Done();
        string? memo = context.Operation.Steps.First(step => step.Kind == SwitchLeg.Kind).Memo;
        if (transaction.Table<Unit>().Find(move.ToUnitId) is { } unit && units.AnswerOf(unit.Id).Troubles.GetValueOrDefault(move.Id) is { } trouble) return UnitFollowing.Refused(unit, trouble);
        LegMoves.GiveBack(transaction, move, move.FromUnitId, move.FromStoreId, units.Serves(move.FromUnitId, memo), memo);
        string name = transaction.Table<Volume>().Find(move.VolumeId)?.Name ?? "a volume";
        transaction.AppendEvent(
            context.Now, "volume.moved", $"volume/{move.VolumeId}",
            $"A leg of {name} was moved to {transaction.Table<Unit>().Find(move.ToUnitId)?.Name ?? "a unit"}.");
        return new StepOutcome.Done();
    }
}
