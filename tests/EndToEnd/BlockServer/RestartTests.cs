using VSan.Contracts.BlockServer;
using VSan.IscsiInitiator;
using Xunit;

namespace VSan.Tests.EndToEnd.BlockServer;

/// <summary>What survives the death of the block server, and what a change of its configuration may not touch.</summary>
public sealed class RestartTests
{
    private static readonly ChapCredential Chap = new("host-user", "a-secret-of-24-characters");

    [Fact]
    public async Task KilledUnderLoad_ClientsRetryAndNoAcknowledgedWriteIsLost()
    {
        const int Rounds = 5;
        using TestDirectory directory = TestDirectory.For(this);
        await using BlockServerUnderTest server = await BlockServerUnderTest.StartAsync(directory);
        BlockServerSetup setup = new BlockServerSetup(directory) { Chap = Chap }.WithVolumes(3);
        await server.ApplyAsync(setup.Next());
        VerifiedLoad[] loads = [.. Enumerable.Range(0, 3).Select(lun => VerifiedLoad.Start(setup.Access(lun), lun + 1, queueDepth: 8))];
        for (int round = 0; round < Rounds; round++)
        {
            foreach (VerifiedLoad load in loads) await load.ProgressAsync(200);
            await server.RestartAfterKillAsync();
        }

        foreach (VerifiedLoad load in loads)
        {
            await load.ProgressAsync(200);
            await load.StopAsync();
            Assert.Empty(load.Failures);
            Assert.True(load.Reconnects >= Rounds, $"{load.Reconnects} reconnects");
            Assert.Equal(0, await load.CountLostAsync());
            await load.DisposeAsync();
        }
    }

    [Fact]
    public async Task LedgerOfTheTest_SeesAWriteThatThePretendedServerLost()
    {
        using TestDirectory directory = TestDirectory.For(this);
        await using BlockServerUnderTest server = await BlockServerUnderTest.StartAsync(directory);
        BlockServerSetup setup = new BlockServerSetup(directory).WithVolume();
        await server.ApplyAsync(setup.Next());
        await using VerifiedLoad load = VerifiedLoad.Start(setup.Access(), seed: 1);
        await load.ProgressAsync(500);
        await load.StopAsync();
        Assert.Equal(0, await load.CountLostAsync());

        await server.Process.KillAsync();
        await using (FileStream file = new(setup.Volumes[0].Path!, FileMode.Open, FileAccess.Write))
        {
            await file.WriteAsync(new byte[256 << 10]);
        }

        await server.StartAgainAsync();
        Assert.NotEqual(0, await load.CountLostAsync());
    }

    [Fact]
    public async Task VolumesComeAndGo_SessionsOfOthersAreNotDisturbed()
    {
        using TestDirectory directory = TestDirectory.For(this);
        await using BlockServerUnderTest server = await BlockServerUnderTest.StartAsync(directory);
        BlockServerSetup setup = new BlockServerSetup(directory).WithVolumes(2);
        await server.ApplyAsync(setup.Next());
        await using VerifiedLoad load = VerifiedLoad.Start(setup.Access(lun: 1), seed: 1, queueDepth: 8);
        for (int round = 0; round < 20; round++)
        {
            await server.ApplyAsync(setup.WithVolumes(2).Next());
            await using (IscsiSession session = await IscsiSession.LoginAsync(setup.Access(setup.Volumes.Count - 1)))
            {
                Assert.Equal(ScsiResult.Good, (await session.ExecuteAsync(ScsiCommand.Read(0, 8), 4096)).Status);
            }

            await server.ApplyAsync(setup.WithoutLastVolume().Next());
            await load.ProgressAsync(20);
        }

        await load.StopAsync();
        Assert.True(load.Failures.IsEmpty, string.Join("; ", load.Failures));
        Assert.Equal(0, load.Reconnects);
        Assert.Equal(0, await load.CountLostAsync());
    }

    [Fact]
    public async Task VolumeTakenAwayUnderLoad_ItsCommandsEndInFiniteTime()
    {
        using TestDirectory directory = TestDirectory.For(this);
        await using BlockServerUnderTest server = await BlockServerUnderTest.StartAsync(directory);
        BlockServerSetup setup = new BlockServerSetup(directory).WithVolumes(2);
        await server.ApplyAsync(setup.Next());
        await using VerifiedLoad stays = VerifiedLoad.Start(setup.Access(lun: 0), seed: 1);
        await using VerifiedLoad loses = VerifiedLoad.Start(setup.Access(lun: 1), seed: 2, queueDepth: 16);
        await loses.ProgressAsync();
        await server.ApplyAsync(setup.WithoutLastVolume().Next());
        await Eventually.TrueAsync("the commands of the lost volume have ended", () => !loses.Failures.IsEmpty);
        await loses.StopAsync();
        Assert.DoesNotContain(loses.Failures, failure => failure.Contains("timed out", StringComparison.Ordinal));
        await stays.ProgressAsync();
        Assert.Empty(stays.Failures);
        Assert.Equal(0, stays.Reconnects);
    }

    [Fact]
    public async Task OlderGeneration_IsRefusedAndChangesNothing()
    {
        using TestDirectory directory = TestDirectory.For(this);
        await using BlockServerUnderTest server = await BlockServerUnderTest.StartAsync(directory);
        BlockServerSetup setup = new BlockServerSetup(directory).WithVolume();
        BlockServerConfiguration older = setup.Next();
        await server.ApplyAsync(setup.WithVolume().Next());
        ControlAnswer answer = await server.AskAsync(new ControlRequest(ControlVerb.Apply, older));
        Assert.NotNull(answer.Error);
        Assert.Equal(2, answer.Generation);
        Assert.Equal(2, (await server.InspectAsync()).Volumes.Count);
    }

    [Fact]
    public async Task SecondInstanceOnTheSameState_IsRefusedAndTheFirstGoesOn()
    {
        using TestDirectory directory = TestDirectory.For(this);
        await using BlockServerUnderTest server = await BlockServerUnderTest.StartAsync(directory);
        await server.ApplyAsync(new BlockServerSetup(directory).WithVolume().Next());
        ToolRun second = await ToolRun.RunAsync(
            ProductBinaries.BlockServer, ["run", "--state", server.StateFolder, "--control", directory.Socket("second")], within: TimeSpan.FromSeconds(10));
        Assert.NotEqual(0, second.ExitCode);
        Assert.NotEmpty(second.Errors);
        Assert.Single((await server.InspectAsync()).Volumes);
    }

    [Fact]
    public async Task AskedToEnd_ItTellsItsInitiatorsAndEndsWithinFiveSeconds()
    {
        const byte LogoutRequested = 1;
        using TestDirectory directory = TestDirectory.For(this);
        await using BlockServerUnderTest server = await BlockServerUnderTest.StartAsync(directory);
        BlockServerSetup setup = new BlockServerSetup(directory).WithVolume();
        await server.ApplyAsync(setup.Next());
        await using IscsiSession session = await IscsiSession.LoginAsync(setup.Access());
        Assert.Equal(ScsiResult.Good, (await session.ExecuteAsync(ScsiCommand.TestUnitReady())).Status);
        Assert.Equal(0, await server.Process.StopAsync(TimeSpan.FromSeconds(6)));
        await session.Closed;
        Assert.Contains(LogoutRequested, session.AsynchronousEvents);
    }
}
