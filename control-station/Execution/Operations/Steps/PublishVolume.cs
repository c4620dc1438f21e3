using VSan.Station.Domain;

namespace VSan.Station.Execution.Steps;

/// <summary>Notes that a volume is served.</summary>
internal sealed class PublishVolume() : StepKind(Kind)
{
    public const string Kind = "publish-volume";

    public override IReadOnlyList<OperationLock> Locks(OperationStep step) => [OperationLock.Exclusive(LockPath.Volume(step.ObjectId))];

    public override StepOutcome Do(StepContext context)
    {
        ITable<Volume> volumes = context.Transaction.Table<Volume>();
        if (volumes.Find(context.Step.ObjectId) is not { State: VolumeState.Creating } volume) return new StepOutcome.Done();
        volumes.Update(volume with { State = VolumeState.Ready });
        context.Transaction.AppendEvent(context.Now, "volume.created", $"volume/{volume.Id}", $"Volume {volume.Name} is served.");
        return new StepOutcome.Done();
    }
}
