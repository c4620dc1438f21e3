using System.Net;
using VSan.Contracts.BlockServer;
using VSan.IscsiInitiator;
using Xunit;

namespace VSan.Tests.EndToEnd.BlockServer;

/// <summary>Maintenance of a path: polite hosts log out, the others are dropped with a word, and the other path is left alone.</summary>
public sealed class DrainTests
{
    private const int ServiceUnavailable = 0x0301;
    private const byte LogoutRequest = 1, SessionDropped = 3;

    [Fact]
    public async Task Portal_ThatIsDrained_LosesItsSessionsAndNoOther()
    {
        using TestDirectory directory = TestDirectory.For(this);
        await using BlockServerUnderTest server = await BlockServerUnderTest.StartAsync(directory, start: new BlockServerStart { Rings = 2 });
        BlockServerSetup setup = new BlockServerSetup(directory).WithVolume();
        await server.ApplyAsync(setup.Next() with { Portals = ["127.0.0.1:0", "127.0.0.1:0,2"] });
        IPEndPoint[] portals = [.. (await server.InspectAsync()).Portals.Select(IPEndPoint.Parse)];
        HostAccess way = setup.Access() with { Portal = portals[0] };
        await using IscsiSession polite = await IscsiSession.LoginAsync(way);
        await using IscsiSession deaf = await IscsiSession.LoginAsync(way);
        await using VerifiedLoad load = VerifiedLoad.Start(setup.Access() with { Portal = portals[1] }, seed: 5);

        Task<ToolRun> drain = ToolRun.RunAsync(ProductBinaries.BlockServer, ["drain", "--control", server.Control, "--portal", $"{portals[0]}", "--within", "5"]);
        await Eventually.TrueAsync("both are asked to log out", () => polite.AsynchronousEvents.Contains(LogoutRequest) && deaf.AsynchronousEvents.Contains(LogoutRequest));
        await polite.LogoutAsync();
        LoginRefusedException refusal = await Assert.ThrowsAsync<LoginRefusedException>(() => IscsiSession.LoginAsync(way));
        Assert.Equal(ServiceUnavailable, refusal.Status);

        string answer = (await drain).Succeeded().Output;
        Assert.Contains("\"sessions\":2,\"dropped\":1", answer, StringComparison.Ordinal);
        await deaf.Closed;
        Assert.Equal([LogoutRequest, SessionDropped], deaf.AsynchronousEvents);
        Assert.Equal([LogoutRequest], polite.AsynchronousEvents);

        await load.ProgressAsync();
        Assert.Empty(load.Failures);
        await using IscsiSession back = await IscsiSession.LoginAsync(way);
        Assert.Equal(ScsiResult.Good, (await back.ExecuteAsync(ScsiCommand.TestUnitReady())).Status);
    }

    [Fact]
    public async Task Drain_ThatMakesNoSense_IsRefusedAndTouchesNobody()
    {
        using TestDirectory directory = TestDirectory.For(this);
        await using BlockServerUnderTest server = await BlockServerUnderTest.StartAsync(directory);
        BlockServerSetup setup = new BlockServerSetup(directory).WithVolume();
        await server.ApplyAsync(setup.Next());
        await using IscsiSession session = await IscsiSession.LoginAsync(setup.Access());
        Assert.Contains("is not served", await ErrorOfAsync(server, new DrainRequest("iqn.2026-11.io.example:none", null, 5)), StringComparison.Ordinal);
        Assert.Contains("ADDRESS:PORT", await ErrorOfAsync(server, new DrainRequest(null, "nowhere", 5)), StringComparison.Ordinal);
        Assert.Contains("1 to 600", await ErrorOfAsync(server, new DrainRequest(null, null, 0)), StringComparison.Ordinal);
        Assert.Equal(ScsiResult.Good, (await session.ExecuteAsync(ScsiCommand.TestUnitReady())).Status);
        Assert.Empty(session.AsynchronousEvents);
    }

    [Fact]
    public async Task Server_ThatIsStopped_WhileItDrains_EndsInTime()
    {
        using TestDirectory directory = TestDirectory.For(this);
        await using BlockServerUnderTest server = await BlockServerUnderTest.StartAsync(directory);
        BlockServerSetup setup = new BlockServerSetup(directory).WithVolume();
        await server.ApplyAsync(setup.Next());
        await using IscsiSession deaf = await IscsiSession.LoginAsync(setup.Access());
        Task<ToolRun> drain = ToolRun.RunAsync(ProductBinaries.BlockServer, ["drain", "--control", server.Control, "--within", "600"]);
        await Eventually.TrueAsync("it is asked to log out", () => deaf.AsynchronousEvents.Contains(LogoutRequest));
        Assert.Equal(0, await server.Process.StopAsync());
        await deaf.Closed;
        Assert.Equal([LogoutRequest, LogoutRequest, SessionDropped], deaf.AsynchronousEvents);
        Assert.NotEqual(0, (await drain).ExitCode);
    }

    private static async Task<string?> ErrorOfAsync(BlockServerUnderTest server, DrainRequest drain) =>
        (await server.AskAsync(new ControlRequest(ControlVerb.Drain, null) { Drain = drain })).Error;
}
