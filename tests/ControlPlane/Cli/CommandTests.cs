using System.Text.Json;
using System.Text.RegularExpressions;
using VSan.Cli;
using Xunit;

namespace VSan.Tests.ControlPlane.Cli;

/// <summary>Whole command lines, against real TLS and a real configuration file.</summary>
public sealed partial class CommandTests : CommandTestBase
{
    private const string Host = """{"id":"11111111-1111-1111-1111-111111111111","name":"demo","initiatorName":"iqn.2026-11.test:demo","mappings":0,"createdAt":"2026-01-01T00:00:00Z"}""";
    private const string VolumeId = "22222222-2222-2222-2222-222222222222";
    private const string OperationId = "33333333-3333-3333-3333-333333333333";
    private const string Volume = $$"""{"id":"{{VolumeId}}","name":"db","sizeBytes":10737418240,"blockSizeBytes":512,"thin":true,"layout":"single","state":"ready","legs":[],"mappings":[],"createdAt":"2026-01-01T00:00:00Z"}""";

    [Fact]
    public async Task Login_RightPassword_SavesAContextThatOnlyTheUserReads()
    {
        Assert.Equal(0, await LogInAsync());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(ConfigurationPath));
        SavedContext context = SavedContexts.Load(ConfigurationPath).Find(null)!;
        Assert.Equal(("admin", "secret-token"), (context.UserName, context.BearerToken));
        Assert.Contains("\"password\":\"pw\"", Station.Requests.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Login_StationOfAnotherCa_IsUnavailableAndGetsNoPassword()
    {
        Assert.Equal(6, await LogInAsync(LoopbackStation.NewCa().ExportCertificatePem()));
        Assert.Empty(Station.Requests);
        Assert.Contains("did not prove", Error.ToString(), StringComparison.Ordinal);
        Assert.False(File.Exists(ConfigurationPath));
    }

    [Fact]
    public async Task Login_WrongPassword_IsDeniedAndIsNotToldToSignIn()
    {
        Assert.Equal(5, await LogInAsync(status: 401, answer: """{"type":"/errors/unauthenticated","title":"Sign in first","status":401,"detail":"Wrong.","code":"unauthenticated"}"""));
        Assert.Equal("vsan: admin is not signed in: the station refused the user name, the password or the code.\n      Check them and try again.\n", Error.ToString());
        Assert.False(File.Exists(ConfigurationPath));
    }

    [Fact]
    public async Task HostList_Json_IsThePageWithTheBearerToken()
    {
        await LogInAsync();
        Station.Answer("GET /api/v1/hosts?limit=500", 200, $$"""{"items":[{{Host}}],"nextCursor":"c+1"}""");
        Station.Answer("GET /api/v1/hosts?limit=500&cursor=c%2B1", 200, $$"""{"items":[{{Host}}]}""");
        Assert.Equal(0, await RunAsync("host", "list", "-o", "json"));
        using JsonDocument page = JsonDocument.Parse(Output.ToString());
        Assert.Equal(2, page.RootElement.GetProperty("items").GetArrayLength());
        Assert.Contains("Authorization: Bearer secret-token", Station.Requests.Last(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task VolumeShow_UnknownName_IsNotFound()
    {
        await LogInAsync();
        Station.Answer("GET /api/v1/volumes?name=db", 200, """{"items":[]}""");
        Assert.Equal(3, await RunAsync("volume", "show", "db"));
        Assert.Contains("no volume named 'db'", Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task VolumeCreate_NameTaken_IsConflictWithTheNextAction()
    {
        await LogInAsync();
        Station.Answer("POST /api/v1/volumes", 409, """{"type":"/errors/name-taken","title":"Name taken","status":409,"detail":"db exists.","code":"name-taken","nextAction":"Choose another."}""");
        Assert.Equal(4, await RunAsync("volume", "create", "db", "--size", "10GiB"));
        Assert.Equal("vsan: Name taken: db exists.\n      Choose another.\n", Error.ToString());
    }

    [Fact]
    public async Task VolumeCreate_ConnectionCut_IsRepeatedWithTheSameKey()
    {
        await LogInAsync();
        Station.Answer("POST /api/v1/volumes?wait=30s", 201, $$"""{"volume":{{Volume}},"operation":{{Operation("succeeded", ended: true)}}}""");
        Station.Answer($"GET /api/v1/volumes/{VolumeId}", 200, Volume);
        Station.CutsLeft = 1;
        Assert.Equal(0, await RunAsync("volume", "create", "db", "--size", "10GiB", "--wait", "-o", "name"));
        Assert.Equal("db\n", Output.ToString());
        string[] keys = [.. Station.Requests.Where(r => r.StartsWith("POST /api/v1/volumes", StringComparison.Ordinal)).Select(r => Key().Match(r).Value)];
        Assert.Equal(2, keys.Length);
        Assert.NotEmpty(keys[0]);
        Assert.Equal(keys[0], keys[1]);
    }

    [Fact]
    public async Task OperationWatch_Failed_IsAnErrorWithTheCause()
    {
        await LogInAsync();
        Station.Answer($"GET /api/v1/operations/{OperationId}", 200, Operation("failed", ended: true));
        Assert.Equal(1, await RunAsync("operation", "watch", OperationId));
        Assert.Contains("Make volume db: failed.", Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task OperationWatch_TimeIsUp_PrintsTheIdAndExitsWith7()
    {
        await LogInAsync();
        Station.Answer($"GET /api/v1/operations/{OperationId}", 200, Operation("running", ended: false));
        Station.Answer($"GET /api/v1/operations/{OperationId}?wait=1s", 200, Operation("running", ended: false));
        Assert.Equal(7, await RunAsync("operation", "watch", OperationId, "--timeout", "1s"));
        Assert.Contains($"goes on as operation {OperationId}", Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task VolumeDelete_NobodyToAsk_IsRefusedUnlessYes()
    {
        await LogInAsync();
        Station.Answer("GET /api/v1/volumes?name=db", 200, $$"""{"items":[{{Volume}}]}""");
        Station.Answer($"POST /api/v1/volumes/{VolumeId}:purge", 202, Operation("running", ended: false));
        Assert.Equal(2, await RunAsync("volume", "delete", "db", "--now"));
        Assert.DoesNotContain(Station.Requests, r => r.StartsWith("POST", StringComparison.Ordinal) && r.Contains(":purge", StringComparison.Ordinal));
        Assert.Equal(0, await RunAsync("volume", "delete", "db", "--now", "--yes"));
    }

    [Fact]
    public async Task PoolSet_TrashDelay_IsSentInSecondsAndShownAsADuration()
    {
        await LogInAsync();
        Station.Answer("PATCH /api/v1/pool", 200, """{"health":"healthy","sentence":"s","capacityBytes":0,"freeBytes":0,"promisedBytes":0,"placeableBytes":0,"unitsReady":0,"units":0,"unitsPending":0,"volumes":0,"operationsRunning":0,"trashDelaySeconds":259200}""");
        Assert.Equal(0, await RunAsync("pool", "set", "--trash-delay", "3d"));
        Assert.Contains("{\"trashDelaySeconds\":259200}", Station.Requests.Last(), StringComparison.Ordinal);
        Assert.Contains("3d", Output.ToString(), StringComparison.Ordinal);
        Assert.Equal(2, await RunAsync("pool", "set"));
    }

    [Theory]
    [InlineData("pool", "set", "--trash-delay", "soon")]
    [InlineData("volume", "create", "db")]
    [InlineData("volume", "create", "db", "--size", "10G")]
    [InlineData("volume", "list", "-o", "xml")]
    [InlineData("nonsense")]
    public async Task Parse_WrongCommandLine_IsUsage(params string[] arguments)
    {
        Assert.Equal(2, await RunAsync(arguments));
        Assert.Contains("--help' shows how", Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_OfACommand_HasItsExamples()
    {
        Assert.Equal(0, await RunAsync("volume", "create", "--help"));
        Assert.Contains("vsan volume create db --size 10GiB --host db1 --wait", Output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task UnitList_NotSignedIn_IsDenied() => Assert.Equal(5, await RunAsync("unit", "list"));

    private static string Operation(string state, bool ended) =>
        $$"""{"id":"{{OperationId}}","kind":"volume.create","title":"Make volume db","state":"{{state}}","percent":50,"phase":"placing","steps":[],"subjectId":"{{VolumeId}}","requestedBy":"admin","cancellable":false,"createdAt":"2026-01-01T00:00:00Z"{{(ended ? ",\"endedAt\":\"2026-01-01T00:00:01Z\"" : string.Empty)}}}""";

    [GeneratedRegex("Idempotency-Key: [^\r]+")]
    private static partial Regex Key();
}
