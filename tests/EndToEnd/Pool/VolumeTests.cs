using System.Diagnostics;
using System.Net;
using VSan.Contracts.Api;
using VSan.IscsiInitiator;
using VSan.Tests.EndToEnd.Harness;
using Xunit;
using Xunit.Abstractions;

namespace VSan.Tests.EndToEnd.Pool;

/// <summary>From the command line to a host's bytes, and every way to ask for it wrongly.</summary>
public sealed class VolumeTests(SharedPool shared, ITestOutputHelper output) : IClassFixture<SharedPool>
{
    private const int Error = 1;
    private const int Usage = 2;
    private const int NotFound = 3;
    private const int Conflict = 4;

    private TestPool Pool => shared.Pool;

    [Fact]
    public async Task VolumeCreatedForAHost_IsWrittenReadBackAndDeleted()
    {
        (await Pool.Cli.RunAsync("host", "add", "walker", "--initiator", "iqn.2026-11.io.example:walker")).Succeeded();
        (await Pool.Cli.RunAsync("volume", "create", "walk", "--size", "64MiB", "--host", "walker", "--wait")).Succeeded();
        ConnectInfo info = await Pool.Cli.JsonAsync<ConnectInfo>("connect-info", "walk", "walker");
        HostAccess access = HostAccess.Of(info, info.Legs.Single());
        await QemuIo.WriteAndReadBackAsync(Pool.Directory, access, 0x5a);
        Assert.Contains("walk", (await Pool.Cli.RunAsync("volume", "list")).Succeeded().Output, StringComparison.Ordinal);

        Assert.Equal(Conflict, (await Pool.Cli.RunAsync("volume", "delete", "walk")).ExitCode);
        (await Pool.Cli.RunAsync("unmap", "walk", "walker", "--wait")).Succeeded();
        Assert.NotEqual(0, (await QemuIo.RunAsync(Pool.Directory, access, "read 0 4k")).ExitCode);
        (await Pool.Cli.RunAsync("volume", "delete", "walk", "--now", "--yes", "--wait")).Succeeded();
        Assert.Equal(NotFound, (await Pool.Cli.RunAsync("volume", "show", "walk")).ExitCode);
        Assert.DoesNotContain(Pool.Units, unit => Directory.EnumerateFiles(unit.Store, "*.img", SearchOption.AllDirectories).Any(file => new FileInfo(file).Length == 64 << 20));
    }

    [Fact]
    public async Task VolumeCreate_IsReadableByTheHostAtOnce()
    {
        const int Rounds = 7;
        Host host = await Pool.AddHostAsync("hurried");
        List<double> milliseconds = [];
        for (int round = 0; round < Rounds; round++)
        {
            long start = Stopwatch.GetTimestamp();
            HostAccess access = await Pool.CreateVolumeAsync($"hurried-{round}", host);
            await using IscsiSession session = await IscsiSession.LoginAsync(access);
            Assert.Equal(ScsiResult.Good, (await session.ExecuteAsync(ScsiCommand.Read(0, 8), 4096)).Status);
            milliseconds.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        milliseconds.Sort();
        output.WriteLine($"volume create to readable: p50 {milliseconds[Rounds / 2]:0} ms, max {milliseconds[^1]:0} ms");
    }

    [Fact]
    public async Task WrongRequests_AreRefusedWithTheirCode()
    {
        Host host = await Pool.AddHostAsync("careless");
        await Pool.CreateVolumeAsync("taken", host);
        await RefusedAsync(HttpStatusCode.Conflict, "name-taken", "volumes", new VolumeCreate("taken", 64 << 20, null, null, null, null));
        await RefusedAsync(HttpStatusCode.Conflict, "name-taken", "hosts", new HostCreate("careless", "iqn.2026-11.io.example:other"));
        Problem full = await RefusedAsync(HttpStatusCode.InsufficientStorage, "pool-full", "volumes", new VolumeCreate("huge", 1L << 50, null, null, null, null));
        Assert.NotNull(full.NextAction);
        Problem size = await RefusedAsync(HttpStatusCode.BadRequest, "invalid-field", "volumes", new VolumeCreate("odd", (64 << 20) + 1, null, null, null, null));
        Assert.Contains(size.Fields!, field => field.Pointer == "/sizeBytes");
        await RefusedAsync(HttpStatusCode.BadRequest, "invalid-field", "volumes", new VolumeCreate("negative", -1 << 20, null, null, null, null));
        await RefusedAsync(HttpStatusCode.BadRequest, "invalid-field", "volumes", new VolumeCreate("odd", 64 << 20, 1024, null, null, null));
        await RefusedAsync(HttpStatusCode.BadRequest, "invalid-field", "volumes", new VolumeCreate("-bad name-", 64 << 20, null, null, null, null));
        await RefusedAsync(HttpStatusCode.BadRequest, "invalid-field", "hosts", new HostCreate("nameless", "not an iscsi name"));
    }

    [Fact]
    public async Task WrongCommands_EndWithTheirExitCodeAndASentence()
    {
        await Pool.CreateVolumeAsync("present", await Pool.AddHostAsync("operator"));
        await EndsWithAsync(Conflict, "volume", "create", "present", "--size", "64MiB", "--wait");
        await EndsWithAsync(Error, "volume", "create", "too-large", "--size", "1PiB", "--wait");
        await EndsWithAsync(Usage, "volume", "create", "sized", "--size", "many");
        await EndsWithAsync(Usage, "volume", "create", "sized", "--size", "10G");
        await EndsWithAsync(NotFound, "volume", "create", "orphan", "--size", "64MiB", "--host", "nobody");
        await EndsWithAsync(NotFound, "connect-info", "present", "nobody");
        await EndsWithAsync(NotFound, "unit", "show", "unit-99");
    }

    [Fact]
    public async Task MalformedBodies_AreRefusedAndTheStationGoesOn()
    {
        foreach (string body in (string[])["{", "[]", "null", "{\"name\":7}", "{\"name\":\"x\",\"sizeBytes\":\"big\"}", "{\"name\":\"x\",\"sizeBytes\":1e400}", "\u0000", new string('[', 5000)])
        {
            ApiAnswer answer = await Pool.Api.SendAsync(HttpMethod.Post, "/api/v1/volumes", body);
            Assert.True(answer.Status is HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity, $"{body[..Math.Min(body.Length, 40)]}: {answer.Status}");
            Assert.Contains(answer.AsProblem().Code, new[] { "malformed", "invalid-field" });
        }

        ApiAnswer lost = await Pool.Api.SendAsync(HttpMethod.Get, $"/api/v1/volumes/{Guid.NewGuid()}");
        Assert.Equal(HttpStatusCode.NotFound, lost.Status);
        Assert.Equal("not-found", lost.AsProblem().Code);
        Assert.NotNull(await Pool.Api.GetAsync<VSan.Contracts.Api.Pool>("pool"));
    }

    [Theory]
    [InlineData("pool")]
    [InlineData("units")]
    [InlineData("tokens")]
    [InlineData("hosts")]
    [InlineData("volumes")]
    [InlineData("mappings")]
    [InlineData("operations")]
    [InlineData("events")]
    [InlineData("sessions/current")]
    public async Task WithoutASignIn_NothingIsTold(string path)
    {
        using PoolApi anonymous = new(Pool.Station.Address, Pool.Station.CaFile);
        ApiAnswer answer = await anonymous.SendAsync(HttpMethod.Get, $"/api/v1/{path}");
        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
        Assert.Equal("unauthenticated", answer.AsProblem().Code);
    }

    [Fact]
    public async Task WrongPassword_IsRefused_TheRightOneIsNot()
    {
        using PoolApi anonymous = new(Pool.Station.Address, Pool.Station.CaFile);
        ApiAnswer answer = await anonymous.PostAsync("sessions", new SessionCreate(StationUnderTest.UserName, "not the password"));
        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
        Assert.Equal("unauthenticated", answer.AsProblem().Code);
        await anonymous.SignInAsync(StationUnderTest.UserName, Pool.Station.Password);
        Assert.Contains(StationUnderTest.UserName, (await anonymous.SendAsync(HttpMethod.Get, "/api/v1/sessions/current")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SameIdempotencyKey_SameVolume_OtherBodyIsRefused()
    {
        string key = Guid.NewGuid().ToString();
        VolumeCreate create = new("once", 64 << 20, null, null, null, null);
        VolumeAccepted first = (await Pool.Api.PostAsync("volumes?wait=30s", create, key)).As<VolumeAccepted>();
        VolumeAccepted second = (await Pool.Api.PostAsync("volumes?wait=30s", create, key)).As<VolumeAccepted>();
        Assert.Equal(first.Volume.Id, second.Volume.Id);
        ApiAnswer other = await Pool.Api.PostAsync("volumes", create with { Name = "twice" }, key);
        Assert.Equal("idempotency-mismatch", other.AsProblem().Code);
    }

    [Fact]
    public async Task Events_AreStreamedAsTheyHappen()
    {
        using StreamReader events = await Pool.Api.EventsAsync();
        await Pool.CreateVolumeAsync("watched", await Pool.AddHostAsync("watcher"));
        using CancellationTokenSource deadline = new(Eventually.Patience);
        List<string> seen = [];
        while (!(seen.Contains("event: volume.created") || seen.Contains("event:volume.created"))) seen.Add(await events.ReadLineAsync(deadline.Token) ?? throw new EndOfStreamException());
        Assert.Contains(seen, line => line.StartsWith("id:", StringComparison.Ordinal));
    }

    private async Task<Problem> RefusedAsync(HttpStatusCode status, string code, string path, object body)
    {
        ApiAnswer answer = await Pool.Api.PostAsync(path, body);
        Problem problem = answer.AsProblem();
        Assert.Equal((status, code), (answer.Status, problem.Code));
        return problem;
    }

    private async Task EndsWithAsync(int exitCode, params string[] arguments)
    {
        ToolRun run = await Pool.Cli.RunAsync(arguments);
        Assert.True(run.ExitCode == exitCode, run.ToString());
        Assert.NotEmpty(run.Errors);
    }
}
