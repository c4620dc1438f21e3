using System.Security.Cryptography;
using VSan.Contracts.Api;
using VSan.Station.Domain;
using VSan.Station.Execution;
using VSan.Station.Store.InMemory;
using Xunit;

namespace VSan.Tests.ControlPlane.Execution;

/// <summary>Everything that happens because time has passed, on a clock that the test moves.</summary>
public sealed class ClockTests
{
    private readonly ManualClock _clock = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly SimulatedStation _station;

    public ClockTests() => _station = new SimulatedStation(new InMemoryStore(), _clock);

    private StationServices Services => _station.Services;

    [Theory]
    [InlineData(-1, null)]
    [InlineData(0, "token-expired")]
    public async Task Token_AtItsEnd_AdmitsNobody(int secondsPastEnd, string? code)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        TokenCreated token = await Services.Tokens.CreateAsync(SimulatedStation.Admin, new TokenCreate(null, null, null), null, default);
        _clock.Advance(TimeSpan.FromHours(3) + TimeSpan.FromSeconds(secondsPastEnd));
        Exception? refusal = await Record.ExceptionAsync(() => Services.Enrolment.AdmitAsync(_station.Prove(SimulatedStation.Packet("unit-1", key), token.Secret), "peer", default));
        Assert.Equal(code, (refusal as ProblemException)?.Code);
    }

    [Fact]
    public void Presence_Silence_IsSuspectAfterThreeAndUnreachableAfterTenSeconds()
    {
        Guid unit = Guid.NewGuid();
        _station.Connect(unit);
        Assert.Equal(Presence.Present, Services.Presence.Of(unit));
        _clock.Advance(TimeSpan.FromMilliseconds(2999));
        Assert.Equal(Presence.Present, Services.Presence.Of(unit));
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(Presence.Suspect, Services.Presence.Of(unit));
        _clock.Advance(TimeSpan.FromSeconds(7));
        Assert.Equal(Presence.Unreachable, Services.Presence.Of(unit));
        _station.Connect(unit);
        Assert.Equal(Presence.Present, Services.Presence.Of(unit));
    }

    [Theory]
    [InlineData(2, 3, false)]
    [InlineData(3, 9, false)]
    [InlineData(3, 8, true)]
    public void Freeze_MoreThanAThirdAndAtLeastThree_Only(int gone, int units, bool freezes) => Assert.Equal(freezes, PresenceRule.Freezes(gone, units));

    [Fact]
    public async Task Session_AfterTwelveHours_IsNobodys()
    {
        (string userName, string password) = await Services.Users.CreateFirstAdministratorAsync(default);
        SessionCreated session = await Services.Sessions.SignInAsync(new SessionCreate(userName, password), "peer", default);
        _clock.Advance(TimeSpan.FromHours(12) - TimeSpan.FromSeconds(1));
        Assert.NotNull(await Services.Sessions.AuthenticateAsync(session.BearerToken, default));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await Services.Sessions.AuthenticateAsync(session.BearerToken, default));
    }

    [Fact]
    public async Task SignIn_AfterFailures_WaitsTwiceAsLongEachTimeAndForgets()
    {
        SignInBrake brake = new(_clock);
        Assert.True(brake.WaitAsync("admin", "peer", default).IsCompleted);
        brake.Note("admin", "peer", succeeded: false);
        brake.Note("admin", "peer", succeeded: false);
        Task wait = brake.WaitAsync("admin", "elsewhere", default);
        _clock.Advance(TimeSpan.FromMilliseconds(499));
        Assert.False(wait.IsCompleted);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        await wait;
        _clock.Advance(TimeSpan.FromMinutes(5));
        Assert.True(brake.WaitAsync("admin", "peer", default).IsCompleted);
    }

    [Fact]
    public async Task IdempotencyKey_AfterADay_IsFresh()
    {
        HostCreate request = new("h", "iqn.2026-11.test:h");
        VSan.Contracts.Api.Host first = await Services.Hosts.CreateAsync(SimulatedStation.Admin, request, "key", default);
        _clock.Advance(TimeSpan.FromHours(24) - TimeSpan.FromSeconds(1));
        Assert.Equal(first.Id, (await Services.Hosts.CreateAsync(SimulatedStation.Admin, request, "key", default)).Id);
        _clock.Advance(TimeSpan.FromSeconds(1));
        ProblemException taken = await Assert.ThrowsAsync<ProblemException>(() => Services.Hosts.CreateAsync(SimulatedStation.Admin, request, "key", default));
        Assert.Equal("name-taken", taken.Code);
    }

    [Fact]
    public void Lun_Freed_RestsForADay()
    {
        LunTombstone grave = new(Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), 0, _clock.GetUtcNow());
        _clock.Advance(LunNumbers.Rest - TimeSpan.FromSeconds(1));
        Assert.Equal(1, LunNumbers.Lowest([], [grave], grave.HostId, grave.UnitId, _clock.GetUtcNow()));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, LunNumbers.Lowest([], [grave], grave.HostId, grave.UnitId, _clock.GetUtcNow()));
    }
}
