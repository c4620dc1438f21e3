using System.Security.Cryptography;
using VSan.Contracts.Api;
using VSan.Tests.EndToEnd.Harness;
using Xunit;

namespace VSan.Tests.EndToEnd.Pool;

/// <summary>A token that expires while the other tests of the class run, so that nobody waits for it for long.</summary>
public sealed class EnrolmentPool : IAsyncLifetime
{
    private readonly TestDirectory _directory = TestDirectory.For(nameof(EnrolmentPool));

    internal TestPool Pool { get; private set; } = null!;

    internal TokenCreated ShortLived { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        const int ShortestLifetimeSeconds = 60;
        Pool = await TestPool.StartAsync(_directory, units: 0);
        ShortLived = await Pool.Api.PostAsync<TokenCreated>("tokens", new TokenCreate(null, Uses: 1, ShortestLifetimeSeconds));
    }

    public async Task DisposeAsync()
    {
        await Pool.DisposeAsync();
        _directory.Dispose();
    }
}

/// <summary>Who joins the pool, and what a unit says that may not.</summary>
public sealed class EnrolmentTests(EnrolmentPool shared) : IClassFixture<EnrolmentPool>
{
    private const int WrongAuthority = 3;
    private const int TokenRefused = 4;

    private TestPool Pool => shared.Pool;

    [Fact]
    public async Task UnknownToken_IsRefusedAndNotAdmitted()
    {
        ToolRun ended = await RefusedAsync("unknown-token", $"vsan-{RandomNumberGenerator.GetHexString(8, true)}-{RandomNumberGenerator.GetHexString(32, true)}");
        Assert.Equal(TokenRefused, ended.ExitCode);
    }

    [Fact]
    public async Task TokenWithAWrongSecret_IsRefusedAndNotAdmitted()
    {
        string right = await TokenAsync(uses: 1);
        ToolRun ended = await RefusedAsync("wrong-secret", right[..^32] + RandomNumberGenerator.GetHexString(32, true));
        Assert.Equal(TokenRefused, ended.ExitCode);
        await using UnitUnderTest unit = UnitUnderTest.Start(Pool.Directory, Pool.Station, "right-secret", right);
        await unit.ReadyAsync();
    }

    [Fact]
    public async Task TokenThatIsUsedUp_AdmitsNoSecondUnit()
    {
        string token = await TokenAsync(uses: 1);
        await using UnitUnderTest first = UnitUnderTest.Start(Pool.Directory, Pool.Station, "first-use", token);
        await first.ReadyAsync();
        ToolRun ended = await RefusedAsync("second-use", token);
        Assert.Equal(TokenRefused, ended.ExitCode);
        Assert.Contains("has admitted 1", ended.Output, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task TokenThatHasExpired_AdmitsNobody()
    {
        await Eventually.TrueAsync(
            "the token's life is over", () => TimeProvider.System.GetUtcNow() > shared.ShortLived.Token.ExpiresAt, TimeSpan.FromSeconds(70));
        ToolRun ended = await RefusedAsync("expired-token", shared.ShortLived.Secret);
        Assert.Equal(TokenRefused, ended.ExitCode);
        Assert.Contains("expired", ended.Output, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task StationWithAnotherCa_IsNotBelieved()
    {
        string token = await TokenAsync(uses: 1);
        ToolRun ended = await RefusedAsync("wrong-ca", token, "sha256:" + new string('a', 64));
        Assert.Equal(WrongAuthority, ended.ExitCode);
        Assert.Equal(1, (await Pool.Api.GetAsync<TokenPage>("tokens")).Items.Single(found => token.Contains(found.Id, StringComparison.Ordinal)).UsesLeft);
    }

    [Fact]
    public async Task UnitWithoutAToken_WaitsForAPersonWhoComparesTheCode()
    {
        await using UnitUnderTest unit = UnitUnderTest.Start(Pool.Directory, Pool.Station, "patient", token: null);
        await Eventually.TrueAsync("the station shows the unit as pending", async () =>
            (await Pool.Api.GetAsync<UnitPage>("units?name=patient")).Items is [{ State: UnitState.Pending }]);
        string code = (await Pool.FindUnitAsync("patient")).ShortCode;
        Assert.Matches("^[A-Z2-7]{4}-[A-Z2-7]{4}$", code);
        await Eventually.TrueAsync("the unit says that it waits", async () => (await unit.StatusAsync()).Output.Contains("pending", StringComparison.Ordinal));
        Assert.Contains(code, (await unit.StatusAsync()).Output, StringComparison.Ordinal);
        Assert.DoesNotContain("vsan-unit: ready", unit.Agent.Output, StringComparison.Ordinal);

        (await Pool.Cli.RunAsync("unit", "approve", "patient")).Succeeded();
        await unit.ReadyAsync();
        Assert.NotEqual(0, (await Pool.Cli.RunAsync("unit", "approve", "patient")).ExitCode);
    }

    [Fact]
    public async Task TokenWithoutAutoApproval_StillWaitsForAPerson()
    {
        string token = (await Pool.Cli.RunAsync("token", "create", "--no-auto-approve", "-o", "name")).Succeeded().Output.Trim();
        await using UnitUnderTest unit = UnitUnderTest.Start(Pool.Directory, Pool.Station, "known-but-waiting", token);
        await Eventually.TrueAsync("the station shows the unit as pending", async () =>
            (await Pool.Api.GetAsync<UnitPage>("units?name=known-but-waiting")).Items is [{ State: UnitState.Pending }]);
        (await Pool.Cli.RunAsync("unit", "approve", "known-but-waiting")).Succeeded();
        await unit.ReadyAsync();
    }

    private async Task<string> TokenAsync(int uses) =>
        (await Pool.Api.PostAsync<TokenCreated>("tokens", new TokenCreate(AutoApprove: true, uses, LifetimeSeconds: null))).Secret;

    /// <summary>Starts a unit that must end by itself with a sentence, and must not appear in the pool.</summary>
    private async Task<ToolRun> RefusedAsync(string name, string token, string? caFingerprint = null)
    {
        await using UnitUnderTest unit = UnitUnderTest.Start(Pool.Directory, Pool.Station, name, token, caFingerprint);
        int exitCode = await unit.Agent.ExitAsync();
        Assert.NotEmpty(unit.Agent.Output);
        Assert.DoesNotContain(token, unit.Agent.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", unit.Agent.Output, StringComparison.Ordinal);
        Assert.Empty((await Pool.Api.GetAsync<UnitPage>($"units?name={name}")).Items);
        return new ToolRun($"vsan-unit run --name {name}", exitCode, unit.Agent.Output, string.Empty);
    }
}
