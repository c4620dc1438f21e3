using VSan.Block;
using VSan.Interop;
using Xunit;

namespace VSan.Tests.Unit.Block;

public sealed class BufferPoolTests
{
    private const int RegionBytes = 8 * 1024 * 1024;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Pool_RandomRentsAndReturns_NeverLendsAByteTwiceAndJoinsAgain(int seed)
    {
        using MemoryMapping region = MemoryMapping.Anonymous(RegionBytes);
        var pool = new BufferPool(region.Address, RegionBytes);
        var random = new Random(seed);
        var lent = new List<BufferLease>();
        var isLent = new bool[RegionBytes / BufferPool.PieceBytesMin];
        for (int step = 0; step < 5000; step++)
        {
            if (random.Next(2) == 0 && pool.TryRent(random.Next(1, 256 * 1024), out BufferLease lease))
            {
                Assert.All(Pages(region, lease), page => Assert.False(isLent[page]));
                foreach (int page in Pages(region, lease)) isLent[page] = true;
                lent.Add(lease);
            }
            else if (lent.Count > 0)
            {
                int which = random.Next(lent.Count);
                pool.Return(lent[which]);
                foreach (int page in Pages(region, lent[which])) isLent[page] = false;
                lent.RemoveAt(which);
            }

            Assert.Equal(isLent.Count(taken => !taken) * BufferPool.PieceBytesMin, pool.FreeBytes);
        }

        lent.ForEach(pool.Return);
        Assert.True(pool.TryRent(BufferPool.PieceBytesMax, out _));
        Assert.True(pool.TryRent(BufferPool.PieceBytesMax, out _));
        Assert.False(pool.TryRent(1, out _));
    }

    private static IEnumerable<int> Pages(MemoryMapping region, BufferLease lease)
    {
        Assert.Equal(0, lease.Address % BufferPool.PieceBytesMin);
        int first = (int)((lease.Address - region.Address) / BufferPool.PieceBytesMin);
        return Enumerable.Range(first, lease.LengthBytes / BufferPool.PieceBytesMin);
    }
}
