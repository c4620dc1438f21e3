using VSan.Station.Domain;

namespace VSan.Station.Execution.Steps;

/// <summary>Waits until the host has let the outgoing leg go; then its unit is to delete it.</summary>
internal sealed class PartWithLeg() : StepKind(Kind)
{
    public const string Kind = "part-with-leg";

    /// <summary>Both units hear of the switch: what is kept beside their legs says another thing now.</summary>
    public override IReadOnlyList<Guid> Watches(Operation operation, OperationStep step) => UnitFollowing.Units(operation.Steps.First(one => one.Kind == TakeLeg.Kind).Memo);

    public override StepOutcome Do(StepContext context)
    {
        IStationTransaction transaction = context.Transaction;
        if (transaction.Table<LegReplacement>().Find(context.Step.ObjectId) is not { State: LegReplacementState.Leaving } replacement) return new StepOutcome.Done();
        return LegReplacements.AwaitPartingHost(transaction, replacement) ?? new StepOutcome.Done(Memo: LegReplacements.BeginRemoval(transaction, replacement));
    }
}
