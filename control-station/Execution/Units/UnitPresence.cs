using System.Collections.Concurrent;
using VSan.Contracts.UnitLink;
using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>
/// Which units are within reach, and what they reported last. In memory only; transitions are stored as events.
/// <code>
/// Present ──3 s silent──► Suspect ──10 s silent──► Unreachable
///    ▲────────────a report or a connection─────────────┘
/// </code>
/// </summary>
public sealed class UnitPresence
{
    private static readonly TimeSpan WatchEvery = TimeSpan.FromMilliseconds(500);

    private readonly ConcurrentDictionary<Guid, Sighting> _sightings = new();
    private readonly Ledger _ledger;
    private readonly UnitReconcilers _reconcilers;
    private readonly TimeProvider _time;
    private readonly long _startedAt;

    internal UnitPresence(Ledger ledger, UnitReconcilers reconcilers, TimeProvider time)
    {
        _ledger = ledger;
        _reconcilers = reconcilers;
        _time = time;
        _startedAt = time.GetTimestamp();
    }

    /// <summary>True while automation is frozen: so many units vanished at once that the station itself is probably cut off.</summary>
    public bool Frozen { get; private set; }

    /// <summary>The unit's connection stands.</summary>
    public void OnConnected(Guid unitId)
    {
        Touch(unitId, report: null);
        _reconcilers.Of(unitId).OnConnected();
    }

    /// <summary>The unit's connection ended. Its silence counts from its last report.</summary>
    public void OnDisconnected(Guid unitId) => _reconcilers.Of(unitId).OnDisconnected();

    /// <summary>A report arrived.</summary>
    /// <exception cref="InvalidDataException">It cannot be believed; nothing of it is kept.</exception>
    public void OnReport(UnitReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        UnitIntake.Check(report.Stores);
        if (report.Status?.Conditions is null || report.Status.Conditions.Any(condition => condition is not { Code: not null, Message: not null }))
            throw new InvalidDataException("The unit reported conditions that cannot be.");
        Touch(report.UnitId, report);
        _reconcilers.Of(report.UnitId).OnReport(report.Status);
    }

    /// <summary>Whether a unit is within reach. One that was not heard of since the station started is suspect at first.</summary>
    internal Presence Of(Guid unitId)
    {
        if (_sightings.TryGetValue(unitId, out Sighting? sighting)) return PresenceRule.After(_time.GetElapsedTime(sighting.Stamp));
        Presence sinceStart = PresenceRule.After(_time.GetElapsedTime(_startedAt));
        return sinceStart == Presence.Present ? Presence.Suspect : sinceStart;
    }

    /// <summary>When a unit was last heard of, and what it said; null when it was not since the station started.</summary>
    internal Sighting? LastSighting(Guid unitId) => _sightings.GetValueOrDefault(unitId);

    /// <summary>Forgets what is known of a unit.</summary>
    internal void Forget(Guid unitId) => _sightings.TryRemove(unitId, out _);

    /// <summary>Watches the silence of all units until cancelled.</summary>
    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        Dictionary<Guid, Presence> announced = [];
        using PeriodicTimer timer = new(WatchEvery, _time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
            await WatchAsync(announced, cancellationToken);
    }

    private async Task WatchAsync(Dictionary<Guid, Presence> announced, CancellationToken cancellationToken)
    {
        Dictionary<Guid, Presence> found = _sightings.Keys.ToDictionary(id => id, Of);
        (Guid Id, Presence Presence)[] changed = [.. found.Where(pair => announced.GetValueOrDefault(pair.Key) != pair.Value).Select(pair => (pair.Key, pair.Value))];
        bool freezes = PresenceRule.Freezes(found.Values.Count(presence => presence == Presence.Unreachable), found.Count);
        if (changed.Length == 0 && freezes == Frozen) return;
        bool wasFrozen = Frozen;
        Frozen = freezes;
        await _ledger.PersistAsync(
            (transaction, now) =>
            {
                foreach ((Guid id, Presence presence) in changed)
                    if (transaction.Table<Unit>().Find(id) is { } unit) Announce(transaction, now, unit, presence);
                if (freezes != wasFrozen) transaction.AppendEvent(now, freezes ? "pool.frozen" : "pool.thawed", "pool", FreezeMessage(freezes));
                return true;
            },
            cancellationToken);
        foreach ((Guid id, Presence presence) in changed) announced[id] = presence;
    }

    private static void Announce(IStationTransaction transaction, DateTimeOffset now, Unit unit, Presence presence)
    {
        (string kind, string message) = presence switch
        {
            Presence.Present => ("unit.present", $"{unit.Name} is within reach."),
            Presence.Suspect => ("unit.suspect", $"{unit.Name} has been silent for {PresenceRule.SuspectAfter.TotalSeconds:0} s."),
            Presence.Unreachable => ("unit.unreachable", $"{unit.Name} has been silent for {PresenceRule.UnreachableAfter.TotalSeconds:0} s; its volumes may still be served."),
        };
        transaction.AppendEvent(now, kind, $"unit/{unit.Id}", message);
    }

    private static string FreezeMessage(bool frozen) => frozen
        ? "Many units vanished at once: the station is probably the one cut off, and starts nothing by itself."
        : "The units are back; automation goes on.";

    private void Touch(Guid unitId, UnitReport? report)
    {
        DateTimeOffset now = _time.GetUtcNow();
        long stamp = _time.GetTimestamp();
        _sightings.AddOrUpdate(unitId, _ => new Sighting(now, stamp, report), (_, last) => new Sighting(now, stamp, report ?? last.Report));
    }
}

/// <summary>The last sign of a unit.</summary>
/// <param name="At">When, for people.</param>
/// <param name="Stamp">When by the monotonic clock, from which silence is measured: a clock that is set makes nobody silent.</param>
/// <param name="Report">What it said last.</param>
internal sealed record Sighting(DateTimeOffset At, long Stamp, UnitReport? Report);
