using System.Diagnostics;
using System.Numerics;

namespace VSan.Tests.Bench;

/// <summary>Latencies in buckets of 1/32 of a power of two nanoseconds: 3 % wide, 0 ns to 18 s, 2 KiB a histogram. One thread writes.</summary>
internal sealed class LatencyHistogram
{
    private const int SubBits = 5;
    private readonly long[] _buckets = new long[(64 - SubBits) << SubBits];

    /// <summary>Samples so far.</summary>
    public long Count { get; private set; }

    /// <summary>Adds one latency, in <see cref="Stopwatch"/> ticks (nanoseconds on Linux).</summary>
    public void Add(long ticks)
    {
        ulong nanoseconds = (ulong)Math.Max(ticks, 1);
        int exponent = Math.Max(BitOperations.Log2(nanoseconds) - SubBits, 0);
        _buckets[(exponent << SubBits) + (int)(nanoseconds >> exponent)]++;
        Count++;
    }

    /// <summary>Adds another thread's samples after it has ended.</summary>
    public void Merge(LatencyHistogram other)
    {
        for (int bucket = 0; bucket < _buckets.Length; bucket++) _buckets[bucket] += other._buckets[bucket];
        Count += other.Count;
    }

    /// <summary>Latency in microseconds that <paramref name="fraction"/> of the samples stay within; 0 without samples.</summary>
    public double Microseconds(double fraction)
    {
        long wanted = (long)Math.Ceiling(Count * fraction);
        long seen = 0;
        for (int bucket = 0; bucket < _buckets.Length; bucket++)
        {
            seen += _buckets[bucket];
            if (seen >= wanted && seen > 0) return LowerBound(bucket) / 1000.0;
        }

        return 0;
    }

    // Values below 2 << SubBits stand for themselves; above, the index holds the exponent and the top SubBits + 1 bits.
    private static double LowerBound(int bucket)
    {
        int exponent = Math.Max((bucket >> SubBits) - 1, 0);
        return (double)(bucket - (exponent << SubBits)) * Math.Pow(2, exponent);
    }
}
