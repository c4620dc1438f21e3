using VSan.Station.Domain;

namespace VSan.Station.Execution.Steps;

/// <summary>The unit runs its new version: it is out of maintenance, and nothing is wanted of its boot disk any more.</summary>
internal sealed class FinishUpdate() : StepKind(Kind)
{
    public const string Kind = "finish-update";

    public override IReadOnlyList<OperationLock> Locks(OperationStep step) => [OperationLock.Exclusive(LockPath.Unit(step.ObjectId))];

    public override IReadOnlyList<Guid> Watches(Operation operation, OperationStep step) => [step.ObjectId];

    public override StepOutcome Do(StepContext context)
    {
        IStationTransaction transaction = context.Transaction;
        if (transaction.Table<Unit>().Find(context.Step.ObjectId) is not { } unit || transaction.Table<UnitUpdate>().Find(unit.Id) is not { } update) return new StepOutcome.Done();
        ApplianceImage image = transaction.Require<ApplianceImage>(update.ImageId, "image");
        transaction.Table<UnitUpdate>().Delete(unit.Id);
        AwaitSafeToStop.End(context, context.Operation.Steps.First(step => step.Kind == AwaitSafeToStop.Kind));
        transaction.Table<Unit>().Update(unit with { ImageVersion = image.Version });
        UnitFollowing.Raise(transaction, [unit.Id]);
        transaction.AppendEvent(context.Now, "unit.updated", $"unit/{unit.Id}", $"{unit.Name} was updated to version {image.Version}.");
        return new StepOutcome.Done();
    }
}
