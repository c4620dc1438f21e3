using VSan.Contracts.Api;
using VSan.Station.Execution;
using VSan.Station.Store.InMemory;
using Xunit;

namespace VSan.Tests.ControlPlane.Execution;

/// <summary>What is kept of people's desktops.</summary>
public sealed class DesktopTests
{
    private readonly InMemoryStore _store = new();
    private readonly StationServices _services;

    public DesktopTests() => _services = new SimulatedStation(_store, new ManualClock(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero))).Services;

    [Fact]
    public async Task Desktop_Kept_IsItsPersonsAlone()
    {
        Caller kim = await SignInAsync("kim"), lee = await SignInAsync("lee");
        await _services.Desktops.KeepAsync(kim, """{"theme":"light"}""", default);
        await _services.Desktops.KeepAsync(kim, """{"theme":"dark"}""", default);
        Assert.Equal("""{"theme":"dark"}""", await _services.Desktops.FindAsync(kim, default));
        Assert.Null(await _services.Desktops.FindAsync(lee, default));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("")]
    public async Task Desktop_NoJson_IsRefused(string content) =>
        await RefusedAsync("malformed", await SignInAsync("kim"), content);

    [Fact]
    public async Task Desktop_AsLongAsMayBe_IsKeptAndOneByteMoreIsNot()
    {
        Caller kim = await SignInAsync("kim");
        await _services.Desktops.KeepAsync(kim, $"\"{new string('x', DesktopService.BytesMax - 2)}\"", default);
        await RefusedAsync("malformed", kim, $"\"{new string('x', DesktopService.BytesMax - 1)}\"");
    }

    [Fact]
    public Task Desktop_OfAMachine_IsRefused() => RefusedAsync("forbidden", Caller.Of("backup", Role.Admin), "{}");

    [Fact]
    public async Task Desktop_OfAUserWhoIsRemoved_Goes()
    {
        Caller kim = await SignInAsync("kim");
        await _services.Desktops.KeepAsync(kim, "{}", default);
        await _services.Users.DeleteAsync(SimulatedStation.Admin, kim.PersonId!.Value, default);
        Assert.Null(await _services.Desktops.FindAsync(kim, default));
    }

    private async Task RefusedAsync(string code, Caller caller, string content) =>
        Assert.Equal(code, (await Assert.ThrowsAsync<ProblemException>(() => _services.Desktops.KeepAsync(caller, content, default))).Code);

    private async Task<Caller> SignInAsync(string name)
    {
        UserPassword made = await _services.Users.CreateAsync(SimulatedStation.Admin, new UserCreate(name), null, default);
        SessionCreated session = await _services.Sessions.SignInAsync(new SessionCreate(name, made.Password!), "peer", default);
        return (await _services.Sessions.AuthenticateAsync(session.BearerToken, default))!;
    }
}
