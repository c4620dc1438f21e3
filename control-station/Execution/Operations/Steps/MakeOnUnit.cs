using VSan.Station.Domain;

namespace VSan.Station.Execution.Steps;

/// <summary>
/// Waits until a unit serves what is wanted of it now and has answered for each part: it serves a generation although a part of it could not
/// be made, so that one broken leg does not hold up the others.
/// </summary>
internal sealed class MakeOnUnit(UnitFollowing units) : StepKind(Kind)
{
    public const string Kind = "make-on-unit";

    public override bool Configures => true;

    public override IReadOnlyList<OperationLock> Locks(OperationStep step) => [OperationLock.Shared(LockPath.Unit(step.ObjectId))];

    public override IReadOnlyList<Guid> Watches(Operation operation, OperationStep step) => [step.ObjectId];

    public override StepOutcome Do(StepContext context)
    {
        if (context.Transaction.Table<Unit>().Find(context.Step.ObjectId) is not { } unit) return new StepOutcome.Done("The unit was forgotten.");
        string memo = context.Step.Memo ?? UnitFollowing.Wanted(unit);
        return units.Await(context, memo) ?? units.AwaitAnswer(context, memo) ?? new StepOutcome.Done(Memo: memo);
    }
}
