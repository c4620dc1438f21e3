using VSan.Scsi;
using Xunit;

namespace VSan.Tests.Unit.Scsi;

/// <summary>Log-linear buckets against the sorted list of what went in.</summary>
public sealed class LatencyHistogramTests
{
    [Fact]
    public void Bucket_OfEveryTime_HoldsItAndIsAtMostAQuarterWiderThanItsLowerBound()
    {
        for (int bit = 0; bit < 36; bit++)
        {
            foreach (long offset in (long[])[-1, 0, 1])
            {
                for (int quarter = 0; quarter < 4; quarter++)
                {
                    long time = Math.Max(0, (1L << bit) + ((1L << bit) / 4 * quarter) + offset);
                    int bucket = LatencyHistogram.BucketOf(time);
                    long lower = bucket == 0 ? 0 : LatencyHistogram.UpperBoundNanoseconds(bucket - 1);
                    long upper = LatencyHistogram.UpperBoundNanoseconds(bucket);
                    Assert.True(lower <= time && time < upper, $"{time} ns in bucket {bucket}, {lower} to {upper}");
                    Assert.True(upper == long.MaxValue || upper - lower <= Math.Max(256, lower / 4), $"bucket {bucket} is {lower} to {upper}");
                }
            }
        }
    }

    [Theory]
    [InlineData(1L << 36)]
    [InlineData(long.MaxValue)]
    public void Bucket_OfATimeBeyondTheLastBound_IsTheLast(long time) => Assert.Equal(LatencyHistogram.BucketCount - 1, LatencyHistogram.BucketOf(time));

    [Fact]
    public void Percentiles_OfRandomTimes_AreNeverTooSmallAndAtMostAQuarterTooLarge()
    {
        int seed = Environment.TickCount;
        var random = new Random(seed);
        var histogram = new LatencyHistogram(new long[LatencyHistogram.WordCount], 0);
        long[] times = [.. Enumerable.Range(0, 5000).Select(_ => (long)Math.Exp(random.NextDouble() * 20) + 1024)];
        foreach (long time in times) histogram.Record(time);
        var sum = new LatencySum();
        histogram.AddTo(sum);
        Array.Sort(times);
        Assert.Equal((times.Length, times.Sum(), times[^1]), (sum.Count, sum.Nanoseconds, sum.LongestNanoseconds));
        foreach (double share in (double[])[0.5, 0.99, 0.999, 1])
        {
            long exact = times[(int)Math.Ceiling(times.Length * share) - 1];
            double told = sum.Percentile(share).TotalNanoseconds;
            Assert.True(told >= exact - 100 && told <= exact * 1.25 + 100, $"seed {seed}: {share}: {told} for {exact}");
        }
    }

    [Fact]
    public void Percentile_WithoutCommands_IsZero() => Assert.Equal(TimeSpan.Zero, new LatencySum().Percentile(0.99));
}
