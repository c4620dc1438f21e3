namespace VSan.Station.Execution;

/// <summary>The history of one subject: a ring for each span, about 15 KiB. Its owner's lock covers it.</summary>
internal sealed class ActivitySeries
{
    private readonly ActivityRing[] _rings = [.. ActivitySpan.All.Select(span => new ActivityRing(span))];

    /// <summary>The ring of a span.</summary>
    public ActivityRing Of(ActivitySpan span) => _rings.First(ring => ring.Span == span);

    /// <summary>Counts what was done from one moment to another, no longer than the finest step: to each step by its part of that time.</summary>
    public void Count(DateTimeOffset from, DateTimeOffset to, ActivityDelta delta)
    {
        foreach (ActivityRing ring in _rings)
        {
            long step = StepOf(to, ring.Span);
            long begin = step * ring.Span.Step.Ticks;
            double share = from >= to || Ticks(from) >= begin ? 1 : (Ticks(to) - begin) / (double)(to - from).Ticks;
            ring.Count(step, delta, share);
            if (share < 1) ring.Count(step - 1, delta, 1 - share);
            if (delta.Latencies is { } latencies) ring.CountLatencies(step, latencies);
        }
    }

    /// <summary>The subject was heard of from one moment to another.</summary>
    public void Touch(DateTimeOffset from, DateTimeOffset to)
    {
        foreach (ActivityRing ring in _rings)
        {
            ring.Touch(StepOf(from, ring.Span));
            ring.Touch(StepOf(to, ring.Span));
        }
    }

    /// <summary>Notes what is used.</summary>
    public void Use(DateTimeOffset at, long bytes)
    {
        foreach (ActivityRing ring in _rings) ring.Use(StepOf(at, ring.Span), bytes);
    }

    /// <summary>The step that a moment lies in.</summary>
    public static long StepOf(DateTimeOffset at, ActivitySpan span) => Ticks(at) / span.Step.Ticks;

    /// <summary>When a step begins.</summary>
    public static DateTimeOffset Begin(long step, ActivitySpan span) => DateTimeOffset.UnixEpoch + (span.Step * step);

    private static long Ticks(DateTimeOffset at) => (at - DateTimeOffset.UnixEpoch).Ticks;
}
