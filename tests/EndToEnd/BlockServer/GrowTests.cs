using System.Buffers.Binary;
using VSan.Contracts.BlockServer;
using VSan.IscsiInitiator;
using Xunit;

namespace VSan.Tests.EndToEnd.BlockServer;

/// <summary>Volumes that grow while hosts use them, in a file and on a block device, and what each host is told.</summary>
public sealed class GrowTests
{
    private const long StartBytes = 16L << 20;
    private const int Rounds = 5;
    private const int CapacityHasChanged = 0x062a09;

    [Fact]
    public async Task FileGrownUnderLoad_EachNexusIsToldOnce_AndNoCommandFails()
    {
        using TestDirectory directory = TestDirectory.For(this);
        BlockServerSetup setup = new BlockServerSetup(directory).WithVolume(StartBytes);
        await GrowUnderLoadAsync(directory, setup, bytes => LengthenAsync(setup.Volumes[0].Path!, bytes));
    }

    [Fact]
    public async Task DeviceGrownUnderLoad_EachNexusIsToldOnce_AndNoCommandFails()
    {
        using TestDirectory directory = TestDirectory.For(this);
        string image = directory.File("device.raw");
        await LengthenAsync(image, StartBytes);
        await using LoopDevice device = await LoopDevice.AttachAsync(image);
        BlockServerSetup setup = new BlockServerSetup(directory).WithDevice(device.Path, StartBytes);
        await GrowUnderLoadAsync(directory, setup, async bytes =>
        {
            await LengthenAsync(image, bytes);
            await device.ResizeAsync();
        });
    }

    [Fact]
    public async Task DeviceOfAKilledServer_IsServedAgain_AndMountedOnesAndSnapshotsAreRefused()
    {
        using TestDirectory directory = TestDirectory.For(this);
        string image = directory.File("device.raw");
        await LengthenAsync(image, StartBytes);
        await using LoopDevice device = await LoopDevice.AttachAsync(image);
        await using BlockServerUnderTest server = await BlockServerUnderTest.StartAsync(directory);
        BlockServerSetup setup = new BlockServerSetup(directory).WithDevice(device.Path, StartBytes);
        await server.ApplyAsync(setup.Next());
        Assert.NotEqual(0, (await ToolRun.RunAsync("mount", [device.Path, directory.Folder("mount")])).ExitCode);
        await using (VerifiedLoad load = VerifiedLoad.Start(setup.Access(), seed: 5))
        {
            for (int round = 0; round < 3; round++)
            {
                await load.ProgressAsync();
                await server.RestartAfterKillAsync();
            }

            await load.ProgressAsync();
            await load.StopAsync();
            Assert.Empty(load.Failures);
            Assert.Equal(0, await load.CountLostAsync());
        }

        SnapshotRequest snapshot = new(setup.Volumes[0].Id, directory.File("snapshot.img"));
        ControlAnswer answer = await server.AskAsync(new ControlRequest(ControlVerb.Snapshot, null) { Snapshots = [snapshot] });
        Assert.Contains("is not in a file", answer.Error, StringComparison.Ordinal);
        VolumeInspection seen = (await server.InspectAsync()).Volumes[0];
        Assert.Equal((image, "thin", null), (seen.DeviceIdentity, seen.Provisioning, seen.AllocatedBytes));
    }

    private static async Task GrowUnderLoadAsync(TestDirectory directory, BlockServerSetup setup, Func<long, Task> lengthenAsync)
    {
        await using BlockServerUnderTest server = await BlockServerUnderTest.StartAsync(directory, start: new BlockServerStart { Rings = 2 });
        await server.ApplyAsync(setup.Next());
        await using VerifiedLoad load = VerifiedLoad.Start(setup.Access(), seed: 9, queueDepth: 8);
        await using IscsiSession first = await IscsiSession.LoginAsync(setup.Access()), second = await IscsiSession.LoginAsync(setup.Access());
        IscsiSession[] nexuses = [first, second];
        foreach (IscsiSession nexus in nexuses) await nexus.ExecuteAsync(ScsiCommand.TestUnitReady());
        for (int round = 1; round <= Rounds; round++)
        {
            await load.ProgressAsync();
            long before = setup.Volumes[0].SizeBytes, after = StartBytes * (round + 1);
            foreach (IscsiSession nexus in nexuses) Assert.Equal(0, await ReadyAsync(nexus));

            // The configuration alone makes no volume larger: what is below it has to be.
            if (round == 1) await RefusedAsync(server, setup.Resized(0, after), $"{after}");
            await lengthenAsync(after);
            await server.ApplyAsync(setup.Resized(0, after).Next());
            foreach (IscsiSession nexus in nexuses)
            {
                Assert.Equal(CapacityHasChanged, await ReadyAsync(nexus));
                Assert.Equal(0, await ReadyAsync(nexus));
                Assert.Equal(after, await CapacityAsync(nexus));
                await LastBlocksAsync(nexus, before, after, (byte)round);
            }

            await RefusedAsync(server, setup.Resized(0, before), "cannot shrink");
            Assert.Equal(after, await CapacityAsync(first));
            await server.ApplyAsync(setup.Resized(0, after).Next());
            Assert.Equal(0, await ReadyAsync(first));
        }

        await load.StopAsync();
        Assert.Empty(load.Failures);
        Assert.Equal(0, load.Reconnects);
        Assert.Equal(0, await load.CountLostAsync());
    }

    private static async Task RefusedAsync(BlockServerUnderTest server, BlockServerSetup setup, string reason)
    {
        ControlAnswer answer = await server.AskAsync(new ControlRequest(ControlVerb.Apply, setup.Next()));
        Assert.Contains(reason, answer.Error, StringComparison.Ordinal);
    }

    // The new part reads as zeroes until it is written, up to the last block.
    private static async Task LastBlocksAsync(IscsiSession nexus, long before, long after, byte value)
    {
        ulong last = (ulong)(after / 512) - 8;
        byte[] data = new byte[4096];
        Array.Fill(data, value);
        Assert.DoesNotContain((await nexus.ExecuteOnceAsync(ScsiCommand.Read((ulong)(before / 512), 8), 4096, default)).Data, one => one != 0);
        Assert.Equal(ScsiResult.Good, (await nexus.ExecuteOnceAsync(ScsiCommand.Write(last, 8), 0, data)).Status);
        Assert.Equal(data, (await nexus.ExecuteOnceAsync(ScsiCommand.Read(last, 8), 4096, default)).Data);
    }

    private static async Task<int> ReadyAsync(IscsiSession nexus) => (await nexus.ExecuteOnceAsync(ScsiCommand.TestUnitReady(), 0, default)).SenseCode;

    private static async Task<long> CapacityAsync(IscsiSession nexus)
    {
        ScsiResult result = await nexus.ExecuteOnceAsync(ScsiCommand.ReadCapacity(), 32, default);
        Assert.Equal(ScsiResult.Good, result.Status);
        return (long)(BinaryPrimitives.ReadUInt64BigEndian(result.Data) + 1) * BinaryPrimitives.ReadUInt32BigEndian(result.Data.AsSpan(8));
    }

    private static Task LengthenAsync(string path, long bytes)
    {
        using FileStream file = new(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite);
        file.SetLength(bytes);
        return Task.CompletedTask;
    }
}
