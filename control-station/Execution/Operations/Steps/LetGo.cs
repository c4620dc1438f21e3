using VSan.Station.Domain;

namespace VSan.Station.Execution.Steps;

/// <summary>
/// Waits until a unit no longer serves what was withdrawn; one that is away is not waited for: nothing is served to hosts by it that the
/// pool could stop, and its part is removed when it is back.
/// </summary>
internal sealed class LetGo(UnitFollowing units) : StepKind(Kind)
{
    public const string Kind = "let-go";

    public override bool Configures => true;

    public override IReadOnlyList<OperationLock> Locks(OperationStep step) => [OperationLock.Shared(LockPath.Unit(step.ObjectId))];

    public override IReadOnlyList<Guid> Watches(Operation operation, OperationStep step) => [step.ObjectId];

    public override StepOutcome Do(StepContext context)
    {
        if (context.Transaction.Table<Unit>().Find(context.Step.ObjectId) is not { } unit) return new StepOutcome.Done("The unit was forgotten.");
        string memo = context.Step.Memo ?? UnitFollowing.Wanted(unit);
        if (units.AwaitOrLeave(context, memo) is { } outcome) return outcome;
        return new StepOutcome.Done(units.Serves(unit.Id, memo) ? null : $"{unit.Name} is away; its part is removed when it is back.", memo);
    }
}
