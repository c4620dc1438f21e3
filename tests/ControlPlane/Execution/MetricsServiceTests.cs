using VSan.Contracts;
using VSan.Contracts.Api;
using VSan.Contracts.UnitLink;
using VSan.Station.Execution;
using VSan.Station.Store.InMemory;
using Xunit;

namespace VSan.Tests.ControlPlane.Execution;

/// <summary>Histories as callers get them: in rates, and of nothing that they may not see.</summary>
public sealed class MetricsServiceTests : IAsyncLifetime
{
    private static readonly TimeSpan s_range = TimeSpan.FromMinutes(5);

    private readonly ManualClock _clock = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly SimulatedPool _pool;
    private Guid _unit;
    private Volume _volume = null!;

    public MetricsServiceTests() => _pool = new SimulatedPool(_clock, new InMemoryStore());

    private StationServices Services => _pool.Services;

    public async Task InitializeAsync()
    {
        _unit = await _pool.JoinAsync("unit-1");
        await Services.Projects.CreateAsync(SimulatedPool.Admin, new ProjectCreate("web", null, null), null, default);
        VolumeAccepted accepted = await Services.Volumes.CreateAsync(SimulatedPool.Admin, new VolumeCreate("db", 1 << 30, null, null, null, null) { Project = "web" }, null, default);
        await _pool.EndedAsync(accepted.Operation);
        _volume = await Services.Volumes.GetAsync(SimulatedPool.Admin, accepted.Volume.Id, default);
        Report(0);
        _clock.Advance(TimeSpan.FromSeconds(4));
        Report(500);
        _clock.Advance(TimeSpan.FromSeconds(4));
    }

    public async Task DisposeAsync() => await _pool.DisposeAsync();

    [Fact]
    public async Task History_OfPoolUnitAndVolume_IsInRates()
    {
        foreach (string subject in (string[])["pool", $"unit/{_unit}", $"volume/{_volume.Id}"])
        {
            ActivityHistory history = await HistoryAsync(SimulatedPool.Admin, subject);
            Assert.Equal(5, history.StepSeconds);
            ActivityPoint point = history.Points[^1];
            Assert.Equal((100, 4096), (point.ReadsPerSecond, point.ReadBytesPerSecond));
            Assert.InRange(point.LatencyP99Seconds!.Value, 2e-6, 3e-3);
        }
    }

    [Theory]
    [InlineData(5, 5)]
    [InlineData(60, 60)]
    [InlineData(1440, 300)]
    public async Task History_FurtherBack_HasLongerSteps(int minutes, int stepSeconds) =>
        Assert.Equal(stepSeconds, (await Services.Metrics.HistoryAsync(SimulatedPool.Admin, "pool", TimeSpan.FromMinutes(minutes), default)).StepSeconds);

    [Fact]
    public async Task Busiest_NamesTheVolume()
    {
        BusyVolume busy = Assert.Single((await Services.Metrics.BusiestAsync(SimulatedPool.Admin, 10, default)).Items);
        Assert.Equal(("db", 100), (busy.Name, busy.Now.ReadsPerSecond));
    }

    [Fact]
    public async Task Caller_OfAnotherProject_FindsNothing()
    {
        Caller stranger = Of("project:other");
        Assert.Equal("not-found", await SimulatedPool.ProblemOf(HistoryAsync(stranger, $"volume/{_volume.Id}")));
        Assert.Equal("not-found", await SimulatedPool.ProblemOf(HistoryAsync(stranger, $"unit/{_unit}")));
        Assert.Equal("not-found", await SimulatedPool.ProblemOf(HistoryAsync(stranger, $"volume/{Guid.NewGuid()}")));
        Assert.Empty((await Services.Metrics.BusiestAsync(stranger, 10, default)).Items);
        Caller own = Of("project:web");
        Assert.Equal("db", (await HistoryAsync(own, $"volume/{_volume.Id}")).Name);
        Assert.Single((await Services.Metrics.BusiestAsync(own, 10, default)).Items);
    }

    [Theory]
    [InlineData("host/4f1b7c1e-31b4-4f8e-9d0e-2f6a4b7c9d10")]
    [InlineData("volume")]
    [InlineData("volume/db")]
    [InlineData("everything")]
    public async Task Subject_ThatIsNone_IsRefused(string subject) => Assert.Equal("invalid-field", await SimulatedPool.ProblemOf(HistoryAsync(SimulatedPool.Admin, subject)));

    [Theory]
    [InlineData(0)]
    [InlineData(1441)]
    public async Task Range_ThatNothingReaches_IsRefused(int minutes) =>
        Assert.Equal("invalid-field", await SimulatedPool.ProblemOf(HistoryAsync(SimulatedPool.Admin, "pool", TimeSpan.FromMinutes(minutes))));

    private static Caller Of(string scope) => Caller.Of("person", Role.Viewer) with { Bindings = [new Binding(Role.Viewer, Scope.Parse(scope, "/scope"))] };

    private async Task<ActivityHistory> HistoryAsync(Caller caller, string subject, TimeSpan? range = null) => await Services.Metrics.HistoryAsync(caller, subject, range ?? s_range, default);

    private void Report(long reads) => Services.Presence.OnReport(new UnitReport(_unit, _unit, 1, new ConfigurationStatus(1, 1, []), true, 0, [])
    {
        Activity = [new LegActivity(_volume.Legs[0].Id, reads, 0, reads * 4096 / 100, 0, reads == 0 ? null : new LatencyCounts(20, [reads]))],
    });
}
