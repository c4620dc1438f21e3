using VSan.Station.Domain;

namespace VSan.Station.Execution.Steps;

/// <summary>A snapshot is wanted no longer: marked in the transaction that stores the operation, so that no clone of it begins any more.</summary>
internal sealed class WithdrawSnapshot() : StepKind(Kind)
{
    public const string Kind = "withdraw-snapshot";

    public override string? PointOfNoReturn(OperationStep step) => "The copy may be gone from the unit already.";

    public override StepOutcome Do(StepContext context) => new StepOutcome.Done();
}
