using VSan.Contracts.Api;
using VSan.Station.Execution;
using VSan.Station.Store.InMemory;
using Xunit;

namespace VSan.Tests.ControlPlane.Execution;

public sealed class ScheduleServiceTests : IAsyncLifetime
{
    private readonly ManualClock _clock = new(new DateTimeOffset(2026, 11, 28, 10, 30, 0, TimeSpan.Zero));
    private readonly InMemoryStore _store = new();
    private SimulatedPool _pool;
    private Guid _unitId;

    public ScheduleServiceTests() => _pool = new SimulatedPool(_clock, _store);

    private StationServices Services => _pool.Services;

    public async Task InitializeAsync() => _unitId = await _pool.JoinAsync("unit-1");

    public async Task DisposeAsync() => await _pool.DisposeAsync();

    [Fact]
    public async Task Hours_AsTheyPass_AreTakenAndTheOldOnesRemoved()
    {
        Volume volume = await _pool.VolumeAsync("v");
        Snapshot kept = await ByHandAsync(volume.Id);
        Schedule schedule = await CreateAsync(new ScheduleSpec("hours", 2, null, null, null, 5, null, null, [volume.Id]));
        Assert.Equal(new DateTimeOffset(2026, 11, 28, 11, 5, 0, TimeSpan.Zero), schedule.NextRun);
        for (int hour = 11; hour <= 13; hour++)
        {
            AdvanceTo(new DateTimeOffset(2026, 11, 28, hour, 5, 0, TimeSpan.Zero));
            await UntilAsync(async () => (await NamesAsync(volume.Id)).Contains($"hours-20261128T{hour}05Z"));
        }

        await UntilAsync(async () => (await NamesAsync(volume.Id)).Count == 3);
        Assert.Equal([kept.Name, "hours-20261128T1205Z", "hours-20261128T1305Z"], await NamesAsync(volume.Id));
    }

    [Fact]
    public async Task Outage_OfManyHours_IsCaughtUpOnce()
    {
        Volume volume = await _pool.VolumeAsync("v");
        await CreateAsync(new ScheduleSpec("hours", 24, null, null, null, 0, null, null, [volume.Id]));
        await _pool.DisposeAsync();
        _clock.Advance(TimeSpan.FromHours(9.5));
        _pool = new SimulatedPool(_clock, _store, _pool.Station);
        _pool.Station.Connect(_unitId);
        _pool.Station.Report(_unitId);
        AdvanceTo(new DateTimeOffset(2026, 11, 28, 20, 10, 0, TimeSpan.Zero));
        await UntilAsync(async () => (await NamesAsync(volume.Id)).Count > 0);
        AdvanceTo(new DateTimeOffset(2026, 11, 28, 20, 50, 0, TimeSpan.Zero));
        Assert.Equal(["hours-20261128T2000Z"], await NamesAsync(volume.Id));
    }

    [Fact]
    public async Task Delete_LeavesTheSnapshots()
    {
        Volume volume = await _pool.VolumeAsync("v");
        Schedule schedule = await CreateAsync(new ScheduleSpec("hours", 1, null, null, null, null, null, null, [volume.Id]));
        AdvanceTo(new DateTimeOffset(2026, 11, 28, 11, 0, 0, TimeSpan.Zero));
        await UntilAsync(async () => (await NamesAsync(volume.Id)).Count == 1);
        await Services.Schedules.DeleteAsync(SimulatedPool.Admin, schedule.Id, default);
        AdvanceTo(new DateTimeOffset(2026, 11, 28, 14, 0, 0, TimeSpan.Zero));
        Assert.Single(await NamesAsync(volume.Id));
    }

    [Theory]
    [InlineData(0, 0, "/daily")]
    [InlineData(101, 0, "/hourly")]
    [InlineData(1, 60, "/minute")]
    public async Task Create_NonsenseMember_IsPointedAt(int hourly, int minute, string pointer)
    {
        ProblemException problem = await Assert.ThrowsAsync<ProblemException>(() => CreateAsync(new ScheduleSpec("s", hourly, null, null, null, minute, null, null, null)));
        Assert.Equal(pointer, Assert.Single(problem.Fields!).Pointer);
    }

    // The unit is heard of a second before, so that it is ready at the moment itself.
    private void AdvanceTo(DateTimeOffset moment)
    {
        TimeSpan breath = TimeSpan.FromSeconds(1);
        TimeSpan left = moment - _clock.GetUtcNow() - breath;
        if (left > TimeSpan.Zero) _clock.Advance(left);
        _pool.Station.Report(_unitId);
        _clock.Advance(breath);
        _pool.Station.Report(_unitId);
    }

    // Time goes on while the station works: it may have begun to sleep just after time was moved on.
    private Task UntilAsync(Func<Task<bool>> condition) => StationTests.UntilAsync(() =>
    {
        _clock.Advance(TimeSpan.FromSeconds(2));
        _pool.Station.Report(_unitId);
        return condition();
    });

    private Task<Schedule> CreateAsync(ScheduleSpec spec) => Services.Schedules.CreateAsync(SimulatedPool.Admin, spec, null, default);

    private async Task<IReadOnlyList<string>> NamesAsync(Guid volumeId) =>
        [.. (await Services.Snapshots.OfVolumeAsync(SimulatedPool.Admin, volumeId, default)).Items.Select(snapshot => snapshot.Name)];

    private async Task<Snapshot> ByHandAsync(Guid volumeId)
    {
        SnapshotsAccepted accepted = await Services.Snapshots.CreateAsync(SimulatedPool.Admin, new SnapshotGroupCreate("by-hand", [volumeId]), null, default);
        await _pool.EndedAsync(accepted.Operation);
        return accepted.Snapshots[0];
    }
}
