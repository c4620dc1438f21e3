using VSan.Block;
using Xunit;

namespace VSan.Tests.Unit.Volumes;

/// <summary>The moment of a snapshot: nothing under way, and whoever comes waits at the door.</summary>
public sealed class VolumeHoldTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("file")]
    [LoopInlineData("device")]
    [InlineData("memory")]
    public async Task Hold_RequestThatComesMeanwhile_WaitsAndThenSucceeds(string kind)
    {
        using var bench = new VolumeBench(kind);
        Assert.Equal(BlockStatus.Success, bench.Run(BlockOperation.Write, 0, 8, Filled(1)));
        Assert.True(await bench.Volume.TryHoldAsync(Patience));
        Task<BlockStatus> late = Task.Run(() => bench.Run(BlockOperation.Write, 0, 8, Filled(2)));

        // A second hold goes through every ring behind whatever was submitted: the write would have ended by then, were it not held.
        Assert.True(await bench.Volume.TryHoldAsync(Patience));
        Assert.False(late.IsCompleted);
        await bench.Volume.ReleaseAsync();
        Assert.Equal(BlockStatus.Success, await late);
        byte[] read = new byte[4096];
        Assert.Equal(BlockStatus.Success, bench.Run(BlockOperation.Read, 0, 8, read));
        Assert.Equal(Filled(2), read);
    }

    [Fact]
    public async Task Hold_Released_NothingWaitsAnyMore()
    {
        using var bench = new VolumeBench("file");
        for (int round = 0; round < 20; round++)
        {
            Assert.True(await bench.Volume.TryHoldAsync(Patience));
            await bench.Volume.ReleaseAsync();
            Assert.Equal(BlockStatus.Success, bench.Run(BlockOperation.Write, 0, 8, Filled((byte)round)));
        }
    }

    private static byte[] Filled(byte value)
    {
        byte[] bytes = new byte[4096];
        Array.Fill(bytes, value);
        return bytes;
    }
}
