using VSan.Contracts;
using VSan.Contracts.UnitLink;

namespace VSan.Station.Execution;

/// <summary>What was done to a leg between two reports of its counters.</summary>
/// <param name="Reads">Read commands.</param>
/// <param name="Writes">Commands that changed blocks.</param>
/// <param name="ReadBytes">Bytes handed out.</param>
/// <param name="WrittenBytes">Bytes taken.</param>
/// <param name="Latencies">Those that ended meanwhile, by how long they took; null for none.</param>
internal sealed record ActivityDelta(long Reads, long Writes, long ReadBytes, long WrittenBytes, LatencyCounts? Latencies)
{
    /// <summary>From one report to the next. A counter that fell began anew, with all the others: what it counts now was done since.</summary>
    public static ActivityDelta Between(LegActivity before, LegActivity now)
    {
        if (now.Reads < before.Reads || now.Writes < before.Writes || now.ReadBytes < before.ReadBytes || now.WrittenBytes < before.WrittenBytes) return Since(now);
        return new(now.Reads - before.Reads, now.Writes - before.Writes, now.ReadBytes - before.ReadBytes, now.WrittenBytes - before.WrittenBytes, Between(before.Latencies, now.Latencies));
    }

    /// <summary>All that a leg counts.</summary>
    public static ActivityDelta Since(LegActivity now) => new(now.Reads, now.Writes, now.ReadBytes, now.WrittenBytes, now.Latencies);

    private static LatencyCounts? Between(LatencyCounts? before, LatencyCounts? now)
    {
        if (before is null || now is null) return now;
        Span<long> buckets = stackalloc long[LatencyCounts.BucketCount];
        for (int i = 0; i < now.Counts.Count; i++) buckets[now.FirstBucket + i] = now.Counts[i];
        for (int i = 0; i < before.Counts.Count; i++) buckets[before.FirstBucket + i] = Math.Max(0, buckets[before.FirstBucket + i] - before.Counts[i]);
        return LatencyCounts.Of(buckets);
    }
}
