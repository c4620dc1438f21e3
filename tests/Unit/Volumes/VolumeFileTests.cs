using VSan.Block;
using VSan.Volumes;
using Xunit;

namespace VSan.Tests.Unit.Volumes;

public sealed class VolumeFileTests
{
    [Fact]
    public void VolumeFile_Opened_IsOneBarrierBlockLongerThanTheVolume()
    {
        using var bench = new VolumeBench("file", sizeBytes: (1024 * 1024) + 512);
        Assert.Equal((1024 * 1024) + 4096 + VolumeFile.BarrierBytes, new FileInfo(bench.FilePath).Length);
    }

    [Fact]
    public void VolumeFile_ShorterThanTheVolume_IsRefusedWithBothLengths()
    {
        using var bench = new VolumeBench("file");
        var larger = new VolumeGeometry(4096, 4096, new BlockCount(1024), 1, true);
        Assert.Null(VolumeFile.TryOpen(bench.FilePath, larger, bench.Rings, out string? error));
        Assert.Contains("4194304", error, StringComparison.Ordinal);
    }

    [Fact]
    public void VolumeFile_Suspect_FailsFlushAndFuaButNotPlainWrites()
    {
        using var bench = new VolumeBench("file");
        var volume = (VolumeFile)bench.Volume;
        Assert.Equal(BlockStatus.Success, bench.Run(BlockOperation.Flush, 0, 0));
        volume.MarkSuspect();
        Assert.Equal(BlockStatus.HardwareError, bench.Run(BlockOperation.Flush, 0, 0));
        Assert.Equal(BlockStatus.HardwareError, bench.Run(BlockOperation.Write, 0, 1, new byte[512], fua: true));
        Assert.Equal(BlockStatus.Success, bench.Run(BlockOperation.Write, 0, 1, new byte[512]));
        Assert.Equal("suspect", volume.State);
    }
}
