using VSan.Station.Domain;

namespace VSan.Station.Execution.Steps;

/// <summary>The mapping is wanted no longer: its units are to stop serving it to the host.</summary>
internal sealed class WithdrawMapping() : StepKind(Kind)
{
    public const string Kind = "withdraw-mapping";

    public override string? PointOfNoReturn(OperationStep step) => "The host may have lost the volume already.";

    public override StepOutcome Do(StepContext context)
    {
        ITable<Mapping> mappings = context.Transaction.Table<Mapping>();
        if (mappings.Find(context.Step.ObjectId) is not { State: not MappingState.Removing } mapping) return new StepOutcome.Done();
        mappings.Update(mapping with { State = MappingState.Removing });
        return new StepOutcome.Done(Memo: UnitFollowing.Raise(context.Transaction, context.Transaction.UnitsOf(mapping)));
    }
}
