using System.Globalization;
using VSan.Contracts.Api;
using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>The pool in a few numbers and one sentence.</summary>
public sealed class PoolService
{
    private static readonly PlacementRequest Any = new(VolumeLayout.Single, Placement.GranuleBytes, Thin: true);

    private readonly Ledger _ledger;
    private readonly Views _views;
    private readonly UnitPresence _presence;
    private readonly PlacementCandidates _candidates;

    internal PoolService(Ledger ledger, Views views, UnitPresence presence, PlacementCandidates candidates)
    {
        _ledger = ledger;
        _views = views;
        _presence = presence;
        _candidates = candidates;
    }

    /// <summary>The pool now.</summary>
    public Task<Pool> GetAsync(Caller caller, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return _ledger.ReadAsync(Count, cancellationToken);
    }

    /// <summary>A person says that the units that vanished at once are gone, and the station is not: automation goes on.</summary>
    public async Task<Pool> ThawAsync(Caller caller, CancellationToken cancellationToken)
    {
        // A repetition must not thaw what has frozen since.
        bool thaws = false;
        await _ledger.MutateAsync(
            caller,
            "pool.thaw",
            "pool",
            (transaction, now) =>
            {
                transaction.AppendEvent(now, "pool.thawed", "pool", $"{caller.Name} lets automation go on; the units that vanished count as gone.");
                return thaws = true;
            },
            cancellationToken);
        if (thaws) _presence.Thaw();
        return await GetAsync(caller, cancellationToken);
    }

    /// <summary>Changes what is set for the whole pool; what is left out stays. What lies in the trash already leaves it when it was told to.</summary>
    public async Task<Pool> ChangeAsync(Caller caller, PoolChange request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        TimeSpan? trashDelay = Within(request.TrashDelaySeconds, PoolSettings.TrashDelayMin, PoolSettings.TrashDelayMax, "/trashDelaySeconds");
        TimeSpan? spareAfter = request.SpareAfterSeconds == 0 ? null : Within(request.SpareAfterSeconds, PoolSettings.SpareAfterMin, PoolSettings.SpareAfterMax, "/spareAfterSeconds");
        return await _ledger.MutateAsync(
            caller,
            "pool.change",
            "pool",
            (transaction, now) =>
            {
                PoolSettings old = transaction.Settings();
                PoolSettings wanted = old with { TrashDelay = trashDelay ?? old.TrashDelay, SpareAfter = request.SpareAfterSeconds is null ? old.SpareAfter : spareAfter };
                if (wanted != old) Keep(transaction, wanted);
                foreach (string change in Changes(old, wanted)) transaction.AppendEvent(now, "pool.changed", "pool", $"{caller.Name} set {change}.");
                return Count(transaction);
            },
            cancellationToken);
    }

    private static TimeSpan? Within(long? seconds, TimeSpan min, TimeSpan max, string pointer) => seconds is not { } asked ? null
        : asked >= min.TotalSeconds && asked <= max.TotalSeconds ? TimeSpan.FromSeconds(asked)
        : throw ProblemException.Field(pointer, $"must be {min.TotalSeconds:0} to {max.TotalSeconds:0}: {SpanText.Of(min)} to {SpanText.Of(max)}.");

    private static IEnumerable<string> Changes(PoolSettings old, PoolSettings wanted)
    {
        if (wanted.TrashDelay != old.TrashDelay) yield return $"the time in the trash from {SpanText.Of(old.TrashDelay)} to {SpanText.Of(wanted.TrashDelay)}";
        if (wanted.SpareAfter != old.SpareAfter) yield return $"the time until a spare is taken into service from {Or(old.SpareAfter)} to {Or(wanted.SpareAfter)}";

        static string Or(TimeSpan? span) => span is { } set ? SpanText.Of(set) : "never";
    }

    private static void Keep(IStationTransaction transaction, PoolSettings settings)
    {
        ITable<PoolSettings> table = transaction.Table<PoolSettings>();
        if (table.Find(settings.Id) is null) table.Insert(settings);
        else table.Update(settings);
    }

    private Pool Count(IStationTransaction transaction)
    {
        (Domain.Unit Unit, UnitState State, string? Trouble)[] units = [.. transaction.Table<Domain.Unit>().Page(after: null, int.MaxValue).Select(unit => (unit, _views.State(unit), _views.Trouble(unit)))];
        (Domain.Unit Unit, UnitState State, string? Trouble)[] members = [.. units.Where(unit => unit.State is not (UnitState.Pending or UnitState.Retired))];
        IReadOnlyList<PlacementCandidate> candidates = _candidates.All(transaction);
        string[] lost =
        [
            .. members
                .Where(unit => unit.State == UnitState.Unreachable && transaction.Table<Domain.Maintenance>().Find(unit.Unit.Id) is null && transaction.Table<Domain.Leg>().CountWhere(Lookups.LegUnit, unit.Unit.Id.ToString()) > 0)
                .Select(unit => unit.Unit.Name),
        ];
        int ready = members.Count(unit => unit.Trouble is null);
        PoolHealth health = members.Length == 0 ? PoolHealth.Empty
            : lost.Length > 0 ? PoolHealth.Critical
            : ready < members.Length || _presence.Frozen ? PoolHealth.Degraded
            : PoolHealth.Healthy;
        return new Pool(
            health,
            Sentence(health, members, lost),
            candidates.Sum(candidate => candidate.Store.CapacityBytes),
            candidates.Sum(candidate => candidate.FreeBytes),
            candidates.Sum(candidate => candidate.Store.PromisedBytes),
            candidates.Select(candidate => Placement.RoomBytes(candidate, Any)).DefaultIfEmpty(0).Max(),
            ready,
            members.Length,
            units.Count(unit => unit.State == UnitState.Pending),
            transaction.Table<Domain.Volume>().Count,
            OperationQueue.Unfinished.Sum(state => transaction.Table<Domain.Operation>().CountWhere(Lookups.OperationState, state.ToString())),
            _presence.Frozen)
        {
            UsableAfterOneFailsBytes = UsableAfterOneFails(candidates),
            TrashDelaySeconds = (long)transaction.Settings().TrashDelay.TotalSeconds,
            SpareAfterSeconds = (long)(transaction.Settings().SpareAfter?.TotalSeconds ?? 0),
        };
    }

    private static long UsableAfterOneFails(IReadOnlyList<PlacementCandidate> candidates)
    {
        long largestBytes = candidates.GroupBy(candidate => candidate.Store.UnitId, candidate => candidate.Store.CapacityBytes).Select(unit => unit.Sum()).DefaultIfEmpty(0).Max();
        return Math.Max(0, candidates.Sum(candidate => candidate.Store.CapacityBytes - candidate.Store.PromisedBytes) - largestBytes);
    }

    private string Sentence(PoolHealth health, (Domain.Unit Unit, UnitState State, string? Trouble)[] members, string[] lost)
    {
        string[] troubles = [.. members.Select(unit => unit.Trouble).OfType<string>()];
        return health switch
        {
            PoolHealth.Empty => "No unit has joined yet: make a token and start a unit with it.",
            PoolHealth.Healthy => members.Length == 1 ? "The one unit is ready." : string.Create(CultureInfo.InvariantCulture, $"All {members.Length} units are ready."),
            PoolHealth.Critical => $"The station cannot reach {Join(lost)}; the volumes there may still be served.",
            PoolHealth.Degraded => _presence.Frozen ? "Many units vanished at once: the station is probably the one cut off, and begins nothing by itself." : $"{Join(troubles)}.",
        };
    }

    private static string Join(string[] items)
    {
        const int Shown = 3;
        string text = string.Join(", ", items.Take(Shown));
        return items.Length <= Shown ? text : string.Create(CultureInfo.InvariantCulture, $"{text} and {items.Length - Shown} more");
    }
}
