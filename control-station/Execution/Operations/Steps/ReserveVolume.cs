using VSan.Station.Domain;

namespace VSan.Station.Execution.Steps;

/// <summary>
/// The volume and its legs with their space, made in the transaction that stores the operation. Undone in two turns: it is wanted no
/// longer, and when no unit serves it any more it is forgotten and its space given back.
/// </summary>
internal sealed class ReserveVolume(UnitFollowing units) : StepKind(Kind)
{
    public const string Kind = "reserve-volume";

    public override bool Undoable => true;

    public override IReadOnlyList<OperationLock> Locks(OperationStep step) => [OperationLock.Exclusive(LockPath.Volume(step.ObjectId))];

    public override IReadOnlyList<Guid> Watches(Operation operation, OperationStep step) => UnitFollowing.Units(step.Memo);

    public override StepOutcome Do(StepContext context) => new StepOutcome.Done();

    public override StepOutcome Undo(StepContext context)
    {
        IStationTransaction transaction = context.Transaction;
        Guid volumeId = context.Step.ObjectId;
        if (transaction.Table<Volume>().Find(volumeId) is not { } volume) return new StepOutcome.Done();
        if (context.Step.Memo is not { } memo)
        {
            transaction.Table<Volume>().Update(volume with { State = VolumeState.Deleting });
            memo = UnitFollowing.Raise(transaction, transaction.Table<Leg>().Where(Lookups.LegVolume, volumeId.ToString()).Select(leg => leg.UnitId));
        }

        if (units.AwaitOrLeave(context, memo) is { } outcome) return outcome;
        foreach (Leg leg in transaction.Table<Leg>().Where(Lookups.LegVolume, volumeId.ToString()))
            if (!units.Serves(leg.UnitId, memo)) transaction.BuryLeg(leg, UnitFollowing.GenerationOf(leg.UnitId, memo));
        transaction.ReleaseVolume(volumeId);
        return new StepOutcome.Done(Memo: memo);
    }
}
