using VSan.Station.Domain;

namespace VSan.Station.Execution.Steps;

/// <summary>
/// Every leg has grown: the volume has the size that they make together. A unit serves a leg on that it could not make larger, so its own word
/// on each leg is needed; it is asked again by a generation of the same content.
/// </summary>
internal sealed class PublishExpansion(UnitFollowing units) : StepKind(Kind)
{
    public const string Kind = "publish-expansion";

    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(2);

    public override IReadOnlyList<OperationLock> Locks(OperationStep step) => [OperationLock.Exclusive(LockPath.Volume(step.ObjectId))];

    public override IReadOnlyList<Guid> Watches(Operation operation, OperationStep step) => UnitFollowing.Units(step.Memo);

    public override StepOutcome Do(StepContext context)
    {
        ITable<Volume> volumes = context.Transaction.Table<Volume>();
        if (volumes.Find(context.Step.ObjectId) is not { } volume) return new StepOutcome.Done();
        IReadOnlyList<Leg> legs = context.Transaction.LegsOf(volume.Id);
        foreach (Leg leg in legs)
            if (context.Transaction.Table<Unit>().Find(leg.UnitId) is { } unit && Await(context, unit, leg) is { } outcome) return outcome;
        long sizeBytes = volume.Layout.VolumeBytes([.. legs.Select(leg => leg.SizeBytes)]);
        if (sizeBytes == volume.SizeBytes) return new StepOutcome.Done();
        volumes.Update(volume with { SizeBytes = sizeBytes });
        context.Transaction.AppendEvent(context.Now, "volume.expanded", $"volume/{volume.Id}", $"Volume {volume.Name} has {SizeText.Of(sizeBytes)} now.");
        return new StepOutcome.Done();
    }

    // Null when the unit said of its present generation that the leg is as it should be.
    private StepOutcome? Await(StepContext context, Unit unit, Leg leg)
    {
        string memo = UnitFollowing.Wanted(unit);
        if (units.Await(context, memo) is { } waiting) return waiting;
        PushAnswer answer = units.AnswerOf(unit.Id);
        if (answer.Generation < unit.WantedGeneration)
        {
            // The answer may be on its way; a report of the generation can overtake it. One that is lost is asked for anew.
            if (context.Step.Memo == memo) memo = UnitFollowing.Raise(context.Transaction, [unit.Id]);
            return new StepOutcome.Waiting($"waiting for the answer of {unit.Name}", Memo: memo, LookAgain: AnswerPatience);
        }

        if (answer.Troubles.GetValueOrDefault(leg.Id) is not { } trouble) return null;
        UnitFollowing.Raise(context.Transaction, [unit.Id]);
        return new StepOutcome.Retry(UnitFollowing.Refused(unit, trouble).Failure);
    }
}
