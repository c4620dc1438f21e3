using VSan.Contracts.UnitLink;
using VSan.Interop;
using VSan.Tests.Harness;
using Xunit;

namespace VSan.Tests.ControlPlane.UnitAgent;

/// <summary>Clones of snapshots, on an XFS that shares blocks.</summary>
public sealed class CloneFilesTests : IAsyncLifetime
{
    private const long LegBytes = 8 << 20;

    private readonly TemporaryDirectory _root = new();
    private readonly Guid _unitId = Guid.NewGuid();

    private string Mount => Path.Combine(_root.Path, "disk");

    public async Task InitializeAsync()
    {
        Directory.CreateDirectory(Mount);
        if (LoopDevice.Missing is not null) return;
        string image = _root.File("disk.img");
        await using (FileStream file = File.Create(image)) file.SetLength(400 << 20);
        (await ToolRun.RunAsync("mkfs.xfs", ["-q", "-K", "-m", "reflink=1", image])).Succeeded();
        (await ToolRun.RunAsync("mount", ["-t", "xfs", "-o", "loop", image, Mount])).Succeeded();
    }

    public async Task DisposeAsync()
    {
        if (LoopDevice.Missing is null) (await ToolRun.RunAsync("umount", [Mount])).Succeeded();
        _root.Dispose();
    }

    [Fact]
    public async Task Push_LegWithAnOrigin_BeginsWithTheSnapshotsBytesAndLeavesThem()
    {
        if (LoopDevice.Missing is not null) return;
        await using ControlSocketServer blockServer = new(UnitUnderTest.SocketPath(_root.Path));
        using UnitUnderTest unit = new(_root.Path, _unitId, secondStore: Path.Combine(Mount, "store"));
        Guid storeId = unit.Stores.All.Last().Id;
        LegSpec leg = Documents.Leg(Guid.NewGuid(), storeId, LegBytes);
        await PushAsync(unit, 1, [leg], []);
        string image = unit.Stores.Find(storeId)!.ImagePath(leg.LegId);
        await WriteAsync(image, 0x11);

        SnapshotSpec snapshot = new(Guid.NewGuid(), leg.LegId, "s", Documents.Leg(Guid.NewGuid(), storeId, LegBytes));
        Assert.Empty((await PushAsync(unit, 2, [leg], [snapshot])).Conditions);
        await WriteAsync(image, 0x22);
        LegSpec clone = Documents.Leg(Guid.NewGuid(), storeId, LegBytes) with { OriginId = snapshot.Leg.LegId };
        Assert.Empty((await PushAsync(unit, 3, [leg, clone], [snapshot])).Conditions);

        string copy = unit.Stores.Find(storeId)!.ImagePath(clone.LegId);
        Assert.Equal((0x22, 0x11), (await FirstByteAsync(image), await FirstByteAsync(copy)));
        await WriteAsync(copy, 0x33);
        Assert.Equal(0x11, await FirstByteAsync(unit.Stores.Find(storeId)!.ImagePath(snapshot.Leg.LegId)));

        // The origin may go: the clone is whole by itself.
        Assert.Empty((await PushAsync(unit, 4, [leg, clone], [])).Conditions);
        Assert.Equal(0x33, await FirstByteAsync(copy));
        Assert.True(FileSystem.AllocatedBytes(copy) > 0);
    }

    /// <summary>The control: where blocks cannot be shared, a clone is refused and not made empty.</summary>
    [Fact]
    public async Task Push_LegWithAnOriginWhereBlocksAreNotShared_IsRefused()
    {
        await using ControlSocketServer blockServer = new(UnitUnderTest.SocketPath(_root.Path));
        using UnitUnderTest unit = new(_root.Path, _unitId);
        if (unit.Store.Inspect().Reflink) return;
        LegSpec leg = Documents.Leg(Guid.NewGuid(), unit.Store.Id, LegBytes);
        SnapshotSpec snapshot = new(Guid.NewGuid(), leg.LegId, "s", Documents.Leg(Guid.NewGuid(), unit.Store.Id, LegBytes));
        await PushAsync(unit, 1, [leg], [snapshot]);
        LegSpec clone = Documents.Leg(Guid.NewGuid(), unit.Store.Id, LegBytes) with { OriginId = snapshot.Leg.LegId };
        UnitCondition condition = Assert.Single((await PushAsync(unit, 2, [leg, clone], [snapshot])).Conditions);
        Assert.Equal(("apply-failed", clone.LegId), (condition.Code, condition.LegId));
        Assert.False(File.Exists(unit.Store.ImagePath(clone.LegId)));
    }

    private async Task<ConfigurationStatus> PushAsync(UnitUnderTest unit, long generation, LegSpec[] legs, SnapshotSpec[] snapshots)
    {
        ConfigurationPush push = Documents.Push(_unitId, generation, legs);
        return (await unit.Reconciler.PushAsync(push with { Configuration = push.Configuration with { Snapshots = snapshots } }, CancellationToken.None)).Status;
    }

    private static async Task WriteAsync(string path, byte value)
    {
        await using FileStream file = new(path, FileMode.Open, FileAccess.Write);
        byte[] block = new byte[64 * 1024];
        Array.Fill(block, value);
        await file.WriteAsync(block);
        file.Flush(flushToDisk: true);
    }

    private static async Task<int> FirstByteAsync(string path)
    {
        await using FileStream file = File.OpenRead(path);
        return file.ReadByte();
    }
}
