using VSan.Contracts.BlockServer;
using VSan.IscsiInitiator;
using VSan.Tests.EndToEnd.Harness;
using Xunit;

namespace VSan.Tests.EndToEnd.BlockServer;

/// <summary>Who gets in, with clients that we did not write, and who does not.</summary>
public sealed class LoginTests
{
    private static readonly ChapCredential Chap = new("host-user", "a-secret-of-24-characters");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task StockClients_LogIn_WriteAndReadBack(bool withChap)
    {
        using TestDirectory directory = TestDirectory.For(this);
        await using BlockServerUnderTest server = await BlockServerUnderTest.StartAsync(directory);
        BlockServerSetup setup = new BlockServerSetup(directory) { Chap = withChap ? Chap : null }.WithVolumes(3);
        await server.ApplyAsync(setup.Next());

        string listed = (await LibIscsi.ListAsync(setup.Access())).Succeeded().Output;
        Assert.Contains(BlockServerSetup.Target, listed, StringComparison.Ordinal);
        Assert.Equal(3, listed.Split("DIRECT_ACCESS").Length - 1);
        Assert.Contains("DIRECT_ACCESS", (await LibIscsi.InquiryAsync(setup.Access())).Succeeded().Output, StringComparison.Ordinal);
        Assert.Contains("Total size:67108864", (await LibIscsi.ReadCapacityAsync(setup.Access(2))).Succeeded().Output, StringComparison.Ordinal);
        for (int lun = 0; lun < 3; lun++) await QemuIo.WriteAndReadBackAsync(directory, setup.Access(lun), (byte)(0x30 + lun));

        ToolRun wrongPattern = await QemuIo.RunAsync(directory, setup.Access(1), "read -P 0x32 0 1M");
        Assert.NotEqual(0, wrongPattern.ExitCode);
    }

    [Fact]
    public async Task SeveralSessionsOnSeveralLuns_AtOnce_EveryByteIsRight()
    {
        using TestDirectory directory = TestDirectory.For(this);
        await using BlockServerUnderTest server = await BlockServerUnderTest.StartAsync(directory);
        BlockServerSetup setup = new BlockServerSetup(directory) { Chap = Chap }.WithVolume().WithVolume(blockSizeBytes: 4096).WithVolumes(2);
        await server.ApplyAsync(setup.Next());
        VerifiedLoad[] loads = [.. Enumerable.Range(0, 4).Select(lun => VerifiedLoad.Start(setup.Access(lun), lun + 1, queueDepth: 8, setup.Volumes[lun].BlockSizeBytes))];
        foreach (VerifiedLoad load in loads) await load.ProgressAsync(1000);
        Assert.Equal(4, (await server.InspectAsync()).Sessions.Count);
        foreach (VerifiedLoad load in loads)
        {
            await load.StopAsync();
            Assert.Empty(load.Failures);
            Assert.Equal(0, await load.CountLostAsync());
            Assert.NotEqual(0, await load.CountLostAsync(expectedSeed: 99));
            await load.DisposeAsync();
        }
    }

    [Fact]
    public async Task WhoMayNotLogIn_IsToldWhy()
    {
        using TestDirectory directory = TestDirectory.For(this);
        await using BlockServerUnderTest server = await BlockServerUnderTest.StartAsync(directory);
        BlockServerSetup setup = new BlockServerSetup(directory) { Chap = Chap }.WithVolume();
        await server.ApplyAsync(setup.Next());
        HostAccess right = setup.Access();

        Assert.Equal(LoginRefusedException.AuthenticationFailure, await RefusalAsync(right with { ChapSecret = "another-secret-of-24-char" }));
        Assert.Equal(LoginRefusedException.AuthenticationFailure, await RefusalAsync(right with { ChapUser = "somebody" }));
        Assert.Equal(LoginRefusedException.AuthenticationFailure, await RefusalAsync(right with { ChapUser = null }));
        int unknownInitiator = await RefusalAsync(right with { Initiator = "iqn.2026-11.io.example:stranger" });
        Assert.Contains(unknownInitiator, new[] { LoginRefusedException.AuthorizationFailure, LoginRefusedException.AuthenticationFailure, LoginRefusedException.NotFound });
        Assert.Equal(LoginRefusedException.NotFound, await RefusalAsync(right with { Target = "iqn.2026-11.io.vsan-appliance:nowhere" }));
        Assert.NotEqual(0, (await QemuIo.RunAsync(directory, right with { ChapSecret = "another-secret-of-24-char" }, "read 0 4k")).ExitCode);

        await using IscsiSession admitted = await IscsiSession.LoginAsync(right);
        Assert.Equal(ScsiResult.Good, (await admitted.ExecuteAsync(ScsiCommand.TestUnitReady())).Status);
    }

    [Fact]
    public async Task LunThatTheInitiatorWasNotGiven_AnswersIllegalRequest()
    {
        const int IllegalRequest = 5;
        using TestDirectory directory = TestDirectory.For(this);
        await using BlockServerUnderTest server = await BlockServerUnderTest.StartAsync(directory);
        BlockServerSetup setup = new BlockServerSetup(directory).WithVolume();
        await server.ApplyAsync(setup.Next());
        await using IscsiSession session = await IscsiSession.LoginAsync(setup.Access(lun: 7));
        ScsiResult result = await session.ExecuteAsync(ScsiCommand.Read(0, 8), 4096);
        Assert.Equal(ScsiResult.CheckCondition, result.Status);
        Assert.Equal(IllegalRequest, result.SenseKey);
    }

    [Fact]
    public async Task SendTargets_NamesOnlyTheTargetsOfThatInitiator()
    {
        using TestDirectory directory = TestDirectory.For(this);
        await using BlockServerUnderTest server = await BlockServerUnderTest.StartAsync(directory);
        BlockServerSetup setup = new BlockServerSetup(directory).WithVolume();
        await server.ApplyAsync(setup.Next());
        await using IscsiSession known = await IscsiSession.LoginAsync(setup.Access(), discovery: true);
        string targets = await known.SendTargetsAsync();
        Assert.Contains($"TargetName={BlockServerSetup.Target}", targets, StringComparison.Ordinal);
        Assert.Contains($"TargetAddress={setup.Portal},", targets, StringComparison.Ordinal);
        await known.LogoutAsync();

        await using IscsiSession stranger = await IscsiSession.LoginAsync(setup.Access() with { Initiator = "iqn.2026-11.io.example:stranger" }, discovery: true);
        Assert.DoesNotContain("TargetName", await stranger.SendTargetsAsync(), StringComparison.Ordinal);
    }

    private static async Task<int> RefusalAsync(HostAccess access) =>
        (await Assert.ThrowsAsync<LoginRefusedException>(async () => await IscsiSession.LoginAsync(access))).Status;
}
