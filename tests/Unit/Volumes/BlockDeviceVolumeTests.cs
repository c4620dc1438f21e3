using VSan.Block;
using VSan.Tests.Harness;
using VSan.Volumes;
using Xunit;

namespace VSan.Tests.Unit.Volumes;

/// <summary>What a volume on a block device takes from it, and whom it refuses.</summary>
public sealed class BlockDeviceVolumeTests
{
    private const long Bytes = 1024 * 1024;

    [Theory]
    [LoopInlineData(512)]
    [LoopInlineData(4096)]
    public void Device_Opened_HasTheDevicesShape(int blockBytes)
    {
        using var bench = new VolumeBench("device", blockBytes: blockBytes);
        VolumeGeometry geometry = bench.Volume.Geometry;
        Assert.Equal(blockBytes, geometry.PhysicalBlockSizeBytes);
        Assert.Equal(new BlockCount((ulong)(Bytes / blockBytes)), geometry.Blocks);
        string name = Path.GetFileName(bench.Loop!.Path);
        int granularity = int.Parse(File.ReadAllText($"/sys/block/{name}/queue/discard_granularity"), System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(granularity / blockBytes, geometry.UnmapGranularityBlocks);
        Assert.Equal(0, geometry.UnmapAlignmentBlocks);
        Assert.Equal(bench.FilePath, ((BlockDeviceVolume)bench.Volume).Identity);
    }

    [LoopFact]
    public async Task Device_InUse_IsRefusedAndSaysByWhom()
    {
        using var bench = new VolumeBench("device");
        (BlockDeviceVolume? second, string? error) = await BlockDeviceVolume.OpenAsync(bench.Loop!.Path, bench.Volume.Geometry, null, bench.Rings);
        Assert.Null(second);
        Assert.Contains("another volume of this server", error, StringComparison.Ordinal);

        // The same device after the volume has let go of it, and then mounted.
        VolumeGeometry geometry = bench.Volume.Geometry;
        await bench.ReopenAsync();
        await bench.Volume.CloseAsync();
        string folder = Directory.CreateTempSubdirectory("vsan-mount-").FullName;
        (await ToolRun.RunAsync("mkfs.ext4", ["-q", bench.Loop.Path])).Succeeded();
        (await ToolRun.RunAsync("mount", [bench.Loop.Path, folder])).Succeeded();
        try
        {
            (second, error) = await BlockDeviceVolume.OpenAsync(bench.Loop.Path, geometry, null, bench.Rings);
            Assert.Null(second);
            Assert.Contains($"mounted at {folder}", error, StringComparison.Ordinal);
        }
        finally
        {
            (await ToolRun.RunAsync("umount", [folder])).Succeeded();
            Directory.Delete(folder);
        }
    }

    [LoopFact]
    public async Task Partition_IsServed_AndItsDiskIsRefusedWhileAnotherOneIsMounted()
    {
        const int StartSectors = 256, Sectors = 512;
        using var bench = new VolumeBench("device");
        VolumeGeometry geometry = bench.Volume.Geometry;
        await bench.Volume.CloseAsync();
        string disk = bench.Loop!.Path, folder = Directory.CreateTempSubdirectory("vsan-mount-").FullName;
        for (int number = 1; number <= 2; number++)
            (await ToolRun.RunAsync("addpart", [disk, $"{number}", $"{StartSectors + ((number - 1) * Sectors)}", $"{Sectors}"])).Succeeded();
        try
        {
            VolumeGeometry part = geometry with { Blocks = new BlockCount(Sectors) };
            (BlockDeviceVolume? first, _) = await BlockDeviceVolume.OpenAsync($"{disk}p1", part, $"{bench.FilePath}-part1", bench.Rings);
            Assert.Equal(Sectors, (long)first!.Geometry.Blocks.Value);
            await first.CloseAsync();
            (await ToolRun.RunAsync("mkfs.ext4", ["-q", $"{disk}p2"])).Succeeded();
            (await ToolRun.RunAsync("mount", [$"{disk}p2", folder])).Succeeded();
            (BlockDeviceVolume? whole, string? error) = await BlockDeviceVolume.OpenAsync(disk, geometry, null, bench.Rings);
            Assert.Null(whole);
            Assert.Contains($"mounted at {folder}", error, StringComparison.Ordinal);
        }
        finally
        {
            _ = await ToolRun.RunAsync("umount", [folder]);
            for (int number = 1; number <= 2; number++) (await ToolRun.RunAsync("delpart", [disk, $"{number}"])).Succeeded();
            Directory.Delete(folder);
        }
    }

    [LoopFact]
    public async Task Device_ThatIsNotAsAskedFor_IsRefusedWithBothSides()
    {
        using var bench = new VolumeBench("device", blockBytes: 4096);
        VolumeGeometry geometry = bench.Volume.Geometry;
        await bench.Volume.CloseAsync();
        string path = bench.Loop!.Path;
        async Task<string> RefusalAsync(string where, VolumeGeometry wanted, string? identity = null)
        {
            (BlockDeviceVolume? opened, string? error) = await BlockDeviceVolume.OpenAsync(where, wanted, identity, bench.Rings);
            Assert.Null(opened);
            return error!;
        }

        string smaller = await RefusalAsync(path, geometry with { Blocks = new BlockCount(geometry.Blocks.Value + 1) });
        Assert.Contains($"{Bytes}", smaller, StringComparison.Ordinal);
        Assert.Contains($"{Bytes + 4096}", smaller, StringComparison.Ordinal);
        Assert.Contains("4096 bytes, the volume's 512", await RefusalAsync(path, geometry with { BlockSizeBytes = 512 }), StringComparison.Ordinal);
        string other = await RefusalAsync(path, geometry, identity: "naa.5000c50015ea71ac");
        Assert.Contains(bench.FilePath, other, StringComparison.Ordinal);
        Assert.Contains("naa.5000c50015ea71ac", other, StringComparison.Ordinal);
        Assert.Contains("no block device", await RefusalAsync(bench.FilePath, geometry), StringComparison.Ordinal);
        Assert.Contains("No such file", await RefusalAsync("/dev/vsan-absent", geometry), StringComparison.Ordinal);
        Assert.Null(VolumeFile.TryOpen(path, geometry, bench.Rings, out string? error));
        Assert.Contains("its kind is device", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Device_ThatCannotUnmap_IsThickOrNotAtAll()
    {
        var facts = new DeviceFacts("8:0", Bytes, 512, 4096, DiscardGranularityBytes: 0, DiscardAlignmentBytes: 0, CanUnmap: false, Identity: null);
        var thin = new VolumeGeometry(512, 4096, new BlockCount(Bytes / 512), 8, Thin: true);
        Assert.Contains("thin false", BlockDeviceVolume.Mismatch(facts, thin, null), StringComparison.Ordinal);
        Assert.Null(BlockDeviceVolume.Mismatch(facts, thin with { Thin = false }, null));
        Assert.Null(BlockDeviceVolume.Mismatch(facts with { CanUnmap = true }, thin, null));
    }

    [Theory]
    [InlineData(1024 * 1024, 65536, 2048, 128)]
    [InlineData(512, 0, 1, 0)]
    [InlineData(0, 0, 1, 0)]
    public void Shape_FollowsTheDevicesDiscardGranularityAndAlignment(long granularityBytes, long alignmentBytes, int blocks, int alignmentBlocks)
    {
        var facts = new DeviceFacts("8:1", Bytes, 512, 4096, granularityBytes, alignmentBytes, CanUnmap: true, Identity: null);
        VolumeGeometry shape = BlockDeviceVolume.ShapeOf(facts, new VolumeGeometry(512, 4096, new BlockCount(Bytes / 512), 8, Thin: true));
        Assert.Equal((4096, blocks, alignmentBlocks), (shape.PhysicalBlockSizeBytes, shape.UnmapGranularityBlocks, shape.UnmapAlignmentBlocks));
    }

    [LoopFact]
    public void Unmap_GivesTheSpaceBackAndReadsZeroesBelowTheDeviceToo()
    {
        using var bench = new VolumeBench("device");
        byte[] data = new byte[64 * 1024];
        Array.Fill(data, (byte)0x5a);
        Assert.Equal(BlockStatus.Success, bench.Run(BlockOperation.Write, 0, 128, data, fua: true));
        long before = Allocated(bench);
        Assert.Equal(BlockStatus.Success, bench.Run(BlockOperation.Unmap, 1, 126));
        Assert.InRange(Allocated(bench), 0, before - (14 * 4096));
        byte[] below = File.ReadAllBytes(bench.FilePath)[..data.Length];
        Assert.All(below[512..^512], value => Assert.Equal(0, value));
        Assert.Equal(data[..512], below[..512]);
        Assert.Equal(data[..512], below[^512..]);
    }

    [LoopFact]
    public void Extent_OfADevice_CountsAsTaken()
    {
        using var bench = new VolumeBench("device");
        Assert.Equal(BlockStatus.Success, bench.Run(BlockOperation.FindExtent, 8, 100));
        Assert.Equal((100UL, true), bench.LastExtent);
    }

    [LoopFact]
    public void Grow_PastTheDevice_IsRefusedUntilTheDeviceHasGrown()
    {
        using var bench = new VolumeBench("device");
        var twice = new BlockCount(bench.Volume.Geometry.Blocks.Value * 2);
        Assert.Contains($"{Bytes}", bench.Volume.Grow(twice), StringComparison.Ordinal);
        bench.Lengthen(2 * Bytes);
        Assert.Null(bench.Volume.Grow(twice));
        Assert.Equal(BlockStatus.Success, bench.Run(BlockOperation.Write, twice.Value - 8, 8, new byte[4096]));
    }

    private static long Allocated(VolumeBench bench) => VSan.Interop.FileSystem.AllocatedBytes(bench.FilePath);
}
