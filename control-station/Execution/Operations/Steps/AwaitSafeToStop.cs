using VSan.Station.Domain;
using SafeToStop = VSan.Contracts.Api.SafeToStop;

namespace VSan.Station.Execution.Steps;

/// <summary>
/// Waits until no host would lose the last copy of anything by a unit's restart, takes the unit into maintenance and lets it start again. Undone,
/// maintenance that it began ends.
/// </summary>
internal sealed class AwaitSafeToStop(MaintenanceService maintenance) : StepKind(Kind)
{
    public const string Kind = "await-safe-to-stop";

    /// <summary>The memo of a step that began maintenance; one that a person began is the person's to end.</summary>
    private const string Began = "began";
    private const string Found = "found";

    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    public override bool Undoable => true;

    public override IReadOnlyList<OperationLock> Locks(OperationStep step) => [OperationLock.Exclusive(LockPath.Unit(step.ObjectId))];

    public override IReadOnlyList<Guid> Watches(Operation operation, OperationStep step) => [step.ObjectId];

    public override StepOutcome Do(StepContext context)
    {
        IStationTransaction transaction = context.Transaction;
        if (transaction.Table<Unit>().Find(context.Step.ObjectId) is not { } unit || transaction.Table<UnitUpdate>().Find(unit.Id) is not { } update) return new StepOutcome.Done("The unit was forgotten.");
        if (update.Restart) return new StepOutcome.Done();
        SafeToStop found = maintenance.Look(transaction, unit, apart: context.Operation.Id);
        if (!found.Safe) return new StepOutcome.Waiting($"{unit.Name} is not restarted yet. {found.Answer}", LookAgain: LookAgain);
        ITable<Maintenance> all = transaction.Table<Maintenance>();
        bool begins = all.Find(unit.Id) is null;
        if (begins) all.Insert(new Maintenance(unit.Id, context.Now, context.Operation.RequestedBy, context.Operation.Title));
        transaction.Table<UnitUpdate>().Update(update with { Restart = true });
        UnitFollowing.Raise(transaction, [unit.Id]);
        return new StepOutcome.Done(found.Answer, begins ? Began : Found);
    }

    public override StepOutcome Undo(StepContext context)
    {
        End(context, context.Step);
        return new StepOutcome.Done();
    }

    /// <summary>Ends the maintenance that the step began.</summary>
    public static void End(StepContext context, OperationStep step)
    {
        if (step.Memo == Began) context.Transaction.Table<Maintenance>().Delete(step.ObjectId);
    }
}
