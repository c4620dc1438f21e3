using System.Net;
using VSan.Contracts.BlockServer;
using VSan.IscsiInitiator;
using Xunit;

namespace VSan.Tests.EndToEnd.BlockServer;

/// <summary>A path that the configuration makes standby while a host uses both: told, refused, and taken again when it is back.</summary>
public sealed class AccessStateTests
{
    private static readonly byte[] ReportGroups = [0xA3, 0x0A, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0];

    [Fact]
    public async Task PortalGroup_MadeStandbyAndBack_IsToldOnBothPaths_AndNoSessionEnds()
    {
        using TestDirectory directory = TestDirectory.For(this);
        await using BlockServerUnderTest server = await BlockServerUnderTest.StartAsync(directory, start: new BlockServerStart { Rings = 2 });
        BlockServerSetup setup = new BlockServerSetup(directory).WithVolume();
        await ApplyAsync(server, setup, null);
        IPEndPoint[] portals = [.. (await server.InspectAsync()).Portals.Select(IPEndPoint.Parse)];
        await using IscsiSession first = await IscsiSession.LoginAsync(setup.Access() with { Portal = portals[0] });
        await using IscsiSession second = await IscsiSession.LoginAsync(setup.Access() with { Portal = portals[1] });
        foreach (IscsiSession session in new[] { first, second }) await session.ExecuteAsync(ScsiCommand.TestUnitReady());

        await ApplyAsync(server, setup, AccessState.Standby);
        Assert.Equal("06" + "2A06", await ReadAsync(first));
        Assert.Equal("06" + "2A06", await ReadAsync(second));
        Assert.Equal("", await ReadAsync(first));
        Assert.Equal("02" + "040B", await ReadAsync(second));
        byte[] groups = (await second.ExecuteAsync(ReportGroups, 256)).Data;
        Assert.Equal((0x80, 0x02), (groups[4], groups[16]));

        await ApplyAsync(server, setup, null);
        Assert.Equal("06" + "2A06", await ReadAsync(second));
        Assert.Equal("", await ReadAsync(second));
        Assert.False(first.HasEnded || second.HasEnded);
    }

    private static Task ApplyAsync(BlockServerUnderTest server, BlockServerSetup setup, AccessState? secondGroup)
    {
        BlockServerConfiguration wanted = setup.Next();
        TargetConfiguration target = wanted.Targets[0];
        PortalGroupState[]? states = secondGroup is { } state ? [new PortalGroupState(2, state)] : null;
        return server.ApplyAsync(wanted with { Portals = ["127.0.0.1:0", "127.0.0.1:0,2"], Targets = [target with { PortalGroupStates = states }] });
    }

    /// <returns>Sense key and code; empty when the blocks came.</returns>
    private static async Task<string> ReadAsync(IscsiSession session)
    {
        byte[] sense = (await session.ExecuteOnceAsync(ScsiCommand.Read(0, 8), 4096, default)).Sense;
        return sense.Length == 0 ? "" : $"{sense[2]:X2}{sense[12]:X2}{sense[13]:X2}";
    }
}
