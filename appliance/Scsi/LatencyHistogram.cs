using System.Numerics;

namespace VSan.Scsi;

/// <summary>
/// How long commands took, in buckets that are four to an octave: a bucket is at most a quarter wider than its lower bound, from 1 µs to 69 s.
/// Written by one thread; read by any, a little late. A view of a piece of somebody's fixed array; makes nothing.
/// <code>
///   0 … 4 × 256 ns │ 4 × 256 ns │ 4 × 512 ns │ 4 × 1,024 ns │ … │ 4 × 8.6 s │ longer │ sum of ns │ longest
/// </code>
/// </summary>
/// <param name="words">The array.</param>
/// <param name="start">Where this histogram's <see cref="WordCount"/> words begin.</param>
public readonly struct LatencyHistogram(long[] words, int start)
{
    /// <summary>Buckets, the last for whatever is longer.</summary>
    public const int BucketCount = (Octaves * 4) + 1;

    /// <summary>Words of one histogram: 888 bytes.</summary>
    public const int WordCount = BucketCount + 2;

    private const int Octaves = 27;

    // Finer than 256 ns no clock of ours is.
    private const int UnitBits = 8;

    /// <summary>Counts one command.</summary>
    /// <remarks>The owner's thread only. Three words are written.</remarks>
    internal void Record(long nanoseconds)
    {
        Span<long> own = words.AsSpan(start, WordCount);
        own[BucketOf(nanoseconds)]++;
        own[BucketCount] += nanoseconds;
        if (nanoseconds > own[BucketCount + 1]) own[BucketCount + 1] = nanoseconds;
    }

    /// <summary>Adds what was counted so far to a sum.</summary>
    public void AddTo(LatencySum sum)
    {
        ArgumentNullException.ThrowIfNull(sum);
        for (int bucket = 0; bucket < BucketCount; bucket++) sum.Buckets[bucket] += Volatile.Read(ref words[start + bucket]);
        sum.Nanoseconds += Volatile.Read(ref words[start + BucketCount]);
        sum.LongestNanoseconds = Math.Max(sum.LongestNanoseconds, Volatile.Read(ref words[start + BucketCount + 1]));
    }

    /// <summary>The bucket of a time.</summary>
    internal static int BucketOf(long nanoseconds)
    {
        ulong units = (ulong)Math.Max(0, nanoseconds) >> UnitBits;
        if (units < 4) return (int)units;
        int octave = BitOperations.Log2(units);
        return Math.Min(((octave - 1) << 2) + (int)((units >> (octave - 2)) & 3), BucketCount - 1);
    }

    /// <summary>Where a bucket ends, in ns, itself not included; <see cref="long.MaxValue"/> for the last.</summary>
    public static long UpperBoundNanoseconds(int bucket)
    {
        if (bucket >= BucketCount - 1) return long.MaxValue;
        long units = bucket < 4 ? bucket + 1 : (5L + (bucket & 3)) << ((bucket >> 2) - 1);
        return units << UnitBits;
    }
}

/// <summary>Histograms of one operation put together, of several rings or sessions. One thread's.</summary>
public sealed class LatencySum
{
    /// <summary>Commands by bucket, as <see cref="LatencyHistogram"/> has them.</summary>
    public long[] Buckets { get; } = new long[LatencyHistogram.BucketCount];

    /// <summary>All their times together.</summary>
    public long Nanoseconds { get; set; }

    /// <summary>The longest one.</summary>
    public long LongestNanoseconds { get; set; }

    /// <summary>Commands.</summary>
    public long Count => Buckets.Sum();

    /// <summary>Commands that took less than <paramref name="nanoseconds"/>, which must be a bucket's bound.</summary>
    public long CountBelow(long nanoseconds)
    {
        long count = 0;
        for (int bucket = 0; LatencyHistogram.UpperBoundNanoseconds(bucket) <= nanoseconds; bucket++) count += Buckets[bucket];
        return count;
    }

    /// <summary>The time within which a share of the commands ended: the end of its bucket, or the longest; zero without commands.</summary>
    /// <param name="share">0 to 1.</param>
    public TimeSpan Percentile(double share)
    {
        long wanted = Math.Max(1, (long)Math.Ceiling(Count * share));
        long seen = 0;
        for (int bucket = 0; bucket < Buckets.Length; bucket++)
        {
            seen += Buckets[bucket];
            if (seen >= wanted) return TimeSpan.FromMicroseconds(Math.Min(LatencyHistogram.UpperBoundNanoseconds(bucket), LongestNanoseconds) / 1000.0);
        }

        return TimeSpan.Zero;
    }

    /// <summary>Adds another sum.</summary>
    public void Add(LatencySum other)
    {
        ArgumentNullException.ThrowIfNull(other);
        for (int bucket = 0; bucket < Buckets.Length; bucket++) Buckets[bucket] += other.Buckets[bucket];
        Nanoseconds += other.Nanoseconds;
        LongestNanoseconds = Math.Max(LongestNanoseconds, other.LongestNanoseconds);
    }
}
