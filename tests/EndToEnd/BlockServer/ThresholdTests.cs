using VSan.Contracts.BlockServer;
using VSan.IscsiInitiator;
using VSan.Tests.Proof.Disks;
using Xunit;

namespace VSan.Tests.EndToEnd.BlockServer;

/// <summary>A store that fills up: its hosts, the log and whoever looks are warned before it is full.</summary>
public sealed class ThresholdTests
{
    private const long StoreBytes = 400L << 20;
    private static readonly byte[] Attention = [0x38, 0x07];

    [Fact]
    public async Task StoreThatSomebodyElseFills_WarnsEveryHostOnce_AndTheLogAndInspect()
    {
        using TestDirectory directory = TestDirectory.For(this);
        string image = directory.File("store.xfs");
        await using (FileStream file = File.Create(image)) file.SetLength(StoreBytes);
        await using XfsMount store = await XfsMount.CreateAsync(image, directory.Folder("store"));
        await using BlockServerUnderTest server = await BlockServerUnderTest.StartAsync(directory);
        BlockServerSetup setup = new BlockServerSetup(directory) { VolumeFolder = store.Folder }.WithVolume();
        BlockServerConfiguration wanted = setup.Next();
        await server.ApplyAsync(wanted with { Volumes = [wanted.Volumes[0] with { SoftThresholdPercent = 50 }] });
        await using IscsiSession first = await IscsiSession.LoginAsync(setup.Access());
        await using IscsiSession second = await IscsiSession.LoginAsync(setup.Access());
        foreach (IscsiSession session in new[] { first, second }) await session.ExecuteAsync(ScsiCommand.TestUnitReady());

        string filler = Path.Combine(store.Folder, "filler");
        await File.WriteAllBytesAsync(filler, new byte[StoreBytes * 6 / 10]);
        await Eventually.TrueAsync("the threshold is reached", async () => (await SpaceAsync(server)).Low);
        foreach (IscsiSession session in new[] { first, second })
        {
            ScsiResult told = await session.ExecuteOnceAsync(ScsiCommand.TestUnitReady(), 0, default);
            Assert.Equal(ScsiResult.UnitAttention, told.SenseKey);
            Assert.Equal(Attention, told.Sense[12..14]);
            Assert.Equal(ScsiResult.Good, (await session.ExecuteOnceAsync(ScsiCommand.TestUnitReady(), 0, default)).Status);
        }

        Assert.Equal(1, server.Process.Output.Split("event=space-low").Length - 1);
        File.Delete(filler);
        await Eventually.TrueAsync("there is room again", async () => !(await SpaceAsync(server)).Low);
        Assert.Contains("event=space-recovered", server.Process.Output, StringComparison.Ordinal);
    }

    private static async Task<SpaceInspection> SpaceAsync(BlockServerUnderTest server) => (await server.InspectAsync()).Volumes[0].Space!;
}
