using VSan.Station.Domain;

namespace VSan.Station.Execution.Steps;

/// <summary>Gives back a volume's space and forgets it.</summary>
internal sealed class ReleaseVolume() : StepKind(Kind)
{
    public const string Kind = "release-volume";

    public override IReadOnlyList<OperationLock> Locks(OperationStep step) => [OperationLock.Exclusive(LockPath.Volume(step.ObjectId))];

    public override StepOutcome Do(StepContext context)
    {
        context.Transaction.ReleaseVolume(context.Step.ObjectId);
        return new StepOutcome.Done();
    }
}
