using VSan.Block;
using Xunit;

namespace VSan.Tests.Unit.Volumes;

/// <summary>What every kind of volume does, on a real ring.</summary>
public sealed class VolumeConformanceTests
{
    private const int BlockBytes = 512;
    private const ulong Blocks = 2048;

    [Theory]
    [InlineData("file")]
    [InlineData("memory")]
    [InlineData("thick")]
    [LoopInlineData("device")]
    public void Volume_NeverWritten_ReadsZeroes(string kind)
    {
        using var bench = new VolumeBench(kind);
        byte[] data = Filled(8, 0xff);
        Assert.Equal(BlockStatus.Success, bench.Run(BlockOperation.Read, Blocks - 8, 8, data));
        Assert.All(data, value => Assert.Equal(0, value));
    }

    [Theory]
    [InlineData("file")]
    [InlineData("memory")]
    public void FindExtent_OfWrittenAndUnmappedBlocks_TellsWhereEachEnds(string kind)
    {
        using var bench = new VolumeBench(kind);
        Assert.Equal(BlockStatus.Success, bench.Run(BlockOperation.Write, 16, 16, Filled(16, 1)));
        Assert.Equal((16UL, false), Extent(bench, 0, Blocks));
        Assert.Equal((13UL, true), Extent(bench, 19, Blocks - 19));
        Assert.Equal((2UL, true), Extent(bench, 16, 2));
        Assert.Equal((Blocks - 32, false), Extent(bench, 32, Blocks - 32));
        Assert.Equal(BlockStatus.Success, bench.Run(BlockOperation.Unmap, 16, 16));
        Assert.Equal((Blocks, false), Extent(bench, 0, Blocks));
        Assert.Equal(BlockStatus.OutOfRange, bench.Run(BlockOperation.FindExtent, Blocks, 1));
    }

    [Theory]
    [InlineData("file")]
    [InlineData("memory")]
    [InlineData("thick")]
    [LoopInlineData("device")]
    public void Volume_PastItsEnd_IsOutOfRange(string kind)
    {
        using var bench = new VolumeBench(kind);
        Assert.Equal(BlockStatus.OutOfRange, bench.Run(BlockOperation.Write, Blocks - 1, 2, Filled(2, 1)));
        Assert.Equal(BlockStatus.OutOfRange, bench.Run(BlockOperation.Read, ulong.MaxValue, 1, Filled(1, 1)));
        Assert.Equal(BlockStatus.Success, bench.Run(BlockOperation.Write, Blocks - 1, 1, Filled(1, 1)));
    }

    [Theory]
    [InlineData("file", 11)]
    [InlineData("file", 12)]
    [InlineData("memory", 11)]
    [InlineData("thick", 11)]
    [LoopInlineData("device", 11)]
    [LoopInlineData("device", 12)]
    public void Volume_RandomRequests_AgreeWithAnArray(string kind, int seed)
    {
        using var bench = new VolumeBench(kind);
        byte[] model = new byte[(int)Blocks * BlockBytes];
        var random = new Random(seed);
        for (int step = 0; step < 300; step++)
        {
            int lba = random.Next((int)Blocks - 64);
            int count = random.Next(1, 64);
            if (random.Next(3) == 0) (lba, count) = (lba & ~7, (count + 7) & ~7);
            Span<byte> range = model.AsSpan(lba * BlockBytes, count * BlockBytes);
            BlockOperation operation = (BlockOperation)random.Next(5);
            byte[]? data = operation is BlockOperation.Read or BlockOperation.Write ? Filled(count, (byte)random.Next(1, 256)) : null;
            Assert.Equal(BlockStatus.Success, bench.Run(operation, (ulong)lba, (ulong)count, data, fua: random.Next(4) == 0));
            switch (operation)
            {
                case BlockOperation.Read:
                    Assert.True(range.SequenceEqual(data), $"seed {seed}, step {step}");
                    break;
                case BlockOperation.Write:
                    data.CopyTo(range);
                    break;
                case BlockOperation.Unmap:
                case BlockOperation.WriteZeroes:
                    range.Clear();
                    break;
                case BlockOperation.Flush:
                    break;
            }
        }
    }

    [Theory]
    [InlineData("file")]
    [InlineData("memory")]
    [InlineData("thick")]
    [LoopInlineData("device")]
    public void Volume_Grown_KeepsItsBytesAndHasZeroesBehind(string kind)
    {
        using var bench = new VolumeBench(kind);
        Assert.Equal(BlockStatus.Success, bench.Run(BlockOperation.Write, Blocks - 1, 1, Filled(1, 9)));
        if (kind != "memory") bench.Lengthen((long)Blocks * 2 * BlockBytes);
        Assert.Null(bench.Volume.Grow(new BlockCount(Blocks * 2)));
        byte[] data = Filled(2, 1);
        Assert.Equal(BlockStatus.Success, bench.Run(BlockOperation.Read, Blocks - 1, 2, data));
        Assert.Equal([.. Filled(1, 9), .. Filled(1, 0)], data);
        Assert.NotNull(bench.Volume.Grow(new BlockCount(Blocks)));
    }

    [Theory]
    [InlineData("file")]
    [InlineData("memory")]
    [InlineData("thick")]
    [LoopInlineData("device")]
    public async Task Volume_Closed_EndsRequestsInClosed(string kind)
    {
        using var bench = new VolumeBench(kind);
        await bench.Volume.CloseAsync();
        Assert.Equal(BlockStatus.Closed, bench.Run(BlockOperation.Flush, 0, 0));
    }

    private static byte[] Filled(int blocks, byte value)
    {
        byte[] data = new byte[blocks * BlockBytes];
        Array.Fill(data, value);
        return data;
    }

    private static (ulong Count, bool IsMapped) Extent(VolumeBench bench, ulong lba, ulong count)
    {
        Assert.Equal(BlockStatus.Success, bench.Run(BlockOperation.FindExtent, lba, count));
        return bench.LastExtent;
    }
}
