using VSan.Contracts.BlockServer;
using VSan.Tests.EndToEnd.Harness;
using VSan.Tests.Proof.Disks;
using Xunit;

namespace VSan.Tests.EndToEnd.BlockServer;

/// <summary>Snapshots and clones on a store that shares blocks: an XFS on a loop device.</summary>
public sealed class SnapshotTests
{
    private const long StoreBytes = 400L << 20;

    [Fact]
    public async Task GroupWhileAHostWrites_SharesOnePointInTime_AndSingleOnesDoNot()
    {
        const int Rounds = 10;
        using TestDirectory directory = TestDirectory.For(this);
        await using XfsMount store = await StoreAsync(directory);
        await using BlockServerUnderTest server = await BlockServerUnderTest.StartAsync(directory, start: new BlockServerStart { Rings = 2 });
        BlockServerSetup setup = new BlockServerSetup(directory) { VolumeFolder = store.Folder }.WithVolumes(2);
        await server.ApplyAsync(setup.Next());
        await using CounterPair counters = await CounterPair.StartAsync(setup.Access(0), setup.Access(1));
        for (int round = 0; round < Rounds; round++)
        {
            await counters.ProgressAsync(20);
            SnapshotRequest[] group = [.. setup.Volumes.Select((volume, index) => new SnapshotRequest(volume.Id, $"{store.Folder}/{round}-{index}.img"))];
            long before = counters.Acknowledged;
            await SnapshotAsync(server, group);
            long after = counters.Begun;
            (long first, long second) = (CounterPair.Read(group[0].Path), CounterPair.Read(group[1].Path));
            Assert.InRange(first - second, 0, 1);
            Assert.InRange(second, before, after);
        }

        // The control: one after the other they share no point in time, and the counters show it.
        SnapshotRequest[] apart = [.. setup.Volumes.Select((volume, index) => new SnapshotRequest(volume.Id, $"{store.Folder}/apart-{index}.img"))];
        await SnapshotAsync(server, apart[0]);
        await counters.ProgressAsync(20);
        await SnapshotAsync(server, apart[1]);
        Assert.True(CounterPair.Read(apart[1].Path) > CounterPair.Read(apart[0].Path));
    }

    [Fact]
    public async Task SnapshotServedAsAVolume_HoldsTheOldBytes_AndIsWrittenByItself()
    {
        using TestDirectory directory = TestDirectory.For(this);
        await using XfsMount store = await StoreAsync(directory);
        await using BlockServerUnderTest server = await BlockServerUnderTest.StartAsync(directory);
        BlockServerSetup setup = new BlockServerSetup(directory) { VolumeFolder = store.Folder }.WithVolume();
        await server.ApplyAsync(setup.Next());
        (await QemuIo.RunAsync(directory, setup.Access(), "write -P 0x11 0 1M")).Succeeded();
        VolumeConfiguration source = setup.Volumes[0];
        ToolRun made = await ToolRun.RunAsync(ProductBinaries.BlockServer, ["snapshot", "--control", server.Control, $"{source.Id}={store.Folder}/clone.img"]);
        made.Succeeded();
        (await QemuIo.RunAsync(directory, setup.Access(), "write -P 0x22 0 1M")).Succeeded();

        Guid id = Guid.NewGuid();
        VolumeConfiguration clone = source with { Id = id, Path = $"{store.Folder}/clone.img", Naa = "6" + id.ToString("N")[1..], SerialNumber = id.ToString("N") };
        BlockServerConfiguration next = setup.Next();
        TargetConfiguration target = next.Targets[0];
        AccessConfiguration access = target.Access[0];
        await server.ApplyAsync(next with
        {
            Volumes = [.. next.Volumes, clone],
            Targets = [target with { Access = [access with { LogicalUnits = [.. access.LogicalUnits, new LogicalUnitConfiguration(1, id, ReadOnly: false)] }] }],
        });
        (await QemuIo.RunAsync(directory, setup.Access(1), "read -P 0x11 0 1M")).Succeeded();
        (await QemuIo.RunAsync(directory, setup.Access(1), "write -P 0x33 0 64k")).Succeeded();
        (await QemuIo.RunAsync(directory, setup.Access(0), "read -P 0x22 0 1M")).Succeeded();
        (await QemuIo.RunAsync(directory, setup.Access(1), "read -P 0x11 64k 64k")).Succeeded();
    }

    [Fact]
    public async Task GroupThatIsThere_StaysAsItIs_AndAPartOfOneIsRefused()
    {
        using TestDirectory directory = TestDirectory.For(this);
        await using XfsMount store = await StoreAsync(directory);
        await using BlockServerUnderTest server = await BlockServerUnderTest.StartAsync(directory);
        BlockServerSetup setup = new BlockServerSetup(directory) { VolumeFolder = store.Folder }.WithVolumes(2);
        await server.ApplyAsync(setup.Next());
        SnapshotRequest[] group = [.. setup.Volumes.Select((volume, index) => new SnapshotRequest(volume.Id, $"{store.Folder}/{index}.snapshot"))];
        await SnapshotAsync(server, group);
        DateTime made = File.GetLastWriteTimeUtc(group[0].Path);
        await SnapshotAsync(server, group);
        Assert.Equal(made, File.GetLastWriteTimeUtc(group[0].Path));

        File.Delete(group[1].Path);
        Assert.Contains("is there already", await ErrorOfAsync(server, group), StringComparison.Ordinal);
        Assert.False(File.Exists(group[1].Path));
    }

    [Fact]
    public async Task SnapshotThatCannotBe_SaysWhy_LeavesNothing_AndTheHostGoesOn()
    {
        using TestDirectory directory = TestDirectory.For(this);
        await using XfsMount store = await StoreAsync(directory);
        await using BlockServerUnderTest server = await BlockServerUnderTest.StartAsync(directory);
        BlockServerSetup setup = new BlockServerSetup(directory) { VolumeFolder = store.Folder }.WithVolumes(2);
        await server.ApplyAsync(setup.Next());
        await using VerifiedLoad load = VerifiedLoad.Start(setup.Access(), seed: 3);
        await load.ProgressAsync();
        Guid first = setup.Volumes[0].Id, second = setup.Volumes[1].Id;
        string good = $"{store.Folder}/good.img";

        // The second of the group lies on another filesystem: the first, made already, has to go.
        Assert.Contains("cannot share blocks", await ErrorOfAsync(server, new(first, good), new(second, directory.File("elsewhere.img"))), StringComparison.Ordinal);
        Assert.False(File.Exists(good));
        Assert.Empty(Directory.GetFiles(directory.Location, "elsewhere*"));
        Assert.Contains("is not served", await ErrorOfAsync(server, new SnapshotRequest(Guid.NewGuid(), good)), StringComparison.Ordinal);
        Assert.Contains("absolute", await ErrorOfAsync(server, new SnapshotRequest(first, "good.img")), StringComparison.Ordinal);
        Assert.Contains("twice", await ErrorOfAsync(server, new(first, good), new(first, good + "2")), StringComparison.Ordinal);
        await load.ProgressAsync();
        Assert.Empty(load.Failures);
    }

    private static Task<XfsMount> StoreAsync(TestDirectory directory)
    {
        string image = directory.File("store.xfs");
        using (FileStream file = File.Create(image)) file.SetLength(StoreBytes);
        return XfsMount.CreateAsync(image, directory.Folder("store"));
    }

    private static async Task SnapshotAsync(BlockServerUnderTest server, params SnapshotRequest[] group) => Assert.Null(await ErrorOfAsync(server, group));

    private static async Task<string?> ErrorOfAsync(BlockServerUnderTest server, params SnapshotRequest[] group) =>
        (await server.AskAsync(new ControlRequest(ControlVerb.Snapshot, null) { Snapshots = group })).Error;
}
