using VSan.Station.Domain;

namespace VSan.Station.Execution.Steps;

/// <summary>Every leg has grown: the volume has the size that they make together.</summary>
internal sealed class PublishExpansion() : StepKind(Kind)
{
    public const string Kind = "publish-expansion";

    public override IReadOnlyList<OperationLock> Locks(OperationStep step) => [OperationLock.Exclusive(LockPath.Volume(step.ObjectId))];

    public override StepOutcome Do(StepContext context)
    {
        ITable<Volume> volumes = context.Transaction.Table<Volume>();
        if (volumes.Find(context.Step.ObjectId) is not { } volume) return new StepOutcome.Done();
        long sizeBytes = volume.Layout.VolumeBytes([.. context.Transaction.LegsOf(volume.Id).Select(leg => leg.SizeBytes)]);
        if (sizeBytes == volume.SizeBytes) return new StepOutcome.Done();
        volumes.Update(volume with { SizeBytes = sizeBytes });
        context.Transaction.AppendEvent(context.Now, "volume.expanded", $"volume/{volume.Id}", $"Volume {volume.Name} has {SizeText.Of(sizeBytes)} now.");
        return new StepOutcome.Done();
    }
}
