using VSan.Contracts.Api;
using Xunit;

namespace VSan.Tests.ControlPlane.Cli;

/// <summary>Users, access tokens, audit, contexts, and what every command has.</summary>
public sealed class PeopleCommandTests : CommandTestBase
{
    private const string UserId = "44444444-4444-4444-4444-444444444444";
    private const string User = $$"""{"id":"{{UserId}}","name":"kim","bindings":[{"role":"storage-admin","scope":"project:web"}],"disabled":false,"secondFactor":false,"createdAt":"2026-01-01T00:00:00Z"}""";

    [Theory]
    [InlineData(400, 2)]
    [InlineData(401, 5)]
    [InlineData(403, 5)]
    [InlineData(404, 3)]
    [InlineData(409, 4)]
    [InlineData(412, 4)]
    [InlineData(429, 6)]
    [InlineData(500, 1)]
    [InlineData(502, 6)]
    [InlineData(507, 1)]
    public async Task ExitCode_Problem_FollowsItsStatus(int status, int exitCode)
    {
        await LogInAsync();
        Station.Answer("GET /api/v1/pool", status, $$"""{"type":"/errors/c","title":"T","status":{{status}},"detail":"D.","code":"c"}""");
        Assert.Equal(exitCode, await RunAsync("pool", "show"));
    }

    [Fact]
    public async Task UserCreate_RoleWithScope_IsSentAndThePasswordIsShownAlone()
    {
        await LogInAsync();
        Station.Answer("POST /api/v1/users", 201, $$"""{"user":{{User}},"password":"shown-once"}""");
        Assert.Equal(0, await RunAsync("user", "create", "kim", "--role", "storage-admin@project:web", "-o", "name"));
        Assert.Equal("shown-once\n", Output.ToString());
        Assert.Contains("""{"role":"storage-admin","scope":"project:web"}""", Station.Requests.Last(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task UserList_Table_ShowsRolesWhereTheyHold()
    {
        await LogInAsync();
        Station.Answer("GET /api/v1/users?limit=500", 200, $$"""{"items":[{{User}}]}""");
        Assert.Equal(0, await RunAsync("user", "list"));
        Assert.Contains("kim   storage-admin@project:web", Output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task UserCreate_UnknownRole_IsUsage() => Assert.Equal(2, await RunAsync("user", "create", "kim", "--role", "king"));

    [Fact]
    public async Task DryRun_AnyChange_AsksTheStationToTryAndSaysThatNothingChanged()
    {
        await LogInAsync();
        Station.Header = "Dry-Run: true";
        Station.Answer("POST /api/v1/users?dryRun=true", 200, $$"""{"user":{{User}}}""");
        Assert.Equal(0, await RunAsync("user", "create", "kim", "--dry-run"));
        Assert.Equal("POST /api/v1/users would succeed. Nothing was changed.\n", Output.ToString());
    }

    [Fact]
    public async Task AccessToken_InTheEnvironment_TakesThePlaceOfTheSession()
    {
        await LogInAsync();
        Variables["VSAN_TOKEN"] = "machine";
        Station.Answer("GET /api/v1/users?limit=500", 200, """{"items":[]}""");
        Assert.Equal(0, await RunAsync("user", "list"));
        Assert.Contains("Authorization: Bearer machine", Station.Requests.Last(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Login_CodeNeededAndNobodyToAsk_IsDeniedAndNamesTheOption()
    {
        Assert.Equal(5, await LogInAsync(status: 401, answer: """{"type":"/errors/code-required","title":"T","status":401,"detail":"D.","code":"code-required"}"""));
        Assert.Contains("--code DIGITS", Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AuditVerify_BrokenLog_IsAnErrorThatSaysWhere()
    {
        await LogInAsync();
        Station.Answer("GET /api/v1/audit:verify?number=3&hash=ab", 200, """{"whole":false,"lines":2,"lastHash":"cd","fault":"Line 3 or one before it was changed."}""");
        Assert.Equal(1, await RunAsync("audit", "verify", "--number", "3", "--hash", "ab"));
        Assert.Contains("Line 3", Error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 1)]
    public async Task AuditVerify_Export_NeedsNoStation(bool damaged, int exitCode)
    {
        AuditLine first = new(1, DateTimeOffset.UnixEpoch, "admin", "a", "s", "granted", "");
        first = first with { Hash = first.HashAfter("") };
        AuditLine second = new(2, DateTimeOffset.UnixEpoch, damaged ? "other" : "admin", "a", "s", "granted", "");
        second = second with { Hash = (second with { Who = "admin" }).HashAfter(first.Hash) };
        string file = PathOf("audit.jsonl");
        await File.WriteAllLinesAsync(file, [.. ((AuditLine[])[first, second]).Select(line => System.Text.Json.JsonSerializer.Serialize(line, ApiJson.Default.AuditLine))]);

        Assert.Equal(exitCode, await RunAsync("audit", "verify", "--file", file));
        Assert.Empty(Station.Requests);
    }

    [Fact]
    public async Task Context_Use_ChangesTheOneInUse()
    {
        await LogInAsync(context: "lab");
        await LogInAsync(context: "site");
        Assert.Equal(0, await RunAsync("context", "use", "lab"));
        Assert.Equal("lab", VSan.Cli.SavedContexts.Load(ConfigurationPath).Current);
        Assert.Equal(3, await RunAsync("context", "use", "nowhere"));
    }

    [Theory]
    [InlineData("vsan us", "user")]
    [InlineData("vsan user re", "reset-password")]
    [InlineData("vsan volume list --wa", "--watch")]
    [InlineData("vsan volume list --output j", "json")]
    public async Task Completion_AtTheCursor_OffersNounVerbAndOption(string line, string word)
    {
        Assert.Equal(0, await RunAsync($"[suggest:{line.Length}]", line));
        Assert.Contains(word, Output.ToString().Split('\n'));
    }
}
