using System.Diagnostics;
using VSan.Contracts.BlockServer;
using VSan.IscsiInitiator;
using Xunit;

namespace VSan.Tests.EndToEnd.BlockServer;

/// <summary>Limits of volumes, kept by a server that serves an unlimited one in the same session.</summary>
public sealed class LimitTests
{
    private const int Iops = 100;
    private const int Commands = 300;

    // Of a second: what an idle volume saves up.
    private const int Burst = Iops;

    [Fact]
    public async Task TwoVolumes_TheLimitedOneGetsWhatTheClockPaysFor_TheOtherDoesNotWait()
    {
        using TestDirectory directory = TestDirectory.For(this);
        await using BlockServerUnderTest server = await BlockServerUnderTest.StartAsync(directory);
        BlockServerSetup setup = new BlockServerSetup(directory).WithVolumes(2);
        await server.ApplyAsync(Limited(setup.Next(), new LimitConfiguration(Iops, null)));
        await using IscsiSession limited = await IscsiSession.LoginAsync(setup.Access());
        await using IscsiSession free = await IscsiSession.LoginAsync(setup.Access(lun: 1));

        long started = Stopwatch.GetTimestamp();
        Task load = ReadAsync(limited, Commands);
        await ReadAsync(free, Commands);
        await load;
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        BlockServerInspection seen = await server.InspectAsync();
        Assert.True(Commands <= (seconds * Iops) + Burst + 1, $"{Commands} commands in {seconds:0.00} s");
        Assert.InRange(seen.Volumes[0].LimitedRequests, 1, Commands);
        Assert.Equal((0, 0, 0), (seen.Volumes[0].WaitingRequests, seen.Volumes[1].LimitedRequests, seen.Volumes[1].WaitingRequests));
        Assert.True(seen.Volumes.All(volume => volume.ReadCommands >= Commands));

        // The control: the same load in the same sessions, with the limit taken off, waits for nothing.
        await server.ApplyAsync(setup.Next());
        await ReadAsync(limited, Commands);
        VolumeInspection after = (await server.InspectAsync()).Volumes[0];
        Assert.Equal((seen.Volumes[0].LimitedRequests, null), (after.LimitedRequests, after.Limits));
        Assert.Equal(seen.Sessions.Select(session => session.Tsih), (await server.InspectAsync()).Sessions.Select(session => session.Tsih));
    }

    [Fact]
    public async Task CommandsThatWait_AbortedResetOrCutOff_EndAtOnce()
    {
        using TestDirectory directory = TestDirectory.For(this);
        await using BlockServerUnderTest server = await BlockServerUnderTest.StartAsync(directory);
        BlockServerSetup setup = new BlockServerSetup(directory).WithVolumes(1);
        await server.ApplyAsync(Limited(setup.Next(), new LimitConfiguration(1, null)));
        await using IscsiSession session = await IscsiSession.LoginAsync(setup.Access());

        // The first begins, all others would take a second each.
        await StartAsync(session, 20);
        StartedCommand last = await StartAsync(session, 1);
        await Eventually.TrueAsync("they wait", async () => (await server.InspectAsync()).Volumes[0].WaitingRequests > 10);
        Assert.Equal(0, await session.ManageTasksAsync(TaskFunction.AbortTask, last.Tag));
        Assert.Equal(0, await session.ManageTasksAsync(TaskFunction.LogicalUnitReset));
        Assert.Equal(0, (await server.InspectAsync()).Volumes[0].WaitingRequests);

        await using IscsiSession other = await IscsiSession.LoginAsync(setup.Access());
        await StartAsync(other, 20);
        await Eventually.TrueAsync("they wait", async () => (await server.InspectAsync()).Volumes[0].WaitingRequests > 10);
        other.Drop();
        await Eventually.TrueAsync("nothing waits", async () => (await server.InspectAsync()).Volumes[0].WaitingRequests == 0);
        Assert.InRange((await server.InspectAsync()).Volumes[0].ReadCommands, 0, 30);
    }

    private static BlockServerConfiguration Limited(BlockServerConfiguration wanted, LimitConfiguration limits) =>
        wanted with { Volumes = [wanted.Volumes[0] with { Limits = limits }, .. wanted.Volumes.Skip(1)] };

    private static async Task ReadAsync(IscsiSession session, int count)
    {
        const int lanes = 8;
        await Task.WhenAll(Enumerable.Range(0, lanes).Select(async lane =>
        {
            for (int i = lane; i < count; i += lanes) Assert.Equal(ScsiResult.Good, (await session.ExecuteAsync(ScsiCommand.Read(0, 8), 4096)).Status);
        }));
    }

    private static async Task<StartedCommand> StartAsync(IscsiSession session, int count)
    {
        StartedCommand started = await session.StartAsync(ScsiCommand.Read(0, 8), 4096, default);
        for (int i = 1; i < count; i++) started = await session.StartAsync(ScsiCommand.Read(0, 8), 4096, default);
        return started;
    }
}
