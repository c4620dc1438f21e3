using VSan.Contracts.UnitLink;
using VSan.Station.Domain;

namespace VSan.Station.Execution.Steps;

/// <summary>Waits while the new unit copies a leg from the old one and compares both; it says how far it is in its reports.</summary>
internal sealed class CopyLeg(UnitPresence presence) : StepKind(Kind)
{
    public const string Kind = "copy-leg";

    /// <summary>Reports come each second.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    public override IReadOnlyList<OperationLock> Locks(OperationStep step) => [];

    public override StepOutcome Do(StepContext context)
    {
        IStationTransaction transaction = context.Transaction;
        if (transaction.Table<LegMove>().Find(context.Step.ObjectId) is not { } move) return new StepOutcome.Done();
        if (transaction.Table<Unit>().Find(move.ToUnitId) is not { } unit || transaction.Table<Leg>().Find(move.Id) is null)
            return new StepOutcome.Failed(new OperationFailure("leg-lost", "The leg, or the unit that it was to go to, was forgotten meanwhile.", "Look at the volume, then ask again."));
        LegCopyFact? fact = presence.LastSighting(unit.Id)?.Report?.Copies?.FirstOrDefault(copy => copy.LegId == move.Id);
        if (fact is { Phase: LegCopyPhase.Done }) return new StepOutcome.Done($"The digest of both is {fact.Digest}.");
        if (presence.Of(unit.Id) != Presence.Present) return new StepOutcome.Waiting($"waiting for {unit.Name} to come back", WaitReason.Unit, LookAgain: LookAgain);
        if (fact is null) return new StepOutcome.Waiting($"waiting for {unit.Name} to begin", LookAgain: LookAgain);
        return new StepOutcome.Waiting(
            Phase(unit, fact),
            Progress: OperationProgress.After(context.Operation.Progress, fact.DoneBytes, fact.TotalBytes, context.Now),
            LookAgain: LookAgain);
    }

    private static string Phase(Unit unit, LegCopyFact fact) =>
        fact.Trouble is { } trouble ? $"{unit.Name} tries again: {trouble}"
        : fact.Phase == LegCopyPhase.Copying ? $"{unit.Name} copies the leg"
        : $"{unit.Name} compares both copies";
}
