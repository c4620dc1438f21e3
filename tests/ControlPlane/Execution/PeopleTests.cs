using VSan.Contracts.Api;
using VSan.Station.Execution;
using VSan.Station.Store.InMemory;
using Xunit;

namespace VSan.Tests.ControlPlane.Execution;

/// <summary>Users, authenticators, sessions and access tokens, on a clock that the test moves.</summary>
public sealed class PeopleTests
{
    private readonly ManualClock _clock = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly InMemoryStore _store = new();
    private readonly StationServices _services;

    public PeopleTests() => _services = new SimulatedStation(_store, _clock).Services;

    private static Caller Admin => SimulatedStation.Admin;

    [Fact]
    public async Task User_Made_SignsInWithThePasswordShownOnceAndMayWhatItsRoleMay()
    {
        UserPassword made = await CreateAsync("kim", Role.Operator);
        Caller kim = await SignInAsync("kim", made.Password!);

        Assert.True(kim.May("volume.create"));
        Assert.False(kim.May("user.create"));
        Assert.Equal("kim", kim.Name);
    }

    [Fact]
    public async Task User_Disabled_LosesSessionsAndSignsInNoMore()
    {
        UserPassword made = await CreateAsync("kim", Role.Viewer);
        SessionCreated session = await _services.Sessions.SignInAsync(new SessionCreate("kim", made.Password!), "peer", default);

        await _services.Users.ChangeAsync(Admin, made.User.Id, new UserChange(Disabled: true), default);

        Assert.Null(await _services.Sessions.AuthenticateAsync(session.BearerToken, default));
        Assert.Equal("unauthenticated", await CodeAsync(() => _services.Sessions.SignInAsync(new SessionCreate("kim", made.Password!), "peer", default)));
    }

    [Fact]
    public async Task UserCreate_Repeated_GivesTheSameSecretAndKeepsItSealed()
    {
        UserPassword first = await _services.Users.CreateAsync(Admin, new UserCreate("kim"), "key", default);
        UserPassword again = await _services.Users.CreateAsync(Admin, new UserCreate("kim"), "key", default);

        Assert.Equal(first.Password, again.Password);
        GivenAnswer kept = Assert.Single(await _store.ReadAsync(transaction => transaction.Table<GivenAnswer>().Page(null, 10), default));
        Assert.DoesNotContain(first.Password!, kept.Answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LastAdmin_CanNeitherBeDisabledNorDemotedNorRemoved()
    {
        await _services.Users.CreateFirstAdministratorAsync(default);
        User admin = (await _services.Users.ListAsync(Admin, new ListQuery(Name: "admin"), default)).Items[0];

        Assert.Equal("last-admin", await CodeAsync(() => _services.Users.ChangeAsync(Admin, admin.Id, new UserChange(Disabled: true), default)));
        Assert.Equal("last-admin", await CodeAsync(() => _services.Users.ChangeAsync(Admin, admin.Id, new UserChange([]), default)));
        Assert.Equal("last-admin", await CodeAsync(() => _services.Users.DeleteAsync(Admin, admin.Id, default)));
    }

    [Fact]
    public async Task SecurityAdmin_CannotMakeOrBecomeOrTakeOverAnAdmin()
    {
        await _services.Users.CreateFirstAdministratorAsync(default);
        User admin = (await _services.Users.ListAsync(Admin, new ListQuery(Name: "admin"), default)).Items[0];
        UserPassword made = await CreateAsync("sec", Role.SecurityAdmin);
        Caller security = await SignInAsync("sec", made.Password!);
        RoleBinding[] all = [new(Role.Admin, "all")];

        Assert.Equal("forbidden", await CodeAsync(() => _services.Users.CreateAsync(security, new UserCreate("x", all), null, default)));
        Assert.Equal("forbidden", await CodeAsync(() => _services.Users.ChangeAsync(security, made.User.Id, new UserChange([new(Role.StorageAdmin, "all")]), default)));
        Assert.Equal("forbidden", await CodeAsync(() => _services.Users.ResetPasswordAsync(security, admin.Id, new PasswordReset(), null, default)));
        Assert.Equal("forbidden", await CodeAsync(() => _services.Users.ResetTotpAsync(security, admin.Id, default)));
        Assert.Equal("forbidden", await CodeAsync(() => _services.AccessTokens.CreateAsync(security, new AccessTokenCreate("x", all), null, default)));
        Assert.NotNull(await _services.Users.CreateAsync(security, new UserCreate("op", [new(Role.Operator, "all")]), null, default));
    }

    [Fact]
    public async Task Totp_Confirmed_IsAskedForAndACodeIsGoodOnce()
    {
        UserPassword made = await CreateAsync("kim", Role.Viewer);
        Caller kim = await SignInAsync("kim", made.Password!);
        byte[] secret = Decode((await _services.Accounts.EnrolTotpAsync(kim, default)).Secret);
        await _services.Accounts.ConfirmTotpAsync(kim, new TotpCode(CodeNow(secret)), default);

        Assert.Equal("code-required", await CodeAsync(() => TrySignInAsync(made, null)));
        Assert.Equal("unauthenticated", await CodeAsync(() => TrySignInAsync(made, CodeNow(secret))));

        _clock.Advance(TimeSpan.FromMinutes(6));
        string code = CodeNow(secret);
        Assert.NotNull(await TrySignInAsync(made, code));
        Assert.Equal("unauthenticated", await CodeAsync(() => TrySignInAsync(made, code)));
    }

    [Fact]
    public async Task RecoveryCode_OpensOneSignInInPlaceOfACode_OrRemovesTheAuthenticator()
    {
        UserPassword made = await CreateAsync("kim", Role.Viewer);
        Caller kim = await SignInAsync("kim", made.Password!);
        byte[] secret = Decode((await _services.Accounts.EnrolTotpAsync(kim, default)).Secret);
        IReadOnlyList<string> codes = (await _services.Accounts.ConfirmTotpAsync(kim, new TotpCode(CodeNow(secret)), default)).Codes;
        Assert.Equal(10, codes.Distinct().Count());
        Person kept = Assert.Single(await _store.ReadAsync(transaction => transaction.Table<Person>().Where(Lookups.PersonUserName, "kim"), default));
        Assert.Empty(kept.Totp!.Recovery.Intersect(codes));

        Assert.NotNull(await TrySignInAsync(made, codes[0]));
        Assert.Equal("unauthenticated", await CodeAsync(() => TrySignInAsync(made, codes[0])));
        _clock.Advance(TimeSpan.FromMinutes(6));
        Assert.NotNull(await TrySignInAsync(made, codes[1].Replace("-", " ", StringComparison.Ordinal).ToLowerInvariant()));
        Assert.Equal("invalid-field", await CodeAsync(() => _services.Accounts.RemoveTotpAsync(kim, new TotpCode(codes[1]), default)));
        await _services.Accounts.RemoveTotpAsync(kim, new TotpCode(codes[2]), default);
        _clock.Advance(TimeSpan.FromMinutes(6));
        Assert.NotNull(await TrySignInAsync(made, null));
    }

    [Fact]
    public async Task Totp_NotConfirmed_IsNotAskedFor()
    {
        UserPassword made = await CreateAsync("kim", Role.Viewer);
        await _services.Accounts.EnrolTotpAsync(await SignInAsync("kim", made.Password!), default);

        Assert.NotNull(await TrySignInAsync(made, null));
    }

    [Fact]
    public async Task ChangePassword_EndsTheOtherSessionsOnly()
    {
        UserPassword made = await CreateAsync("kim", Role.Viewer);
        SessionCreated other = await TrySignInAsync(made, null), own = await TrySignInAsync(made, null);
        Caller kim = (await _services.Sessions.AuthenticateAsync(own.BearerToken, default))!;

        Assert.Equal("invalid-field", await CodeAsync(() => _services.Accounts.ChangePasswordAsync(kim, new PasswordChange("wrong", "a long new password"), default)));
        await _services.Accounts.ChangePasswordAsync(kim, new PasswordChange(made.Password!, "a long new password"), default);

        Assert.Null(await _services.Sessions.AuthenticateAsync(other.BearerToken, default));
        Assert.NotNull(await _services.Sessions.AuthenticateAsync(own.BearerToken, default));
    }

    [Fact]
    public async Task AccessToken_UntilItsEnd_IsACallerWithItsRolesAndIsKeptAsAHash()
    {
        AccessTokenCreated made = await _services.AccessTokens.CreateAsync(Admin, new AccessTokenCreate("ci", [new(Role.Operator, "all")], 3600), null, default);
        Caller machine = (await _services.Sessions.AuthenticateAsync(made.Bearer, default))!;

        Assert.Equal("token:ci", machine.Name);
        Assert.True(machine.May("volume.create"));
        Assert.Equal("forbidden", await CodeAsync(() => _services.Accounts.EnrolTotpAsync(machine, default)));
        VSan.Station.Execution.AccessToken kept = Assert.Single(await _store.ReadAsync(transaction => transaction.Table<VSan.Station.Execution.AccessToken>().Page(null, 9), default));
        Assert.NotEqual(made.Bearer, kept.TokenHash);
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Null(await _services.Sessions.AuthenticateAsync(made.Bearer, default));
    }

    [Fact]
    public async Task AccessToken_Deleted_OpensNothing()
    {
        AccessTokenCreated made = await _services.AccessTokens.CreateAsync(Admin, new AccessTokenCreate("ci", [new(Role.Viewer, "all")]), null, default);
        await _services.AccessTokens.DeleteAsync(Admin, made.Token.Id, default);
        Assert.Null(await _services.Sessions.AuthenticateAsync(made.Bearer, default));
    }

    [Fact]
    public async Task Session_Revoked_OpensNothing()
    {
        UserPassword made = await CreateAsync("kim", Role.Viewer);
        SessionCreated session = await TrySignInAsync(made, null);
        SessionPage page = await _services.Sessions.ListAsync(Admin, new ListQuery { Filters = new Dictionary<string, string> { ["user"] = "kim" } }, default);

        await _services.Sessions.RevokeAsync(Admin, Assert.Single(page.Items).Id, default);

        Assert.Null(await _services.Sessions.AuthenticateAsync(session.BearerToken, default));
    }

    [Fact]
    public async Task DryRun_OfAChange_ChecksEverythingAndKeepsNothing()
    {
        Caller trying = Admin with { IsDryRun = true };

        DryRunException tried = await Assert.ThrowsAsync<DryRunException>(() => _services.Users.CreateAsync(trying, new UserCreate("kim"), null, default));
        Assert.Equal("kim", Assert.IsType<UserPassword>(tried.Result).User.Name);
        Assert.Empty((await _services.Users.ListAsync(Admin, new ListQuery(), default)).Items);
        await CreateAsync("kim", Role.Viewer);
        Assert.Equal("name-taken", await CodeAsync(() => _services.Users.CreateAsync(trying, new UserCreate("kim"), null, default)));
    }

    private static async Task<string> CodeAsync(Func<Task> act) => (await Assert.ThrowsAsync<ProblemException>(act)).Code;

    private static byte[] Decode(string base32)
    {
        int bits = 0, count = 0;
        List<byte> bytes = [];
        foreach (char digit in base32)
        {
            bits = ((bits << 5) | "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(digit, StringComparison.Ordinal)) & 0xfff;
            count += 5;
            if (count < 8) continue;
            count -= 8;
            bytes.Add((byte)(bits >> count));
        }

        return [.. bytes];
    }

    private Task<UserPassword> CreateAsync(string name, Role role) => _services.Users.CreateAsync(Admin, new UserCreate(name, [new(role, "all")]), null, default);

    // The brake may hold a sign-in after a failure: the clock goes on until it lets go.
    private async Task<SessionCreated> TrySignInAsync(UserPassword user, string? code)
    {
        Task<SessionCreated> signIn = _services.Sessions.SignInAsync(new SessionCreate(user.User.Name, user.Password!, code), "peer", default);
        if (!signIn.IsCompleted) _clock.Advance(TimeSpan.FromMilliseconds(500));
        return await signIn;
    }

    private async Task<Caller> SignInAsync(string name, string password)
    {
        SessionCreated session = await _services.Sessions.SignInAsync(new SessionCreate(name, password), "peer", default);
        return (await _services.Sessions.AuthenticateAsync(session.BearerToken, default))!;
    }

    private string CodeNow(byte[] secret) => Totp.Code(secret, _clock.GetUtcNow().ToUnixTimeSeconds() / 30);
}
