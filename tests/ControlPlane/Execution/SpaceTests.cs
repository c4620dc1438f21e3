using VSan.Contracts.Api;
using VSan.Contracts.BlockServer;
using VSan.Contracts.UnitLink;
using VSan.Station.Execution;
using VSan.Station.Store.InMemory;
using Xunit;

namespace VSan.Tests.ControlPlane.Execution;

/// <summary>Projects, policies, the trash, expansion and alarms, over simulated units.</summary>
public sealed class SpaceTests : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);
    private static readonly Caller Admin = SimulatedStation.Admin;

    // It stands still unless a test moves it: however slow the machine, no unit grows silent.
    private readonly ManualClock _clock = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly SimulatedStation _station;
    private readonly CancellationTokenSource _ending = new();
    private Task _running = Task.CompletedTask;

    public SpaceTests() => _station = new SimulatedStation(new InMemoryStore(), _clock);

    private StationServices Services => _station.Services;

    public Task InitializeAsync()
    {
        _running = Services.RunAsync(_ending.Token);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _ending.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _running);
    }

    public void Dispose() => _ending.Dispose();

    [Fact]
    public async Task Quota_OfAProject_CountsLegsAndTheTrashAndHoldsForExpansion()
    {
        await JoinAsync(2);
        await Services.Projects.CreateAsync(Admin, new ProjectCreate("web", 5L << 30, 2), null, default);
        Volume mirror = await MakeAsync(new VolumeCreate("m", 1 << 30, null, null, null, null) { Project = "web", Layout = "mirror-2" });
        Assert.Equal("quota-exceeded", await ProblemOf(MakeAsync(new VolumeCreate("n", 3L << 30, null, null, null, null) { Project = "web" })));
        Volume single = await MakeAsync(new VolumeCreate("n", 2L << 30, null, null, null, null) { Project = "web" });
        Assert.Equal("quota-exceeded", await ProblemOf(MakeAsync(new VolumeCreate("o", 1 << 20, null, null, null, null) { Project = "web" })));
        Assert.Equal("quota-exceeded", await ProblemOf(Services.Volumes.ExpandAsync(Admin, mirror.Id, new VolumeExpand(2L << 30), default)));
        await Services.Trash.PutAsync(Admin, single.Id, null, default);
        Project web = Assert.Single((await Services.Projects.ListAsync(Admin, new ListQuery(Name: "web"), default)).Items);
        Assert.Equal((4L << 30) + (8 << 20), web.PromisedBytes);
        Assert.Equal("project-in-use", await ProblemOf(Services.Projects.DeleteAsync(Admin, "web", default)));
        await MakeAsync(new VolumeCreate("m", 1 << 30, null, null, null, null));
    }

    [Fact]
    public async Task Pool_UsableAfterOneUnitFails_IsWhatTheOthersHaveLeft()
    {
        Assert.Equal(0, (await Services.Pool.GetAsync(Admin, default)).UsableAfterOneFailsBytes);
        await JoinAsync(2);
        Pool pool = await Services.Pool.GetAsync(Admin, default);
        Assert.Equal(pool.CapacityBytes / 2, pool.UsableAfterOneFailsBytes);
        await MakeAsync(new VolumeCreate("v", 1 << 30, null, null, null, null));
        Pool promised = await Services.Pool.GetAsync(Admin, default);
        Assert.Equal(pool.UsableAfterOneFailsBytes - promised.PromisedBytes, promised.UsableAfterOneFailsBytes);
    }

    [Fact]
    public async Task TrashDelay_OfThePool_HoldsForWhatIsDeletedFromThenOn()
    {
        await JoinAsync(1);
        DateTimeOffset now = _clock.GetUtcNow();
        Volume before = await MakeAsync(new VolumeCreate("a", 1 << 30, null, null, null, null)), after = await MakeAsync(new VolumeCreate("b", 1 << 30, null, null, null, null));
        Assert.Equal(now.AddHours(24), (await Services.Trash.PutAsync(Admin, before.Id, null, default)).PurgeAt);

        Assert.Equal(86_400, (await Services.Pool.GetAsync(Admin, default)).TrashDelaySeconds);
        Assert.Equal(3 * 86_400, (await Services.Pool.ChangeAsync(Admin, new PoolChange(3 * 86_400), default)).TrashDelaySeconds);
        Assert.Equal(3 * 86_400, (await Services.Pool.ChangeAsync(Admin, new PoolChange(null), default)).TrashDelaySeconds);
        PoolEvent told = Assert.Single(await Services.Events.RecentAsync(1000, default), happened => happened.Kind == "pool.changed");
        Assert.Equal("admin set the time in the trash from 1d to 3d.", told.Message);

        Assert.Equal(now.AddDays(3), (await Services.Trash.PutAsync(Admin, after.Id, null, default)).PurgeAt);
        Assert.Equal(now.AddHours(24), (await Services.Volumes.GetAsync(Admin, before.Id, default)).PurgeAt);
        await Services.Trash.RestoreAsync(Admin, after.Id, default);
        Assert.Equal(now.AddHours(1), (await Services.Trash.PutAsync(Admin, after.Id, TimeSpan.FromHours(1), default)).PurgeAt);
    }

    [Theory]
    [InlineData(59, "invalid-field")]
    [InlineData(60, "granted")]
    [InlineData(365 * 86_400, "granted")]
    [InlineData((365 * 86_400) + 1, "invalid-field")]
    [InlineData(-1, "invalid-field")]
    [InlineData(long.MaxValue, "invalid-field")]
    public async Task TrashDelay_OfThePool_HasBounds(long seconds, string outcome) =>
        Assert.Equal(outcome, await SimulatedPool.ProblemOf(Services.Pool.ChangeAsync(Admin, new PoolChange(seconds), default)));

    [Fact]
    public async Task Policy_FillsInWhatIsLeftOpen_AndExplainSaysWhy()
    {
        Guid[] units = await JoinAsync(3);
        await LabelAsync(units[0], "a");
        await LabelAsync(units[1], "a");
        await Services.Policies.CreateAsync(Admin, new PolicyCreate("gold", "mirror-2", FailureDomain.Rack, null, null, null, null, "nightly"), null, default);
        VolumeCreate request = new("v", 1 << 30, null, null, null, null) { Policy = "gold" };
        PlacementExplanation no = await Services.Placements.ExplainAsync(Admin, request, default);
        Assert.False(no.Placed);
        Assert.Contains(no.Stores, store => store.UnitId == units[2] && store.Rejection == "unit-3 has no label rack");
        await LabelAsync(units[2], "b");
        PlacementExplanation yes = await Services.Placements.ExplainAsync(Admin, request, default);
        Assert.True(yes.Placed);
        Volume volume = await MakeAsync(request);
        Assert.Equal(("mirror-2", "gold"), (volume.Layout, volume.PolicyName));
        Assert.Equal(yes.Stores.Where(store => store.LegIndex is not null).Select(store => store.UnitId).Order(), volume.Legs.Select(leg => leg.UnitId).Order());
        Assert.Contains(volume.Legs, leg => leg.UnitId == units[2]);
    }

    [Fact]
    public async Task Limits_OfEachLayout_ReachTheUnitsLegByLeg()
    {
        Guid[] units = await JoinAsync(2);
        Limits limits = new(1001, 8 << 20, 3);
        VolumeCreate request = new("v", 1 << 30, null, null, null, null) { Limits = limits };
        await MakeAsync(request with { Name = "mirror", Layout = "mirror-2" });
        await MakeAsync(request with { Name = "stripe", Layout = "stripe-2" });
        foreach (Guid unit in units)
        {
            Assert.Equal(new LimitConfiguration(1001, 8 << 20, 3), LimitsOn(unit, "mirror"));
            Assert.Equal(new LimitConfiguration(501, 4 << 20, 3), LimitsOn(unit, "stripe"));
        }
    }

    [Fact]
    public async Task Limits_FromThePolicyAndChangedLater_ReachTheUnitWithoutAnOperation()
    {
        Guid[] units = await JoinAsync(1);
        await Services.Policies.CreateAsync(Admin, new PolicyCreate("calm", null, null, null, null, null, new Limits(500, null, null), null), null, default);
        Volume volume = await MakeAsync(new VolumeCreate("v", 1 << 30, null, null, null, null) { Policy = "calm" });
        Assert.Equal(new LimitConfiguration(500, null), LimitsOn(units[0], "v"));

        Volume changed = await Services.Volumes.ChangeAsync(Admin, volume.Id, new VolumeChange(new Limits(null, 1 << 20, 2)), default);
        Assert.Equal(new Limits(null, 1 << 20, 2), changed.Limits);
        await StationTests.UntilAsync(() => Task.FromResult(LimitsOn(units[0], "v") == new LimitConfiguration(null, 1 << 20, 2)));
        await Services.Volumes.ChangeAsync(Admin, volume.Id, new VolumeChange(null), default);
        Assert.Equal(new LimitConfiguration(null, 1 << 20, 2), LimitsOn(units[0], "v"));
        await Services.Volumes.ChangeAsync(Admin, volume.Id, new VolumeChange(new Limits(null, null, null)), default);
        await StationTests.UntilAsync(() => Task.FromResult(LimitsOn(units[0], "v") is null));
        Assert.Equal("invalid-field", await ProblemOf(Services.Volumes.ChangeAsync(Admin, volume.Id, new VolumeChange(new Limits(0, null, null)), default)));
        Assert.Equal("invalid-field", await ProblemOf(Services.Volumes.ChangeAsync(Admin, volume.Id, new VolumeChange(new Limits(null, null, 5)), default)));
    }

    [Fact]
    public async Task Media_OfAStore_IsWhatPoliciesChooseBy()
    {
        _station.Distort = inventory => inventory with { Stores = [.. inventory.Stores.Select(store => store with { Media = MediaClass.Hdd })] };
        Guid slow = await _station.JoinAsync("unit-1");
        _station.Distort = inventory => inventory with { Stores = [.. inventory.Stores.Select(store => store with { Media = MediaClass.Nvme })] };
        Guid fast = await _station.JoinAsync("unit-2");
        await Services.Policies.CreateAsync(Admin, new PolicyCreate("fast", null, null, "nvme", null, null, null, null), null, default);
        Assert.Equal("invalid-field", await ProblemOf(Services.Policies.CreateAsync(Admin, new PolicyCreate("odd", null, null, "tape", null, null, null, null), null, default)));
        PlacementExplanation explained = await Services.Placements.ExplainAsync(Admin, new VolumeCreate("v", 1 << 30, null, null, null, null) { Policy = "fast" }, default);
        Assert.Equal("its media is hdd, not nvme", explained.Stores.Single(store => store.UnitId == slow).Rejection);
        Assert.Equal(fast, (await MakeAsync(new VolumeCreate("v", 1 << 30, null, null, null, null) { Policy = "fast" })).Legs[0].UnitId);
        Assert.Equal(["hdd", "nvme"], (await Services.Units.StoresAsync(Admin, new ListQuery(), default)).Items.OrderBy(store => store.UnitName).Select(store => store.Store.Media));
    }

    [Fact]
    public async Task Spare_GetsNothingUntilItIsTakenIntoService()
    {
        Guid[] units = await JoinAsync(2);
        Assert.Equal(0, (await Services.Units.WeighAsync(Admin, units[1], new WeightSet(0), default)).Weight);
        for (int number = 0; number < 4; number++)
            Assert.Equal(units[0], (await MakeAsync(new VolumeCreate($"v{number}", 1 << 30, null, null, null, null))).Legs[0].UnitId);
        Assert.Equal("pool-full", await ProblemOf(MakeAsync(new VolumeCreate("m", 1 << 30, null, null, null, null) { Layout = "mirror-2" })));
        await Services.Units.WeighAsync(Admin, units[1], new WeightSet(100), default);
        Assert.Equal(units[1], (await MakeAsync(new VolumeCreate("w", 1 << 30, null, null, null, null))).Legs[0].UnitId);
        Assert.Equal("invalid-field", await ProblemOf(Services.Units.WeighAsync(Admin, units[1], new WeightSet(1001), default)));
    }

    [Fact]
    public async Task Trash_KeepsTheVolumeServedAndItsNameFree_UntilItIsPurged()
    {
        Guid[] units = await JoinAsync(1);
        Volume volume = await MakeAsync(new VolumeCreate("v", 1 << 30, null, null, null, null));
        Volume trashed = await Services.Trash.PutAsync(Admin, volume.Id, TimeSpan.FromHours(1), default);
        Assert.Equal(VolumeState.Trashed, trashed.State);
        Assert.Single(_station.Served(units[0])!.Legs);
        Volume other = await MakeAsync(new VolumeCreate("v", 1 << 20, null, null, null, null));
        Assert.Equal(other.Id, Assert.Single((await Services.Volumes.ListAsync(Admin, new ListQuery(Name: "v"), default)).Items).Id);
        Assert.Equal("name-taken", await ProblemOf(Services.Trash.RestoreAsync(Admin, volume.Id, default)));
        await Services.Trash.PutAsync(Admin, other.Id, null, default);
        Assert.Equal(VolumeState.Ready, (await Services.Trash.RestoreAsync(Admin, volume.Id, default)).State);
        Operation purged = Assert.Single((await Services.Trash.EmptyAsync(Admin, default)).Items);
        Assert.Equal(OperationState.Succeeded, (await Services.Operations.WaitAsync(purged.Id, Deadline, default)).State);
        Assert.Equal(volume.Id, Assert.Single((await Services.Volumes.ListAsync(Admin, new ListQuery(), default)).Items).Id);
        Assert.Equal(1L << 30, (await Services.Pool.GetAsync(Admin, default)).PromisedBytes);
    }

    [Fact]
    public async Task Trash_UnitIsAway_StillEmpties()
    {
        Guid[] units = await JoinAsync(1);
        Volume volume = await MakeAsync(new VolumeCreate("v", 1 << 30, null, null, null, null));
        _station.Cut(units[0]);
        _clock.Advance(TimeSpan.FromSeconds(11));
        await StationTests.UntilAsync(async () => (await Services.Units.GetAsync(Admin, units[0], default)).State == UnitState.Unreachable);
        await Services.Trash.PutAsync(Admin, volume.Id, null, default);
        Operation purged = Assert.Single((await Services.Trash.EmptyAsync(Admin, default)).Items);
        Assert.Equal(OperationState.Succeeded, (await Services.Operations.WaitAsync(purged.Id, Deadline, default)).State);
        Assert.Empty((await Services.Trash.ListAsync(Admin, default)).Items);
    }

    [Fact]
    public async Task Snapshot_UnitIsAway_IsRemovedAndItsSpaceComesBackWithTheUnit()
    {
        Guid unit = (await JoinAsync(1))[0];
        Volume volume = await MakeAsync(new VolumeCreate("v", 1 << 30, null, null, null, null));
        SnapshotsAccepted taken = await Services.Snapshots.CreateAsync(Admin, new SnapshotGroupCreate("s", [volume.Id]), null, default);
        Assert.Equal(OperationState.Succeeded, (await Services.Operations.WaitAsync(taken.Operation.Id, Deadline, default)).State);
        long promised = (await Services.Pool.GetAsync(Admin, default)).PromisedBytes;
        _station.Cut(unit);
        _clock.Advance(TimeSpan.FromSeconds(11));
        await StationTests.UntilAsync(async () => (await Services.Units.GetAsync(Admin, unit, default)).State == UnitState.Unreachable);
        Operation removal = await Services.Snapshots.DeleteAsync(Admin, taken.Snapshots[0].Id, default);
        Assert.Equal(OperationState.Succeeded, (await Services.Operations.WaitAsync(removal.Id, Deadline, default)).State);
        Assert.Empty((await Services.Snapshots.OfVolumeAsync(Admin, volume.Id, default)).Items);
        Assert.Equal(promised, (await Services.Pool.GetAsync(Admin, default)).PromisedBytes);
        _station.Connect(unit);
        await StationTests.UntilAsync(async () => (await Services.Pool.GetAsync(Admin, default)).PromisedBytes == promised - SimulatedStation.SnapshotBytes);
        Assert.Empty(_station.Served(unit)!.Snapshots);
    }

    [Theory]
    [InlineData("single")]
    [InlineData("mirror-2")]
    [InlineData("stripe-2")]
    [InlineData("concat")]
    public async Task Expand_EachLayout_GrowsItsLegsAndNeverShrinks(string layout)
    {
        Guid[] units = await JoinAsync(2);
        Volume volume = await MakeAsync(new VolumeCreate("v", 1 << 30, null, null, null, null) { Layout = layout });
        Operation expansion = await Services.Volumes.ExpandAsync(Admin, volume.Id, new VolumeExpand(3L << 30), default);
        Assert.Equal(OperationState.Succeeded, (await Services.Operations.WaitAsync(expansion.Id, Deadline, default)).State);
        Volume larger = await Services.Volumes.GetAsync(Admin, volume.Id, default);
        Assert.Equal(3L << 30, larger.SizeBytes);
        foreach (Leg leg in larger.Legs)
            Assert.Equal(leg.SizeBytes, Assert.Single(_station.Served(leg.UnitId)!.Legs).SizeBytes);
        Assert.Equal(larger.PromisedBytes, (await Services.Pool.GetAsync(Admin, default)).PromisedBytes);
        Assert.Equal("shrink-refused", await ProblemOf(Services.Volumes.ExpandAsync(Admin, volume.Id, new VolumeExpand(1 << 30), default)));
        Assert.Equal("pool-full", await ProblemOf(Services.Volumes.ExpandAsync(Admin, volume.Id, new VolumeExpand(1L << 42), default)));
        Assert.Equal(2, units.Length);
    }

    [Fact]
    public async Task Alarm_StoreFills_IsRaisedAndClearedWithEvents()
    {
        Guid unit = (await JoinAsync(1))[0];
        await ReportAsync(unit, usedPercent: 85);
        await Services.Space.LookAsync(default);
        IReadOnlyList<Alarm> alarms = (await Services.Alarms.ListAsync(Admin, new ListQuery(), default)).Items;
        Assert.Equal(["pool.filling", "store.filling"], alarms.Select(alarm => alarm.Kind).Order());
        Assert.All(alarms, alarm => Assert.Equal(AlarmSeverity.Warning, alarm.Severity));
        await ReportAsync(unit, usedPercent: 10);
        await Services.Space.LookAsync(default);
        Assert.Empty((await Services.Alarms.ListAsync(Admin, new ListQuery(), default)).Items);
    }

    [Fact]
    public async Task Usage_Reported_IsShownOfTheVolume()
    {
        Guid unit = (await JoinAsync(1))[0];
        Volume volume = await MakeAsync(new VolumeCreate("v", 1 << 30, null, null, null, null));
        Assert.Null(volume.AllocatedBytes);
        await ReportAsync(unit, usedPercent: 10, new LegUsage(volume.Legs[0].Id, 4096));
        Assert.Equal(4096, (await Services.Volumes.GetAsync(Admin, volume.Id, default)).AllocatedBytes);
    }

    private LimitConfiguration? LimitsOn(Guid unit, string volume) => _station.Served(unit)!.Legs.Single(leg => leg.VolumeName == volume).Limits;

    private static async Task<string> ProblemOf(Task request) => (await Assert.ThrowsAsync<ProblemException>(() => request)).Code;

    private async Task ReportAsync(Guid unitId, int usedPercent, params LegUsage[] legs)
    {
        Unit unit = await Services.Units.GetAsync(Admin, unitId, default);
        StoreInventory store = new(unit.Stores[0].Id, "store", 1L << 40, (1L << 40) * (100 - usedPercent) / 100, true, []);
        Services.Presence.OnReport(new UnitReport(unitId, Guid.NewGuid(), 1, new ConfigurationStatus(unit.AppliedGeneration, unit.AppliedGeneration, []), true, 0, [store]) { Legs = legs });
    }

    private Task<VSan.Contracts.Api.Unit> LabelAsync(Guid unitId, string rack) => Services.Units.LabelAsync(Admin, unitId, new LabelSet(new Dictionary<string, string> { ["rack"] = rack }), default);

    private async Task<Volume> MakeAsync(VolumeCreate request)
    {
        VolumeAccepted accepted = await Services.Volumes.CreateAsync(Admin, request, null, default);
        Operation ended = await Services.Operations.WaitAsync(accepted.Operation.Id, Deadline, default);
        Assert.Equal(OperationState.Succeeded, ended.State);
        return await Services.Volumes.GetAsync(Admin, accepted.Volume.Id, default);
    }

    private async Task<Guid[]> JoinAsync(int count)
    {
        List<Guid> units = [];
        for (int number = 1; number <= count; number++) units.Add(await _station.JoinAsync($"unit-{number}"));
        return [.. units];
    }
}
