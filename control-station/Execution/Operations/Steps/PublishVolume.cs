using VSan.Station.Domain;

namespace VSan.Station.Execution.Steps;

/// <summary>Notes that a volume is served, or that a unit could not make its leg.</summary>
internal sealed class PublishVolume(UnitFollowing units) : StepKind(Kind)
{
    public const string Kind = "publish-volume";

    public override IReadOnlyList<OperationLock> Locks(OperationStep step) => [OperationLock.Exclusive(LockPath.Volume(step.ObjectId))];

    public override StepOutcome Do(StepContext context)
    {
        ITable<Volume> volumes = context.Transaction.Table<Volume>();
        if (volumes.Find(context.Step.ObjectId) is not { State: VolumeState.Creating } volume) return new StepOutcome.Done();
        foreach (Leg leg in context.Transaction.Table<Leg>().Where(Lookups.LegVolume, volume.Id.ToString()))
            if (units.AnswerOf(leg.UnitId).Troubles.GetValueOrDefault(leg.Id) is { } trouble) return UnitFollowing.Refused(context.Transaction.Require<Unit>(leg.UnitId, "unit"), trouble);
        volumes.Update(volume with { State = VolumeState.Ready });
        context.Transaction.AppendEvent(context.Now, "volume.created", $"volume/{volume.Id}", $"Volume {volume.Name} is served.");
        return new StepOutcome.Done();
    }
}
