using System.Diagnostics;
using VSan.IscsiInitiator;
using Xunit;
using Xunit.Abstractions;

namespace VSan.Tests.EndToEnd.BlockServer;

/// <summary>What the block server costs the machine it runs on.</summary>
public sealed class FootprintTests(ITestOutputHelper output)
{
    private const long ResidentBytesMax = 64L << 20;

    // docs/adr/0065: a struct in a query anywhere costs some hundred kilobytes.
    [Fact]
    public void Executable_IsNoLargerThan8Megabytes() => Assert.InRange(new FileInfo(ProductBinaries.BlockServer).Length, 1, 8_000_000);

    [Fact]
    public async Task TwentyVolumesUnderLoad_StayWithin64MiB_AndAnIdleServerUsesNoCpu()
    {
        using TestDirectory directory = TestDirectory.For(this);
        await using BlockServerUnderTest server = await BlockServerUnderTest.StartAsync(directory);
        BlockServerSetup setup = new BlockServerSetup(directory).WithVolumes(20);
        await server.ApplyAsync(setup.Next());
        VerifiedLoad[] loads = [.. Enumerable.Range(0, 20).Select(lun => VerifiedLoad.Start(setup.Access(lun), lun + 1, queueDepth: 2))];
        foreach (VerifiedLoad load in loads) await load.ProgressAsync(100);
        foreach (VerifiedLoad load in loads)
        {
            await load.StopAsync();
            Assert.Empty(load.Failures);
        }

        long resident = server.Process.ResidentBytes;
        output.WriteLine($"resident with 20 volumes and 20 sessions: {resident / 1048576.0:0.0} MiB");
        Assert.InRange(resident, 1, ResidentBytesMax);

        TimeSpan before = server.Process.ProcessorTime;
        long start = Stopwatch.GetTimestamp();
        await Task.Delay(TimeSpan.FromSeconds(1));
        double busy = (server.Process.ProcessorTime - before) / Stopwatch.GetElapsedTime(start);
        output.WriteLine($"idle with 20 sessions: {busy:P1} of a core");
        Assert.InRange(busy, 0, 0.03);
        foreach (VerifiedLoad load in loads) await load.DisposeAsync();
    }

    [Fact]
    public async Task TwoHundredIdleSessions_CostLittleMemoryEach()
    {
        const int Sessions = 200;
        using TestDirectory directory = TestDirectory.For(this);
        await using BlockServerUnderTest server = await BlockServerUnderTest.StartAsync(directory);
        BlockServerSetup setup = new BlockServerSetup(directory).WithVolume();
        await server.ApplyAsync(setup.Next());
        List<IscsiSession> sessions = [];
        for (int i = 0; i < Sessions; i++) sessions.Add(await IscsiSession.LoginAsync(setup.Access()));
        Assert.Equal(Sessions, (await server.InspectAsync()).Sessions.Count);
        output.WriteLine($"resident with {Sessions} sessions: {server.Process.ResidentBytes / 1048576.0:0.0} MiB");
        Assert.InRange(server.Process.ResidentBytes, 1, ResidentBytesMax + (Sessions * 64L * 1024));
        foreach (IscsiSession session in sessions) await session.DisposeAsync();
        await Eventually.TrueAsync("no session is left", async () => (await server.InspectAsync()).Sessions.Count == 0);
    }
}
