using VSan.Contracts.Api;
using VSan.Station.Execution;
using Xunit;

namespace VSan.Tests.ControlPlane.Execution;

/// <summary>What a host says of its volumes: who may say it, what is kept, and which changes are events.</summary>
public sealed class HostReportTests : IAsyncLifetime
{
    private readonly SimulatedPool _pool = new();
    private Host _host = null!;
    private Guid _volumeId;

    private StationServices Services => _pool.Services;

    private Caller Own => new("host:db", [new Binding(Role.Host, new Scope.OfHost(_host.Id))]);

    public async Task InitializeAsync()
    {
        await _pool.JoinAsync("unit-1");
        await _pool.JoinAsync("unit-2");
        _host = await Services.Hosts.CreateAsync(SimulatedPool.Admin, new HostCreate("db", "iqn.2026-11.test:db"), null, default);
        VolumeAccepted made = await Services.Volumes.CreateAsync(SimulatedPool.Admin, new VolumeCreate("data", 1L << 30, null, null, _host.Id, null) { Layout = "mirror-2" }, null, default);
        await _pool.EndedAsync(made.Operation);
        _volumeId = made.Volume.Id;
    }

    public async Task DisposeAsync() => await _pool.DisposeAsync();

    [Fact]
    public async Task Report_IsKeptWithNameAndTime()
    {
        Assert.Null((await Services.HostReports.GetAsync(SimulatedPool.Admin, _host.Id, default)).ReportedAt);
        await Services.HostReports.KeepAsync(Own, _host.Id, Of(HostVolumeState.InUse, HostLegState.Current, HostLegState.Current), default);
        HostReport kept = await Services.HostReports.GetAsync(SimulatedPool.Admin, _host.Id, default);
        Assert.NotNull(kept.ReportedAt);
        Assert.Equal("data", Assert.Single(kept.Volumes).VolumeName);
    }

    [Fact]
    public async Task Loss_Return_AndRefusal_AreAnEventEach_AndTheSameWordIsNone()
    {
        HostReport whole = Of(HostVolumeState.InUse, HostLegState.Current, HostLegState.Current), without = Of(HostVolumeState.Degraded, HostLegState.Current, HostLegState.Failed);
        foreach (HostReport report in (HostReport[])[whole, without, without, Of(HostVolumeState.Degraded, HostLegState.Current, HostLegState.Absent), Of(HostVolumeState.Degraded, HostLegState.Current, HostLegState.Syncing), whole, Of(HostVolumeState.NeedsOperator, HostLegState.Absent, HostLegState.Connected)])
            await Services.HostReports.KeepAsync(Own, _host.Id, report, default);
        string[] events = [.. (await Services.Events.RecentAsync(1000, default)).Where(one => one.Kind.StartsWith("host.volume-", StringComparison.Ordinal)).OrderBy(one => one.Id).Select(one => one.Kind)];
        Assert.Equal(["host.volume-degraded", "host.volume-whole", "host.volume-refused"], events);
    }

    [Fact]
    public async Task Report_OfAVolumeThatTheHostDoesNotHave_IsLeftOut()
    {
        HostReport report = new([new HostVolumeReport(Guid.NewGuid(), HostVolumeState.InUse, [])]);
        Assert.Empty((await Services.HostReports.KeepAsync(Own, _host.Id, report, default)).Volumes);
    }

    [Fact]
    public async Task Report_ByAnother_IsForbidden()
    {
        Host other = await Services.Hosts.CreateAsync(SimulatedPool.Admin, new HostCreate("other", "iqn.2026-11.test:other"), null, default);
        Caller stranger = new("host:other", [new Binding(Role.Host, new Scope.OfHost(other.Id))]);
        ProblemException refused = await Assert.ThrowsAsync<ProblemException>(() => Services.HostReports.KeepAsync(stranger, _host.Id, new HostReport([]), default));
        Assert.Equal("forbidden", refused.Code);
        await Services.HostReports.KeepAsync(Own, _host.Id, new HostReport([]), default);
    }

    [Fact]
    public async Task Report_ThatIsTooLong_IsRefused()
    {
        HostReport many = new([.. Enumerable.Range(0, HostReportService.VolumesMax + 1).Select(_ => new HostVolumeReport(Guid.NewGuid(), HostVolumeState.InUse, []))]);
        await Assert.ThrowsAsync<ProblemException>(() => Services.HostReports.KeepAsync(Own, _host.Id, many, default));
        HostReport wordy = new([new HostVolumeReport(_volumeId, HostVolumeState.Waiting, []) { Message = new string('x', 2000) }]);
        await Assert.ThrowsAsync<ProblemException>(() => Services.HostReports.KeepAsync(Own, _host.Id, wordy, default));
    }

    private HostReport Of(HostVolumeState state, params HostLegState[] legs) =>
        new([new HostVolumeReport(_volumeId, state, [.. legs.Select((leg, index) => new HostLegReport(index, leg))]) { Message = "why" }]);
}
