using VSan.Station.Domain;

namespace VSan.Station.Execution.Steps;

/// <summary>
/// Waits until a unit serves what is wanted of it now. Whoever changes what is wanted raises the unit's generation in the same transaction
/// (a reservation has that done by the start of its operation), and undoes it too.
/// </summary>
internal sealed class ConfigureUnit(UnitFollowing units) : StepKind(Kind)
{
    public const string Kind = "configure-unit";

    public override bool Configures => true;

    public override IReadOnlyList<OperationLock> Locks(OperationStep step) => [OperationLock.Shared(LockPath.Unit(step.ObjectId))];

    public override IReadOnlyList<Guid> Watches(Operation operation, OperationStep step) => [step.ObjectId];

    public override StepOutcome Do(StepContext context)
    {
        if (context.Transaction.Table<Unit>().Find(context.Step.ObjectId) is not { } unit) return new StepOutcome.Done("The unit was forgotten.");
        string memo = context.Step.Memo ?? UnitFollowing.Wanted(unit);
        return units.Await(context, memo) ?? new StepOutcome.Done(Memo: memo);
    }
}
