using System.Globalization;
using VSan.Contracts.Api;
using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>Recent activity of the pool, its units and its volumes, for who may see them.</summary>
public sealed class MetricsService
{
    private const string Action = "metrics.read";

    /// <summary>Legs that are looked at for the busiest volumes: enough that a few dozen volumes come of them, whoever asks.</summary>
    private const int LegsLookedAt = 1000;

    private readonly Ledger _ledger;
    private readonly PoolActivity _activity;

    internal MetricsService(Ledger ledger, PoolActivity activity)
    {
        _ledger = ledger;
        _activity = activity;
    }

    /// <summary>The history of a subject.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="subject"><c>pool</c>, <c>unit/{id}</c> or <c>volume/{id}</c>; what the caller may not see is not found.</param>
    /// <param name="range">How far back; the finest steps that go so far are told.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<ActivityHistory> HistoryAsync(Caller caller, string subject, TimeSpan range, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(subject);
        ActivitySpan span = range > TimeSpan.Zero && ActivitySpan.Reaching(range) is { } reaching ? reaching : throw ProblemException.Field("/range", "must be more than 0 s and at most 24 h.");
        return _ledger.ReadAsync(
            transaction =>
            {
                (string name, IReadOnlyList<ActivitySample> samples) = Find(transaction, caller, subject, span);
                int count = (int)Math.Ceiling(range / span.Step);
                return new ActivityHistory(subject, name, (int)span.Step.TotalSeconds, [.. samples.Skip(Math.Max(0, samples.Count - count)).Select(sample => PointOf(sample, span))]);
            },
            cancellationToken);
    }

    /// <summary>The volumes that are used most at the moment, of those that the caller may see.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="limit">How many, 1 to 100.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<BusyVolumePage> BusiestAsync(Caller caller, int limit, CancellationToken cancellationToken)
    {
        const int LimitMax = 100;
        ArgumentNullException.ThrowIfNull(caller);
        if (limit is < 1 or > LimitMax) throw ProblemException.Field("/limit", $"must be 1 to {LimitMax}.");
        return _ledger.ReadAsync(transaction => new BusyVolumePage(Busiest(transaction, caller, limit)), cancellationToken);
    }

    private (string Name, IReadOnlyList<ActivitySample> Samples) Find(IStationTransaction transaction, Caller caller, string subject, ActivitySpan span)
    {
        if (subject == "pool") return ("pool", _activity.OfPool(span));
        return Subjects.Find(transaction, subject) switch
        {
            Domain.Unit unit when MaySee(transaction, caller, unit) => (unit.Name, _activity.OfUnit(unit.Id, span)),
            Domain.Volume volume when MaySee(transaction, caller, volume) => (volume.Name, Of(transaction, volume, span)),
            _ when subject.Split('/') is not [("unit" or "volume"), var id] || !Guid.TryParse(id, CultureInfo.InvariantCulture, out _) =>
                throw ProblemException.Field("/subject", "must be pool, unit/ID or volume/ID."),
            _ => throw new ProblemException("not-found", $"There is no {subject.Replace('/', ' ')}."),
        };
    }

    private IReadOnlyList<ActivitySample> Of(IStationTransaction transaction, Domain.Volume volume, ActivitySpan span)
    {
        IReadOnlyList<Domain.Leg> legs = transaction.LegsOf(volume.Id);
        return _activity.OfLegs([.. legs.Select(leg => (leg.UnitId, leg.Id))], legs.Any(leg => leg.Role == Domain.LegRole.Copy), span);
    }

    private List<BusyVolume> Busiest(IStationTransaction transaction, Caller caller, int limit)
    {
        ActivitySpan span = ActivitySpan.All[0];
        List<BusyVolume> busiest = [];
        HashSet<Guid> seen = [];
        foreach ((Guid legId, _) in _activity.Busiest(LegsLookedAt))
        {
            if (transaction.Table<Domain.Leg>().Find(legId) is not { } leg || !seen.Add(leg.VolumeId)) continue;
            if (transaction.Table<Domain.Volume>().Find(leg.VolumeId) is not { } volume || !MaySee(transaction, caller, volume)) continue;
            if (Of(transaction, volume, span) is not [.., var last]) continue;
            busiest.Add(new BusyVolume(volume.Id, volume.Name, PointOf(last, span)));
            if (busiest.Count == limit) break;
        }

        return [.. busiest.OrderByDescending(volume => volume.Now.CommandsPerSecond)];
    }

    private static bool MaySee(IStationTransaction transaction, Caller caller, Entity record) => Permissions.Allow(caller, Action, Reach.Of(transaction, record));

    private static ActivityPoint PointOf(ActivitySample sample, ActivitySpan span)
    {
        double seconds = span.Step.TotalSeconds;
        bool any = sample.Reads + sample.Writes > 0 && sample.P99Seconds > 0;
        return new ActivityPoint(
            ActivitySeries.Begin(sample.Step, span),
            Math.Round(sample.Reads / seconds, 2),
            Math.Round(sample.Writes / seconds, 2),
            Math.Round(sample.ReadBytes / seconds),
            Math.Round(sample.WrittenBytes / seconds),
            any ? Math.Round(sample.P50Seconds, 9) : null,
            any ? Math.Round(sample.P99Seconds, 9) : null,
            float.IsNaN(sample.UsedBytes) ? null : (long)sample.UsedBytes);
    }
}
