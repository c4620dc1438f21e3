using VSan.Contracts;
using VSan.Scsi;
using Xunit;

namespace VSan.Tests.Unit.Contracts;

public sealed class LatencyCountsTests
{
    /// <summary>Both ends of the wire mean the same by a bucket.</summary>
    [Fact]
    public void Buckets_AreTheBlockServers()
    {
        Assert.Equal(LatencyHistogram.BucketCount, LatencyCounts.BucketCount);
        for (int bucket = 0; bucket < LatencyCounts.BucketCount - 1; bucket++)
            Assert.Equal(LatencyHistogram.UpperBoundNanoseconds(bucket), LatencyCounts.UpperBoundNanoseconds(bucket));
    }

    [Fact]
    public void Of_KeepsTheStretchThatIsNotEmpty()
    {
        LatencyCounts counts = LatencyCounts.Of([0, 0, 3, 0, 1, 0])!;
        Assert.Equal(2, counts.FirstBucket);
        Assert.Equal([3, 0, 1], counts.Counts);
        Assert.Null(LatencyCounts.Of([0, 0]));
    }
}
