using System.Diagnostics;
using VSan.Contracts.Api;
using VSan.IscsiInitiator;
using VSan.Tests.EndToEnd.Harness;
using Xunit;
using Xunit.Abstractions;

namespace VSan.Tests.EndToEnd.Pool;

/// <summary>Each process of the pool dies while a host reads and writes.</summary>
public sealed class OutageTests(ITestOutputHelper output)
{
    [Fact]
    public async Task StationKilled_HostIoGoesOn_AndItComesBackWithItsState()
    {
        using TestDirectory directory = TestDirectory.For(this);
        await using TestPool pool = await TestPool.StartAsync(directory, units: 2);
        HostAccess access = await pool.CreateVolumeAsync("kept", await pool.AddHostAsync("db"));
        await using VerifiedLoad load = VerifiedLoad.Start(access, seed: 1);
        await load.ProgressAsync();

        await pool.Station.Process.KillAsync();
        await load.ProgressAsync(2000);
        long start = Stopwatch.GetTimestamp();
        await pool.Station.StartAgainAsync();
        await pool.AllReadyAsync();
        output.WriteLine($"station start to all units ready again: {Stopwatch.GetElapsedTime(start).TotalMilliseconds:0} ms");
        Assert.Equal(VolumeState.Ready, (await pool.FindVolumeAsync("kept")).State);

        await load.ProgressAsync();
        await load.StopAsync();
        Assert.Empty(load.Failures);
        Assert.Equal(0, load.Reconnects);
        Assert.Equal(0, await load.CountLostAsync());
        await pool.CreateVolumeAsync("afterwards", await pool.AddHostAsync("db2"));
    }

    [Fact]
    public async Task AgentKilledAndRestarted_HostIoGoesOn()
    {
        using TestDirectory directory = TestDirectory.For(this);
        await using TestPool pool = await TestPool.StartAsync(directory, units: 1);
        Host host = await pool.AddHostAsync("db");
        await using VerifiedLoad load = VerifiedLoad.Start(await pool.CreateVolumeAsync("kept", host), seed: 1);
        await load.ProgressAsync();
        await pool.Units[0].RestartAgentAfterKillAsync();
        await pool.Units[0].ReadyAsync();
        await load.ProgressAsync(1000);
        await pool.CreateVolumeAsync("afterwards", host);
        await load.StopAsync();
        Assert.Empty(load.Failures);
        Assert.Equal(0, load.Reconnects);
        Assert.Equal(0, await load.CountLostAsync());
    }

    [Fact]
    public async Task BlockServerKilledAndRestarted_RetriedIoSucceedsAndNothingIsLost()
    {
        using TestDirectory directory = TestDirectory.For(this);
        await using TestPool pool = await TestPool.StartAsync(directory, units: 1);
        Host host = await pool.AddHostAsync("db");
        await using VerifiedLoad load = VerifiedLoad.Start(await pool.CreateVolumeAsync("kept", host), seed: 1, queueDepth: 8);
        await load.ProgressAsync();
        await pool.Units[0].RestartBlockServerAfterKillAsync();
        await load.ProgressAsync(1000);
        Assert.True(load.Reconnects > 0);
        await Eventually.TrueAsync("the unit is ready again", async () => (await pool.FindUnitAsync("unit-1")) is { State: UnitState.Ready, Conditions.Count: 0 });
        await pool.CreateVolumeAsync("afterwards", host);
        await load.StopAsync();
        Assert.Empty(load.Failures);
        Assert.Equal(0, await load.CountLostAsync());
    }

    [Fact]
    public async Task WholeUnitRestartedWhileTheStationIsDead_ExportsItsVolumesAgain()
    {
        using TestDirectory directory = TestDirectory.For(this);
        await using TestPool pool = await TestPool.StartAsync(directory, units: 1);
        HostAccess access = await pool.CreateVolumeAsync("kept", await pool.AddHostAsync("db"));
        await using VerifiedLoad load = VerifiedLoad.Start(access, seed: 1);
        await load.ProgressAsync();
        await pool.Station.Process.KillAsync();
        await pool.Units[0].RestartWholeAsync();
        await load.ProgressAsync(1000);
        await load.StopAsync();
        Assert.Empty(load.Failures);
        Assert.Equal(0, await load.CountLostAsync());
        await pool.Station.StartAgainAsync();
        await pool.AllReadyAsync();
    }

    [Fact]
    public async Task StationKilledRightAfterItAccepted_TheOperationEndsWell()
    {
        using TestDirectory directory = TestDirectory.For(this);
        await using TestPool pool = await TestPool.StartAsync(directory, units: 2);
        Host host = await pool.AddHostAsync("db");
        List<VolumeAccepted> accepted = [];
        for (int i = 0; i < 8; i++) accepted.Add(await pool.Api.PostAsync<VolumeAccepted>("volumes", new VolumeCreate($"v{i}", 64 << 20, null, null, host.Id, null)));
        await pool.Station.Process.KillAsync();
        await pool.Station.StartAgainAsync();
        foreach (VolumeAccepted one in accepted)
        {
            Operation ended = await pool.Api.GetAsync<Operation>($"operations/{one.Operation.Id}?wait=30s");
            Assert.Equal(OperationState.Succeeded, ended.State);
            await QemuIo.WriteAndReadBackAsync(directory, await pool.AccessAsync(one.Volume.Id), 0x77);
        }
    }

    [Fact]
    public async Task OperationThatWaitsForADeadUnit_IsCancelledAndUndone()
    {
        using TestDirectory directory = TestDirectory.For(this);
        await using TestPool pool = await TestPool.StartAsync(directory, units: 1);
        Guid unit = (await pool.FindUnitAsync("unit-1")).Id;
        await pool.Units[0].Agent.KillAsync();
        VolumeAccepted accepted = await pool.Api.PostAsync<VolumeAccepted>("volumes", new VolumeCreate("never", 64 << 20, null, null, null, unit));
        Operation waiting = await pool.Api.GetAsync<Operation>($"operations/{accepted.Operation.Id}");
        Assert.Contains(waiting.State, new[] { OperationState.Queued, OperationState.Running });
        (await pool.Cli.RunAsync("operation", "cancel", $"{waiting.Id}")).Succeeded();

        // Whether the dead unit made the leg is unknown, so the undoing ends when it can be asked.
        await pool.Units[0].Agent.DisposeAsync();
        pool.Units[0].StartAgent();
        Operation ended = await pool.Api.GetAsync<Operation>($"operations/{waiting.Id}?wait=20s");
        Assert.Equal(OperationState.Cancelled, ended.State);
        await Eventually.TrueAsync("the volume is gone", async () => (await pool.Api.GetAsync<VolumePage>("volumes?name=never")).Items.Count == 0);
        Assert.Equal(0, (await pool.Api.GetAsync<VSan.Contracts.Api.Pool>("pool")).PromisedBytes);
    }

    [Fact]
    public async Task StationRestoredFromAnOldBackup_UnitRefusesTheOlderConfigurationAndKeepsServing()
    {
        using TestDirectory directory = TestDirectory.For(this);
        await using TestPool pool = await TestPool.StartAsync(directory, units: 1);
        Host host = await pool.AddHostAsync("db");
        await pool.CreateVolumeAsync("before", host);
        await pool.Station.Process.StopAsync();
        (await ToolRun.RunAsync("cp", ["-a", pool.Station.State, directory.File("backup")])).Succeeded();
        await pool.Station.StartAgainAsync();
        await pool.AllReadyAsync();
        await using VerifiedLoad load = VerifiedLoad.Start(await pool.CreateVolumeAsync("after", host), seed: 1);
        await load.ProgressAsync();

        await pool.Station.Process.StopAsync();
        Directory.Delete(pool.Station.State, recursive: true);
        Directory.Move(directory.File("backup"), pool.Station.State);
        await pool.Station.StartAgainAsync();
        using StreamReader events = await pool.Api.EventsAsync(lastEventId: 0);
        using CancellationTokenSource deadline = new(Eventually.Patience);
        while (!(await events.ReadLineAsync(deadline.Token) ?? throw new EndOfStreamException()).Contains("unit.generation-refused", StringComparison.Ordinal))
        {
        }

        await load.ProgressAsync(500);
        await load.StopAsync();
        Assert.Empty(load.Failures);
        Assert.Equal(0, load.Reconnects);
        Assert.Equal(0, await load.CountLostAsync());
    }
}
