using VSan.Contracts.Api;
using VSan.Station.Domain;
using VSan.Station.Execution;
using VSan.Station.Store.InMemory;
using Xunit;

namespace VSan.Tests.ControlPlane.Execution;

/// <summary>The station's clock is set, forward and back, while everything else goes on.</summary>
public sealed class ClockJumpTests
{
    private readonly ManualClock _clock = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly SimulatedStation _station;

    public ClockJumpTests() => _station = new SimulatedStation(new InMemoryStore(), _clock);

    private StationServices Services => _station.Services;

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void Presence_ClockIsSetByAYear_NobodyVanishesAndSilenceStillCounts(int years)
    {
        Guid unit = Guid.NewGuid();
        _station.Connect(unit);
        _clock.Jump(TimeSpan.FromDays(365 * years));
        Assert.Equal(Presence.Present, Services.Presence.Of(unit));
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(Presence.Unreachable, Services.Presence.Of(unit));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task Writes_ClockIsSetByAYear_GoOnInTheirOrder(int years)
    {
        using CancellationTokenSource ending = new();
        Task running = Services.RunAsync(ending.Token);
        await Services.Hosts.CreateAsync(SimulatedStation.Admin, new HostCreate("before", "iqn.before"), null, default);
        _clock.Jump(TimeSpan.FromDays(365 * years));
        await Services.Hosts.CreateAsync(SimulatedStation.Admin, new HostCreate("after", "iqn.after"), null, default);
        Assert.Equal(2, (await Services.Hosts.ListAsync(SimulatedStation.Admin, new ListQuery(), default)).Items.Count);
        IReadOnlyList<PoolEvent> events = await Services.Events.RecentAsync(2, default);
        Assert.Equal(["Host before was added.", "Host after was added."], events.Select(record => record.Message));
        Assert.False(running.IsCompleted);
        await ending.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task Work_TakenOverByAnotherProcess_FencesTheFirstWhateverItsClockSays()
    {
        InMemoryStore store = new();
        SimulatedStation first = new(store, _clock), second = new(store, _clock, first);
        using CancellationTokenSource ending = new();
        Task firstRuns = first.Services.RunAsync(ending.Token);
        await first.Services.Hosts.CreateAsync(SimulatedStation.Admin, new HostCreate("a", "iqn.a"), null, default);
        Task secondRuns = second.Services.RunAsync(ending.Token);
        _clock.Jump(TimeSpan.FromDays(-365));
        await Assert.ThrowsAsync<LeaseLostException>(() => first.Services.Hosts.CreateAsync(SimulatedStation.Admin, new HostCreate("b", "iqn.b"), null, default));
        await second.Services.Hosts.CreateAsync(SimulatedStation.Admin, new HostCreate("c", "iqn.c"), null, default);
        Assert.Equal(["a", "c"], (await second.Services.Hosts.ListAsync(SimulatedStation.Admin, new ListQuery(), default)).Items.Select(host => host.Name).Order());
        await ending.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(firstRuns, secondRuns));
    }

    [Fact]
    public async Task Session_ClockIsSetForwardAndBack_IsValidAgain()
    {
        (string userName, string password) = await Services.Users.CreateFirstAdministratorAsync(default);
        string bearer = (await Services.Sessions.SignInAsync(new SessionCreate(userName, password), "peer", default)).BearerToken;
        _clock.Jump(TimeSpan.FromDays(365));
        Assert.Null(await Services.Sessions.AuthenticateAsync(bearer, default));
        _clock.Jump(TimeSpan.FromDays(-365));
        Assert.NotNull(await Services.Sessions.AuthenticateAsync(bearer, default));
    }
}
