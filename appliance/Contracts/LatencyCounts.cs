namespace VSan.Contracts;

/// <summary>
/// How many commands took how long, in buckets that are four to an octave: a bucket is at most a quarter wider than its lower bound, from 1 µs to
/// 69 s. The buckets are those of the block server's own histograms; only the stretch from the first to the last that is not empty is kept.
/// </summary>
/// <param name="FirstBucket">Number of the first bucket, 0-based.</param>
/// <param name="Counts">Commands of that bucket and of those behind it.</param>
public sealed record LatencyCounts(int FirstBucket, IReadOnlyList<long> Counts)
{
    /// <summary>Buckets in all, the last for whatever is longer.</summary>
    public const int BucketCount = 109;

    private const int UnitBits = 8;

    /// <summary>Where a bucket ends, in ns, itself not included; the last has no end and is taken for as wide as the one before it.</summary>
    public static long UpperBoundNanoseconds(int bucket)
    {
        long units = bucket < 4 ? bucket + 1 : (5L + (bucket & 3)) << ((bucket >> 2) - 1);
        return units << UnitBits;
    }

    /// <summary>The stretch of a whole histogram that is not empty; null when all of it is.</summary>
    public static LatencyCounts? Of(ReadOnlySpan<long> buckets)
    {
        int first = buckets.IndexOfAnyExcept(0L);
        return first < 0 ? null : new LatencyCounts(first, buckets[first..(buckets.LastIndexOfAnyExcept(0L) + 1)].ToArray());
    }
}
