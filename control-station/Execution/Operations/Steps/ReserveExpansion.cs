using VSan.Station.Domain;

namespace VSan.Station.Execution.Steps;

/// <summary>
/// The larger legs with their space, made in the transaction that stores the operation. There is no way back: a unit may have grown its
/// leg already, and a volume never shrinks.
/// </summary>
internal sealed class ReserveExpansion() : StepKind(Kind)
{
    public const string Kind = "reserve-expansion";

    public override IReadOnlyList<OperationLock> Locks(OperationStep step) => [OperationLock.Exclusive(LockPath.Volume(step.ObjectId))];

    public override string? PointOfNoReturn(OperationStep step) => "A unit may have grown its leg already, and a volume never shrinks.";

    public override StepOutcome Do(StepContext context) => new StepOutcome.Done();
}
