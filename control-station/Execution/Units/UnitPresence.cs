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
    private readonly PoolActivity _activity;
    private readonly TimeProvider _time;
    private readonly long _startedAt;
    private readonly ConcurrentDictionary<Guid, long> _expected = new();
    private readonly Lock _freezing = new();
    private Freeze _freeze = Freeze.None;

    internal UnitPresence(Ledger ledger, UnitReconcilers reconcilers, PoolActivity activity, TimeProvider time)
    {
        _activity = activity;
        _ledger = ledger;
        _reconcilers = reconcilers;
        _time = time;
        _startedAt = time.GetTimestamp();
    }

    /// <summary>True while automation is frozen: so many units vanished at once that the station itself is probably cut off. Nothing automatic may begin.</summary>
    public bool Frozen
    {
        get
        {
            lock (_freezing) return _freeze.IsFrozen;
        }
    }

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
        if (report.Legs.Any(leg => leg is null || leg.AllocatedBytes < 0)) throw new InvalidDataException("The unit reported legs that cannot be.");
        if (report.Shares.Any(share => share is null || share.UsedBytes < 0)) throw new InvalidDataException("The unit reported shares that cannot be.");
        if (report.Copies is { } copies && copies.Any(copy => copy is null || copy.DoneBytes < 0 || copy.TotalBytes < 0)) throw new InvalidDataException("The unit reported copies that cannot be.");
        PoolActivity.Check(report.Activity);
        _activity.OnReport(report);
        string? before = LastSighting(report.UnitId)?.Report?.InventoryDigest;
        Touch(report.UnitId, report);
        if (before is not null && report.InventoryDigest != before) _reconcilers.Of(report.UnitId).Enquire();
        _reconcilers.Of(report.UnitId).OnReport(report.Status);
    }

    /// <summary>Whether a unit is within reach. One that was not heard of since the station started is suspect at first.</summary>
    internal Presence Of(Guid unitId)
    {
        Presence silent = PresenceRule.After(SilenceOf(unitId));
        return silent == Presence.Present && !_sightings.ContainsKey(unitId) ? Presence.Suspect : silent;
    }

    /// <summary>How long a unit has been silent, as far as this station can tell: from its own start on.</summary>
    internal TimeSpan SilenceOf(Guid unitId) => _time.GetElapsedTime(LastSighting(unitId)?.Stamp ?? _startedAt);

    /// <summary>When a unit was last heard of, and what it said; null when it was not since the station started.</summary>
    internal Sighting? LastSighting(Guid unitId) => _sightings.GetValueOrDefault(unitId);

    /// <summary>Forgets what is known of a unit.</summary>
    internal void Forget(Guid unitId)
    {
        _sightings.TryRemove(unitId, out _);
        _expected.TryRemove(unitId, out _);
        _activity.Forget(unitId);
    }

    /// <summary>A person says that the units are gone and the station is not: automation goes on.</summary>
    internal void Thaw()
    {
        lock (_freezing) _freeze = _freeze.Thaw();
    }

    /// <summary>Watches the silence of all units until cancelled.</summary>
    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        Guid[] admitted = await _ledger.ReadAsync(
            transaction => transaction.Table<Unit>().Page(after: null, int.MaxValue).Where(unit => unit.IsAdmitted).Select(unit => unit.Id).ToArray(),
            cancellationToken);
        foreach (Guid id in admitted) _expected.TryAdd(id, _startedAt);
        Dictionary<Guid, Presence> announced = [];
        using PeriodicTimer timer = new(WatchEvery, _time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
            await WatchAsync(announced, cancellationToken);
    }

    private async Task WatchAsync(Dictionary<Guid, Presence> announced, CancellationToken cancellationToken)
    {
        Dictionary<Guid, TimeSpan> silences = Silences();
        (Guid Id, Presence Presence)[] changed =
        [
            .. silences.Select(unit => (Id: unit.Key, Presence: PresenceRule.After(unit.Value)))
                .Where(unit => announced.GetValueOrDefault(unit.Id) != unit.Presence && (unit.Presence != Presence.Suspect || _sightings.ContainsKey(unit.Id))),
        ];
        (bool wasFrozen, bool frozen) = Refreeze(silences);
        if (changed.Length == 0 && frozen == wasFrozen) return;
        await _ledger.PersistAsync(
            (transaction, now) =>
            {
                foreach ((Guid id, Presence presence) in changed)
                    if (transaction.Table<Unit>().Find(id) is { IsAdmitted: true } unit) Announce(transaction, now, unit, presence);
                if (frozen != wasFrozen) transaction.AppendEvent(now, frozen ? "pool.frozen" : "pool.thawed", "pool", FreezeMessage(frozen));
                return true;
            },
            cancellationToken);
        foreach ((Guid id, Presence presence) in changed) announced[id] = presence;
    }

    // A unit that was not heard of yet has been silent since the station started: a station that starts while it is cut off freezes too.
    private Dictionary<Guid, TimeSpan> Silences()
    {
        long now = _time.GetTimestamp();
        Dictionary<Guid, TimeSpan> silences = _expected.ToDictionary(unit => unit.Key, unit => _time.GetElapsedTime(unit.Value, now));
        foreach ((Guid id, Sighting sighting) in _sightings) silences[id] = _time.GetElapsedTime(sighting.Stamp, now);
        return silences;
    }

    private (bool Before, bool After) Refreeze(Dictionary<Guid, TimeSpan> silences)
    {
        lock (_freezing)
        {
            bool before = _freeze.IsFrozen;
            _freeze = _freeze.Next(silences);
            return (before, _freeze.IsFrozen);
        }
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
