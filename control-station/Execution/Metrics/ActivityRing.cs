using VSan.Contracts;

namespace VSan.Station.Execution;

/// <summary>
/// The last steps of one subject in one span: a ring of samples, and the latencies of the step that is open. Its owner's lock covers it.
/// <code>
///   … │ step n-2 │ step n-1 │ step n, open: latencies counted │ (a slot of a step of long ago) │ …
/// </code>
/// A slot that holds another step than the one that is asked for is a step of which nothing is known.
/// </summary>
internal sealed class ActivityRing(ActivitySpan span)
{
    // Besides the finished steps the one that is open, and the one before it, which is finished a little later.
    private readonly ActivitySample[] _samples = new ActivitySample[span.Count + 2];
    private readonly int[] _latencies = new int[LatencyCounts.BucketCount];
    private long _open;

    /// <summary>Its steps.</summary>
    public ActivitySpan Span => span;

    /// <summary>Something is known of a step, if only that nothing happened in it.</summary>
    public void Touch(long step) => _ = At(step);

    /// <summary>Counts a part of what was done within a step; a step that the ring has left behind is not counted.</summary>
    /// <param name="step">The step.</param>
    /// <param name="delta">What was done.</param>
    /// <param name="share">Which part of it, 0 to 1.</param>
    public void Count(long step, ActivityDelta delta, double share)
    {
        ref ActivitySample sample = ref At(step);
        if (sample.Step != step) return;
        sample = sample with
        {
            Reads = (float)(sample.Reads + (delta.Reads * share)),
            Writes = (float)(sample.Writes + (delta.Writes * share)),
            ReadBytes = (float)(sample.ReadBytes + (delta.ReadBytes * share)),
            WrittenBytes = (float)(sample.WrittenBytes + (delta.WrittenBytes * share)),
        };
    }

    /// <summary>Counts how long commands took that ended within a step.</summary>
    public void CountLatencies(long step, LatencyCounts latencies)
    {
        if (step < _open) return;
        if (step != _open) Open(step);
        for (int i = 0; i < latencies.Counts.Count; i++)
        {
            ref int bucket = ref _latencies[latencies.FirstBucket + i];
            bucket = (int)Math.Min(int.MaxValue, bucket + latencies.Counts[i]);
        }
    }

    /// <summary>Notes what is used as of a step.</summary>
    public void Use(long step, long bytes)
    {
        ref ActivitySample sample = ref At(step);
        if (sample.Step == step) sample = sample with { UsedBytes = bytes };
    }

    /// <summary>A step; null when nothing is known of it.</summary>
    public ActivitySample? Find(long step)
    {
        ActivitySample sample = _samples[step % _samples.Length];
        return sample.Step != step ? null : step == _open ? Closed(sample) : sample;
    }

    private ref ActivitySample At(long step)
    {
        ref ActivitySample sample = ref _samples[step % _samples.Length];
        if (sample.Step < step) sample = new ActivitySample(step, 0, 0, 0, 0, 0, 0, float.NaN);
        return ref sample;
    }

    private void Open(long step)
    {
        ref ActivitySample before = ref _samples[_open % _samples.Length];
        if (_open > 0 && before.Step == _open) before = Closed(before);
        Array.Clear(_latencies);
        _open = step;
    }

    private ActivitySample Closed(ActivitySample sample) => sample with { P50Seconds = Percentile(0.5), P99Seconds = Percentile(0.99) };

    // The middle of the bucket: at most an eighth away.
    private float Percentile(double share)
    {
        long all = 0;
        foreach (int count in _latencies) all += count;
        if (all == 0) return 0;
        long wanted = Math.Max(1, (long)Math.Ceiling(all * share));
        long seen = 0;
        int bucket = -1;
        while (seen < wanted) seen += _latencies[++bucket];
        long lower = bucket == 0 ? 0 : LatencyCounts.UpperBoundNanoseconds(bucket - 1);
        return (float)((lower + LatencyCounts.UpperBoundNanoseconds(bucket)) / 2e9);
    }
}
