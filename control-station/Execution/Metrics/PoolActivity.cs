using VSan.Contracts;
using VSan.Contracts.UnitLink;

namespace VSan.Station.Execution;

/// <summary>
/// What hosts do to the pool, its units and their legs: recent history, in memory only, gone with the process. Fed by the reports of units, which
/// carry counters; what lies between two reports is counted to the steps between them. A leg that nobody uses costs nothing. Any thread.
/// </summary>
/// <remarks>
/// A unit that was silent for longer than <see cref="GapMax"/> leaves a gap: nobody knows when within it its counters rose, so that is counted
/// nowhere. A station that starts counts from the first report of each unit on.
/// </remarks>
internal sealed class PoolActivity
{
    /// <summary>Legs with a history of their own, about 15 KiB each: 60 MiB. Past it a leg counts for its unit and the pool alone.</summary>
    public const int LegsMax = 4000;

    /// <summary>A report after a longer silence begins anew. No longer than the finest step, so that an interval never spans three.</summary>
    public static readonly TimeSpan GapMax = TimeSpan.FromSeconds(5);

    // After a day there is nothing of a leg in any ring.
    private static readonly TimeSpan IdleMax = TimeSpan.FromDays(1);

    // A leg that was not used for so long makes room for one that is.
    private static readonly TimeSpan IdleUnderPressure = TimeSpan.FromHours(1);

    private static readonly TimeSpan SweepEvery = TimeSpan.FromMinutes(1);

    // The last report of a step may come so late.
    private static readonly TimeSpan Lateness = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, UnitActivity> _units = [];
    private readonly ActivitySeries _pool = new();
    private readonly TimeProvider _time;
    private readonly DateTimeOffset _startedAt;
    private readonly long _start;
    private readonly int _legsMax;
    private DateTimeOffset _sweptAt;
    private long _usedBytes;
    private int _legHistories;

    public PoolActivity(TimeProvider time, int legsMax = LegsMax)
    {
        _time = time;
        _legsMax = legsMax;
        _startedAt = _sweptAt = time.GetUtcNow();
        _start = time.GetTimestamp();
    }

    // A clock that is set moves no step.
    private DateTimeOffset Now => _startedAt + _time.GetElapsedTime(_start);

    /// <summary>Refuses counters that cannot be.</summary>
    /// <exception cref="InvalidDataException">They cannot be believed.</exception>
    public static void Check(IReadOnlyList<LegActivity> activity)
    {
        if (activity.Count > UnitReport.ActivityMax || !activity.All(CanBe)) throw new InvalidDataException("The unit reported activity that cannot be.");
    }

    /// <summary>A report that was checked.</summary>
    public void OnReport(UnitReport report)
    {
        lock (_gate)
        {
            DateTimeOffset now = Now;
            if (now - _sweptAt >= SweepEvery) Sweep(now);
            if (!_units.TryGetValue(report.UnitId, out UnitActivity? unit)) _units[report.UnitId] = unit = new UnitActivity();
            bool follows = unit.ReportedAt is { } before && now - before <= GapMax;
            DateTimeOffset from = follows ? unit.ReportedAt!.Value : now;
            unit.Series.Touch(from, now);
            _pool.Touch(from, now);
            foreach (LegActivity leg in report.Activity) Take(unit, leg, from, now, follows);
            TakeSpace(unit, report, now);
            if (unit.ReportedAt is null) unit.KnowsAllLegs = report.Activity.Count < UnitReport.ActivityMax;
            unit.ReportedAt = now;
        }
    }

    /// <summary>Forgets a unit and its legs.</summary>
    public void Forget(Guid unitId)
    {
        lock (_gate)
        {
            if (!_units.Remove(unitId, out UnitActivity? unit)) return;
            _usedBytes -= unit.UsedBytes;
            foreach (LegTrack leg in unit.Legs.Values) Drop(leg);
        }
    }

    /// <summary>The pool's finished steps of a span, in order of time; those of which nothing is known are left out.</summary>
    public IReadOnlyList<ActivitySample> OfPool(ActivitySpan span)
    {
        lock (_gate) return Samples(span, _pool.Of(span).Find);
    }

    /// <summary>A unit's.</summary>
    public IReadOnlyList<ActivitySample> OfUnit(Guid unitId, ActivitySpan span)
    {
        lock (_gate) return _units.TryGetValue(unitId, out UnitActivity? unit) ? Samples(span, unit.Series.Of(span).Find) : [];
    }

    /// <summary>
    /// A volume's, of its legs: what they did together. Each copy of a mirror takes every write, so of these the busiest leg counts. The latencies are
    /// those of the slowest leg. A step in which one of the units was not heard of is left out.
    /// </summary>
    public IReadOnlyList<ActivitySample> OfLegs(IReadOnlyList<(Guid UnitId, Guid LegId)> legs, bool areCopies, ActivitySpan span)
    {
        lock (_gate)
        {
            return Samples(span, step =>
            {
                ActivitySample sum = new(step, 0, 0, 0, 0, 0, 0, legs.Count == 0 ? float.NaN : 0);
                foreach ((Guid unitId, Guid legId) in legs)
                {
                    if (OfLeg(unitId, legId, span, step) is not { } leg) return null;
                    sum = Together(sum, leg, areCopies);
                }

                return sum;
            });
        }
    }

    /// <summary>Legs that were used in the last finished step of the finest span, the busiest first.</summary>
    public IReadOnlyList<(Guid LegId, ActivitySample Sample)> Busiest(int countMax)
    {
        ActivitySpan span = ActivitySpan.All[0];
        lock (_gate)
        {
            long step = LastFinished(span);
            List<(Guid LegId, ActivitySample Sample)> busy = [];
            foreach (UnitActivity unit in _units.Values)
            {
                foreach ((Guid legId, LegTrack leg) in unit.Legs)
                    if (leg.Series?.Of(span).Find(step) is { } sample && sample.Reads + sample.Writes > 0) busy.Add((legId, sample));
            }

            busy.Sort((one, other) => (other.Sample.Reads + other.Sample.Writes, other.LegId).CompareTo((one.Sample.Reads + one.Sample.Writes, one.LegId)));
            return busy.Count <= countMax ? busy : busy.GetRange(0, countMax);
        }
    }

    private static bool CanBe(LegActivity? leg) => leg is { Reads: >= 0, Writes: >= 0, ReadBytes: >= 0, WrittenBytes: >= 0 } && CanBe(leg.Latencies);

    private static bool CanBe(LatencyCounts? latencies) =>
        latencies is null
        || (latencies is { FirstBucket: >= 0, Counts: { Count: <= LatencyCounts.BucketCount } counts }
            && latencies.FirstBucket <= LatencyCounts.BucketCount - counts.Count && counts.All(count => count >= 0));

    private void Take(UnitActivity unit, LegActivity told, DateTimeOffset from, DateTimeOffset now, bool follows)
    {
        bool isKnown = unit.Legs.TryGetValue(told.LegId, out LegTrack? leg);
        ActivityDelta? delta = !follows ? null : isKnown ? ActivityDelta.Between(leg!.Last, told) : unit.KnowsAllLegs ? ActivityDelta.Since(told) : null;
        if (leg is null) unit.Legs[told.LegId] = leg = new LegTrack(told, now);
        if (told.HasMovedSince(leg.Last)) leg.MovedAt = now;
        leg.Last = told;
        if (delta is null) return;
        if (leg.Series is null && _legHistories < _legsMax)
        {
            leg.Series = new ActivitySeries();
            _legHistories++;
        }

        leg.Series?.Count(from, now, delta);
        unit.Series.Count(from, now, delta);
        _pool.Count(from, now, delta);
    }

    private void TakeSpace(UnitActivity unit, UnitReport report, DateTimeOffset now)
    {
        long used = report.Stores.Sum(store => store.CapacityBytes - store.FreeBytes);
        _usedBytes += used - unit.UsedBytes;
        unit.UsedBytes = used;
        unit.Series.Use(now, used);
        _pool.Use(now, _usedBytes);
        foreach (LegUsage usage in report.Legs)
            if (unit.Legs.TryGetValue(usage.LegId, out LegTrack? leg)) leg.Series?.Use(now, usage.AllocatedBytes);
    }

    private void Sweep(DateTimeOffset now)
    {
        _sweptAt = now;
        bool isFull = _legHistories >= _legsMax;
        foreach (UnitActivity unit in _units.Values)
        {
            List<Guid> idle = [];
            foreach ((Guid legId, LegTrack leg) in unit.Legs)
            {
                if (isFull && now - leg.MovedAt > IdleUnderPressure) Drop(leg);
                if (now - leg.MovedAt > IdleMax) idle.Add(legId);
            }

            foreach (Guid legId in idle)
            {
                unit.Legs.Remove(legId, out LegTrack? leg);
                Drop(leg!);
                unit.KnowsAllLegs = false;
            }
        }
    }

    private void Drop(LegTrack leg)
    {
        if (leg.Series is null) return;
        leg.Series = null;
        _legHistories--;
    }

    // A leg that was not told was not used, as long as its unit was heard of.
    private ActivitySample? OfLeg(Guid unitId, Guid legId, ActivitySpan span, long step)
    {
        if (!_units.TryGetValue(unitId, out UnitActivity? unit)) return null;
        ActivitySample? used = unit.Legs.TryGetValue(legId, out LegTrack? leg) ? leg.Series?.Of(span).Find(step) : null;
        return used ?? (unit.Series.Of(span).Find(step) is null ? null : new ActivitySample(step, 0, 0, 0, 0, 0, 0, float.NaN));
    }

    private static ActivitySample Together(ActivitySample sum, ActivitySample leg, bool areCopies) => sum with
    {
        Reads = sum.Reads + leg.Reads,
        ReadBytes = sum.ReadBytes + leg.ReadBytes,
        Writes = areCopies ? Math.Max(sum.Writes, leg.Writes) : sum.Writes + leg.Writes,
        WrittenBytes = areCopies ? Math.Max(sum.WrittenBytes, leg.WrittenBytes) : sum.WrittenBytes + leg.WrittenBytes,
        P50Seconds = Math.Max(sum.P50Seconds, leg.P50Seconds),
        P99Seconds = Math.Max(sum.P99Seconds, leg.P99Seconds),
        UsedBytes = sum.UsedBytes + leg.UsedBytes,
    };

    private long LastFinished(ActivitySpan span) => ActivitySeries.StepOf(Now - Lateness, span) - 1;

    private List<ActivitySample> Samples(ActivitySpan span, Func<long, ActivitySample?> find)
    {
        long last = LastFinished(span);
        List<ActivitySample> samples = [];
        for (long step = last - span.Count + 1; step <= last; step++)
            if (find(step) is { } sample) samples.Add(sample);
        return samples;
    }
}
