using System.Net;
using VSan.Contracts.BlockServer;
using VSan.IscsiInitiator;
using VSan.Tests.EndToEnd.Harness;
using Xunit;

namespace VSan.Tests.EndToEnd.BlockServer;

/// <summary>Portals of both families in groups, and a target that proves itself.</summary>
public sealed class PortalTests
{
    private static readonly ChapCredential Chap = new("host-user", "a-secret-of-24-characters");
    private static readonly ChapCredential TargetChap = new("target-user", "the-targets-own-secret");

    [Fact]
    public async Task PortalsOfBothFamilies_InTwoGroups_AreToldAndServeTheSameBytes()
    {
        using TestDirectory directory = TestDirectory.For(this);
        await using BlockServerUnderTest server = await BlockServerUnderTest.StartAsync(directory);
        BlockServerSetup setup = new BlockServerSetup(directory).WithVolumes(2);
        await server.ApplyAsync(setup.Next() with { Portals = ["127.0.0.1:0", "[::1]:0,2"] });
        IPEndPoint[] portals = [.. (await server.InspectAsync()).Portals.Select(IPEndPoint.Parse)];
        HostAccess[] ways = [.. portals.Select(portal => setup.Access() with { Portal = portal })];

        await using IscsiSession discovery = await IscsiSession.LoginAsync(ways[1], discovery: true);
        string targets = await discovery.SendTargetsAsync();
        Assert.Contains($"TargetAddress={portals[0]},1\n", targets, StringComparison.Ordinal);
        Assert.Contains($"TargetAddress={portals[1]},2\n", targets, StringComparison.Ordinal);

        await QemuIo.WriteAndReadBackAsync(directory, ways[1] with { Lun = 1 }, 0x61);
        await using (VerifiedLoad load = VerifiedLoad.Start(ways[1], seed: 7, queueDepth: 8))
        {
            await load.ProgressAsync(500);
            await load.StopAsync();
            Assert.Empty(load.Failures);
            Assert.Equal(0, await load.CountLostAsync());
        }

        await using IscsiSession first = await IscsiSession.LoginAsync(ways[0]);
        await using IscsiSession second = await IscsiSession.LoginAsync(ways[1]);
        Assert.Equal(("1", "2"), (first.Keys["TargetPortalGroupTag"], second.Keys["TargetPortalGroupTag"]));
        byte[] four = (await first.ExecuteAsync(ScsiCommand.Read(0, 64), 32768)).Data;
        Assert.Equal(four, (await second.ExecuteAsync(ScsiCommand.Read(0, 64), 32768)).Data);
    }

    [Fact]
    public async Task TargetOfOneGroup_IsNotThereThroughTheOther()
    {
        using TestDirectory directory = TestDirectory.For(this);
        await using BlockServerUnderTest server = await BlockServerUnderTest.StartAsync(directory);
        BlockServerSetup setup = new BlockServerSetup(directory).WithVolume();
        BlockServerConfiguration wanted = setup.Next();
        await server.ApplyAsync(wanted with { Portals = ["127.0.0.1:0", "127.0.0.1:0,2"], Targets = [wanted.Targets[0] with { PortalGroups = [2] }] });
        IPEndPoint[] portals = [.. (await server.InspectAsync()).Portals.Select(IPEndPoint.Parse)];
        LoginRefusedException refusal = await Assert.ThrowsAsync<LoginRefusedException>(() => IscsiSession.LoginAsync(setup.Access() with { Portal = portals[0] }));
        Assert.Equal(LoginRefusedException.NotFound, refusal.Status);
        await using IscsiSession session = await IscsiSession.LoginAsync(setup.Access() with { Portal = portals[1] });
        Assert.Equal(ScsiResult.Good, (await session.ExecuteAsync(ScsiCommand.TestUnitReady())).Status);
    }

    [Fact]
    public async Task StockInitiatorThatAsksTheTargetToProveItself_TrustsTheRightSecretOnly()
    {
        using TestDirectory directory = TestDirectory.For(this);
        await using BlockServerUnderTest server = await BlockServerUnderTest.StartAsync(directory);
        BlockServerSetup setup = new BlockServerSetup(directory) { Chap = Chap, TargetChap = TargetChap }.WithVolume();
        await server.ApplyAsync(setup.Next());
        HostAccess mutual = setup.Access() with { TargetChap = TargetChap };
        Assert.Contains("DIRECT_ACCESS", (await LibIscsi.InquiryAsync(mutual)).Succeeded().Output, StringComparison.Ordinal);
        Assert.NotEqual(0, (await LibIscsi.InquiryAsync(mutual with { TargetChap = TargetChap with { Secret = "not-the-targets-secret" } })).ExitCode);
        Assert.Contains("DIRECT_ACCESS", (await LibIscsi.InquiryAsync(setup.Access())).Succeeded().Output, StringComparison.Ordinal);
    }
}
