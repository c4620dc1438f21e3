using VSan.Station.Domain;

namespace VSan.Station.Execution.Steps;

/// <summary>The volume is wanted no longer: its units are to let go of it and to delete its legs.</summary>
internal sealed class WithdrawVolume() : StepKind(Kind)
{
    public const string Kind = "withdraw-volume";

    public override IReadOnlyList<OperationLock> Locks(OperationStep step) => [OperationLock.Exclusive(LockPath.Volume(step.ObjectId))];

    public override string? PointOfNoReturn(OperationStep step) => "What it removes may be gone from the unit already.";

    public override StepOutcome Do(StepContext context)
    {
        ITable<Volume> volumes = context.Transaction.Table<Volume>();
        if (volumes.Find(context.Step.ObjectId) is not { State: not VolumeState.Deleting } volume) return new StepOutcome.Done();
        // Asked again, since a host may have been given it while the operation waited.
        if (context.Transaction.Table<Mapping>().CountWhere(Lookups.MappingVolume, volume.Id.ToString()) > 0)
            return new StepOutcome.Failed(new OperationFailure("volume-mapped", $"{volume.Name} was mapped to a host meanwhile.", "Remove its mappings, then ask again."));
        volumes.Update(volume with { State = VolumeState.Deleting });
        return new StepOutcome.Done(Memo: UnitFollowing.Raise(context.Transaction, context.Transaction.Table<Leg>().Where(Lookups.LegVolume, volume.Id.ToString()).Select(leg => leg.UnitId)));
    }
}
