using System.Globalization;
using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>What steps ask of units that have to follow a change: a new generation for each, and whether they serve it.</summary>
internal sealed class UnitFollowing(UnitReconcilers reconcilers, UnitPresence presence)
{
    /// <summary>How often it is looked whether a unit is out of reach by now.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The units' configurations have changed in this transaction: raises their wanted generations, so that no generation ever has two
    /// contents. The memo tells which ones to wait for.
    /// </summary>
    public static string Raise(IStationTransaction transaction, IEnumerable<Guid> unitIds) =>
        string.Join(',', unitIds.Distinct().Order().Select(id => Sabotage.RaisesNoGeneration ? Wanted(transaction.Require<Unit>(id, "unit")) : Memo(id, transaction.RaiseGeneration(id))));

    /// <summary>The memo of the generation that a unit is to serve now, whoever raised it.</summary>
    public static string Wanted(Unit unit) => Memo(unit.Id, unit.WantedGeneration);

    /// <summary>The units of a memo.</summary>
    public static IReadOnlyList<Guid> Units(string? memo) => [.. Parse(memo).Select(wanted => wanted.UnitId)];

    /// <summary>Null when all units of the memo serve what they should; otherwise what the step waits for, or how it failed.</summary>
    public StepOutcome? Await(StepContext context, string memo)
    {
        if (Sabotage.WaitsForNoUnit) return null;
        foreach ((Guid unitId, long generation) in Parse(memo))
            if (Await(context.Transaction, unitId, generation, memo) is { } outcome) return outcome;
        return null;
    }

    /// <summary>The same for a removal: a unit that is out of reach is not waited for; what it keeps is removed when it is back.</summary>
    public StepOutcome? AwaitOrLeave(StepContext context, string memo)
    {
        foreach ((Guid unitId, long generation) in Parse(memo))
            if (!IsAway(unitId) && Await(context.Transaction, unitId, generation, memo) is { } outcome)
                return outcome is StepOutcome.Waiting waiting ? waiting with { LookAgain = LookAgain } : outcome;
        return null;
    }

    /// <summary>True when a unit serves the generation that the memo wants of it, so that it is rid of what that generation lacks.</summary>
    public bool Serves(Guid unitId, string? memo) => Parse(memo).Where(wanted => wanted.UnitId == unitId).All(wanted => reconcilers.ProgressOf(unitId).Serves(wanted.Generation));

    /// <summary>The generation that the memo wants of a unit; 0 when it says nothing of it.</summary>
    public static long GenerationOf(Guid unitId, string? memo) => Parse(memo).FirstOrDefault(wanted => wanted.UnitId == unitId).Generation;

    /// <summary>Null when all units of the memo have answered for each part of what they serve.</summary>
    public StepOutcome? AwaitAnswer(StepContext context, string memo) =>
        Parse(memo).FirstOrDefault(wanted => reconcilers.ProgressOf(wanted.UnitId).Answer.Generation < wanted.Generation) is { Generation: > 0 } silent
            && context.Transaction.Table<Unit>().Find(silent.UnitId) is { } unit
                ? new StepOutcome.Waiting($"waiting for the answer of {unit.Name}", Memo: memo)
                : null;

    /// <summary>What a unit answered to the last push.</summary>
    public PushAnswer AnswerOf(Guid unitId) => reconcilers.ProgressOf(unitId).Answer;

    /// <summary>The failure of a step whose unit could not do a part of what it serves.</summary>
    public static StepOutcome.Failed Refused(Unit unit, string trouble) =>
        new(new OperationFailure("unit-refused", $"{unit.Name}: {trouble}", $"Mend what {unit.Name} reports, then ask again."));

    private bool IsAway(Guid unitId) => !Sabotage.WaitsForAbsent && !reconcilers.ProgressOf(unitId).Connected && presence.Of(unitId) == Presence.Unreachable;

    private StepOutcome? Await(IStationTransaction transaction, Guid unitId, long generation, string memo)
    {
        if (transaction.Table<Unit>().Find(unitId) is not { } unit) return null;
        UnitProgress progress = reconcilers.ProgressOf(unitId);
        // A report may be heard of before the reconciler has compared it, so the comparison is made here too: a newer generation than the
        // station wants is not the station's, and says nothing about the operation.
        if (progress.Serves(generation) && progress.AppliedGeneration <= unit.WantedGeneration) return null;
        if (progress.IsAhead) return new StepOutcome.Waiting($"waiting for a person: {unit.Name} knows more than the station", WaitReason.Unit, memo);
        if (!progress.Connected) return new StepOutcome.Waiting($"waiting for {unit.Name} to come back", WaitReason.Unit, memo);
        if (progress.PushedGeneration < generation || progress.Failure is not { } failure) return new StepOutcome.Waiting($"configuring {unit.Name}", Memo: memo);
        return progress.Failures >= UnitReconciler.FailuresMax
            ? Refused(unit, failure)
            : new StepOutcome.Waiting($"{unit.Name} could not apply its configuration and is asked again: {failure}", Memo: memo);
    }

    private static string Memo(Guid unitId, long generation) => string.Create(CultureInfo.InvariantCulture, $"{unitId:N}={generation}");

    private static IEnumerable<(Guid UnitId, long Generation)> Parse(string? memo) => memo is not { Length: > 0 } ? [] : memo.Split(',').Select(one =>
        (Guid.ParseExact(one.AsSpan(0, one.IndexOf('=')), "N"), long.Parse(one.AsSpan(one.IndexOf('=') + 1), CultureInfo.InvariantCulture)));
}
