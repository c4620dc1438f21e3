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
    public void Thick_WhateverIsDoneToIt_KeepsAllOfItsSpace()
    {
        using var bench = new VolumeBench("thick");
        long bytes = (long)bench.Volume.Geometry.CapacityBytes;
        Assert.InRange(bench.Volume.MeasureSpace()!.UsedBytes, bytes, bytes + 65536);
        Assert.Equal(BlockStatus.Success, bench.Run(BlockOperation.Write, 0, 1024, new byte[512 * 1024]));
        Assert.Equal(BlockStatus.Success, bench.Run(BlockOperation.WriteZeroes, 3, 2000));
        Assert.Equal(BlockStatus.Success, bench.Run(BlockOperation.Unmap, 3, 2000));
        Assert.InRange(bench.Volume.MeasureSpace()!.UsedBytes, bytes, bytes + 65536);
        bench.Lengthen(2 * bytes);
        Assert.Null(bench.Volume.Grow(new BlockCount(4096)));
        Assert.InRange(bench.Volume.MeasureSpace()!.UsedBytes, 2 * bytes, (2 * bytes) + 65536);
    }

    [Fact]
    public void Thin_TakesSpaceAsItIsWrittenAndGivesItBack()
    {
        using var bench = new VolumeBench("file");
        long empty = bench.Volume.MeasureSpace()!.UsedBytes;
        Assert.Equal(BlockStatus.Success, bench.Run(BlockOperation.Write, 0, 1024, new byte[512 * 1024], fua: true));
        Assert.InRange(bench.Volume.MeasureSpace()!.UsedBytes, empty + (512 * 1024), empty + (640 * 1024));
        Assert.Equal(BlockStatus.Success, bench.Run(BlockOperation.Unmap, 0, 1024));
        Assert.InRange(bench.Volume.MeasureSpace()!.UsedBytes, 0, empty + 65536);
    }

    [Fact]
    public void Thick_LargerThanItsStore_IsRefusedAndTakesNothing()
    {
        using var bench = new VolumeBench("file");
        long bytes = (new DriveInfo(bench.FilePath).AvailableFreeSpace + (1L << 30)) & -4096;
        bench.Lengthen(bytes);
        var geometry = new VolumeGeometry(4096, 4096, new BlockCount((ulong)bytes / 4096), 1, Thin: false);
        Assert.Null(VolumeFile.TryOpen(bench.FilePath, geometry, bench.Rings, out string? error));
        Assert.Contains("lacks", error, StringComparison.Ordinal);
        Assert.InRange(bench.Volume.MeasureSpace()!.UsedBytes, 0, 65536);
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
