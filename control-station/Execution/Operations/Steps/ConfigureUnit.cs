using VSan.Station.Domain;

namespace VSan.Station.Execution.Steps;

/// <summary>Hands a unit its new configuration and waits until it serves it. Undoing is up to the step that changed what is wanted.</summary>
internal sealed class ConfigureUnit(UnitFollowing units) : StepKind(Kind)
{
    public const string Kind = "configure-unit";

    public override IReadOnlyList<OperationLock> Locks(OperationStep step) => [OperationLock.Shared(LockPath.Unit(step.ObjectId))];

    public override IReadOnlyList<Guid> Watches(Operation operation, OperationStep step) => [step.ObjectId];

    public override StepOutcome Do(StepContext context)
    {
        if (context.Transaction.Table<Unit>().Find(context.Step.ObjectId) is null) return new StepOutcome.Done("The unit was forgotten.");
        string memo = context.Step.Memo ?? UnitFollowing.Raise(context.Transaction, [context.Step.ObjectId]);
        return units.Await(context, memo) ?? new StepOutcome.Done(Memo: memo);
    }
}
