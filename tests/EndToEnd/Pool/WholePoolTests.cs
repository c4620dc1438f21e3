using System.Diagnostics;
using VSan.Contracts.Api;
using VSan.IscsiInitiator;
using VSan.Tests.EndToEnd.Harness;
using Xunit;
using Xunit.Abstractions;

namespace VSan.Tests.EndToEnd.Pool;

/// <summary>Three units, twenty volumes on each, verified by all sessions at once; a fourth joins meanwhile.</summary>
public sealed class WholePoolTests(ITestOutputHelper output)
{
    private const int UnitCount = 3;
    private const int VolumesPerUnit = 20;

    [Fact]
    public async Task SixtyVolumesUnderVerifiedLoad_AFourthUnitJoins_NoErrorAndBoundedMemory()
    {
        using TestDirectory directory = TestDirectory.For(this);
        await using TestPool pool = await TestPool.StartAsync(directory, UnitCount);
        Host host = await pool.AddHostAsync("everything");
        List<VerifiedLoad> loads = [];
        long start = Stopwatch.GetTimestamp();
        for (int volume = 0; volume < UnitCount * VolumesPerUnit; volume++)
        {
            HostAccess access = await pool.CreateVolumeAsync($"v{volume}", host, on: pool.Units[volume % UnitCount]);
            loads.Add(VerifiedLoad.Start(access, volume + 1, queueDepth: 2));
        }

        output.WriteLine($"{loads.Count} volumes created and mapped under growing load in {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s");
        await ProgressAsync(loads);

        start = Stopwatch.GetTimestamp();
        UnitUnderTest fourth = pool.StartUnit();
        await fourth.ReadyAsync();
        output.WriteLine($"fourth unit, start to ready under load: {Stopwatch.GetElapsedTime(start).TotalMilliseconds:0} ms");
        await pool.AllReadyAsync();
        await ProgressAsync(loads);

        Report("station", pool.Station.Process, 120);
        foreach (UnitUnderTest unit in pool.Units)
        {
            Report($"{unit.Name} agent", unit.Agent, 40);
            Report($"{unit.Name} block server", unit.BlockServer, 64);
        }

        foreach (VerifiedLoad load in loads) await load.StopAsync();
        output.WriteLine($"{loads.Sum(load => load.Operations)} verified commands");
        foreach (VerifiedLoad load in loads)
        {
            Assert.Empty(load.Failures);
            Assert.Equal(0, load.Reconnects);
            Assert.Equal(0, await load.CountLostAsync());
            await load.DisposeAsync();
        }
    }

    [Fact]
    public async Task UnitsWithAToken_BecomeReady()
    {
        using TestDirectory directory = TestDirectory.For(this);
        await using TestPool pool = await TestPool.StartAsync(directory, units: 0);
        List<double> milliseconds = [];
        for (int i = 0; i < UnitCount; i++)
        {
            long start = Stopwatch.GetTimestamp();
            UnitUnderTest unit = pool.StartUnit();
            await unit.ReadyAsync();
            milliseconds.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        await pool.AllReadyAsync();
        milliseconds.Sort();
        output.WriteLine($"agent start to ready: {string.Join(", ", milliseconds.Select(time => $"{time:0} ms"))}");
        Assert.Equal(PoolHealth.Healthy, (await pool.Api.GetAsync<VSan.Contracts.Api.Pool>("pool")).Health);
    }

    private static Task ProgressAsync(IEnumerable<VerifiedLoad> loads) => Task.WhenAll(loads.Select(load => load.ProgressAsync(50)));

    private void Report(string name, ProcessUnderTest process, int mebibytesMax)
    {
        double mebibytes = process.ResidentBytes / 1048576.0;
        output.WriteLine($"{name}: {mebibytes:0.0} MiB resident (bound {mebibytesMax})");
        Assert.InRange(mebibytes, 1, mebibytesMax);
    }
}
