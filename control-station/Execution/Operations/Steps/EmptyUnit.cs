using System.Globalization;
using VSan.Station.Domain;

namespace VSan.Station.Execution.Steps;

/// <summary>
/// Waits until nothing lies on a unit that is being drained. <see cref="DrainRunner"/> starts the moves, each an operation of its own; this
/// counts what is left and says what stays and why.
/// </summary>
internal sealed class EmptyUnit(DrainBoard board) : StepKind(Kind)
{
    public const string Kind = "empty-unit";

    private const int NamesShown = 3;

    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    // Without a memo nothing was asked to move.
    public override string? Remains(OperationStep step) => step.Memo is null ? null : "Legs that were moved stay where they went; moves under way go on, and can be cancelled one by one.";

    public override StepOutcome Do(StepContext context)
    {
        IStationTransaction transaction = context.Transaction;
        if (transaction.Table<Unit>().Find(context.Step.ObjectId) is not { } unit) return new StepOutcome.Done("The unit was forgotten.");
        if (unit.Phase == UnitPhase.Drained) return new StepOutcome.Done();
        if (unit.Phase != UnitPhase.Draining) return new StepOutcome.Failed(new OperationFailure("unit-phase", $"{unit.Name} is not being drained any more.", "Drain it again when it is to be emptied."));
        string key = unit.Id.ToString();
        IReadOnlyList<Leg> legs = transaction.Table<Leg>().Where(Lookups.LegUnit, key);
        IReadOnlyList<Share> shares = transaction.Table<Share>().Where(Lookups.ShareUnit, key);
        int leaving = transaction.Table<LegMove>().CountWhere(Lookups.LegMoveFrom, key) + transaction.Table<LegMove>().CountWhere(Lookups.LegMoveTo, key);
        if (legs.Count == 0 && shares.Count == 0 && leaving == 0 && transaction.Table<SnapshotLeg>().CountWhere(Lookups.SnapshotLegUnit, key) == 0)
        {
            transaction.Table<Unit>().Update(unit with { Phase = UnitPhase.Drained });
            transaction.AppendEvent(context.Now, "unit.drained", $"unit/{unit.Id}", $"{unit.Name} is empty.");
            return new StepOutcome.Done($"{unit.Name} is empty: it is safe to stop it.");
        }

        (int allLegs, long allBytes) = Parse(context.Step.Memo) is { } before && before.Legs >= legs.Count ? before : (legs.Count, legs.Sum(leg => leg.SizeBytes));
        OperationProgress progress = OperationProgress.After(context.Operation.Progress, Math.Max(0, allBytes - legs.Sum(leg => leg.SizeBytes)), allBytes, context.Now);
        return new StepOutcome.Waiting(Phase(transaction, unit, legs, shares, allLegs), Memo: Memo(allLegs, allBytes), Progress: progress, LookAgain: LookAgain);
    }

    private string Phase(IStationTransaction transaction, Unit unit, IReadOnlyList<Leg> legs, IReadOnlyList<Share> shares, int allLegs)
    {
        string done = $"{allLegs - legs.Count} of {allLegs} legs are away from {unit.Name}";
        string[] stay =
        [
            .. legs.Where(leg => !MoveService.IsMoving(transaction, leg.Id)).Select(leg => board.Why(leg.Id)).OfType<string>().Distinct(),
            .. shares.Select(share => $"Share {share.Name} cannot be moved: copy its files to another share, then release and delete it."),
        ];
        if (stay.Length == 0) return done;
        string more = stay.Length > NamesShown ? $" and {stay.Length - NamesShown} more reasons" : string.Empty;
        return $"{done}; what stays: {string.Join(' ', stay.Take(NamesShown))}{more}";
    }

    private static string Memo(int legs, long bytes) => string.Create(CultureInfo.InvariantCulture, $"{legs}/{bytes}");

    private static (int Legs, long Bytes)? Parse(string? memo) => memo?.Split('/') is [var legs, var bytes]
        ? (int.Parse(legs, CultureInfo.InvariantCulture), long.Parse(bytes, CultureInfo.InvariantCulture))
        : null;
}
