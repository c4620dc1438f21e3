using VSan.Contracts.Api;
using VSan.Station.Domain;
using VSan.Station.Execution;
using Xunit;
using Alarm = VSan.Contracts.Api.Alarm;
using Operation = VSan.Contracts.Api.Operation;
using OperationState = VSan.Contracts.Api.OperationState;
using Unit = VSan.Contracts.Api.Unit;
using Volume = VSan.Contracts.Api.Volume;

namespace VSan.Tests.ControlPlane.Execution;

/// <summary>Spares that are taken into service by themselves: once for each lost unit, when it is due, and never while automation is frozen.</summary>
public sealed class SpareTests : IAsyncLifetime
{
    private const int AfterSeconds = 30 * 60;

    private readonly ManualClock _clock = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly SimulatedPool _pool;
    private readonly List<Guid> _alive = [];
    private Guid _hostId;

    public SpareTests() => _pool = new SimulatedPool(_clock);

    private StationServices Services => _pool.Services;

    public Task InitializeAsync() => Services.Pool.ChangeAsync(SimulatedPool.Admin, new PoolChange(null, AfterSeconds), default);

    public async Task DisposeAsync() => await _pool.DisposeAsync();

    [Fact]
    public async Task Lost_AsLongAsIsSet_GetsTheSpareWithAnEventAndAnAuditLine()
    {
        (Guid lost, Guid spare) = (await JoinAsync("one"), await SpareAsync("spare"));
        await JoinAsync("two");
        Lose(lost, AfterSeconds);

        Assert.Equal((100, lost), await LookAsync(spare));
        PoolEvent told = Assert.Single(await TakenAsync());
        Assert.Equal(($"unit/{spare}", "Spare spare was taken into service: one has been out of reach for 30m."), (told.Subject, told.Message));
        Assert.Contains((await Services.Audit.ListAsync(SimulatedPool.Admin, new AuditQuery(), default)).Items, line => line is { Who: "station", Action: "unit.weight", Outcome: "granted" });
    }

    [Theory]
    [InlineData(AfterSeconds - 1, AfterSeconds)]
    [InlineData(2 * AfterSeconds, 0)]
    public async Task Lost_NotYetDueOrNothingSet_ChangesNothing(int silentSeconds, int setSeconds)
    {
        await Services.Pool.ChangeAsync(SimulatedPool.Admin, new PoolChange(null, setSeconds), default);
        (Guid lost, Guid spare) = (await JoinAsync("one"), await SpareAsync("spare"));
        Lose(lost, silentSeconds);
        Assert.Equal((0, null), await LookAsync(spare));
        Assert.Empty(await TakenAsync());
    }

    [Fact]
    public async Task Lost_WithoutASpareThatIsReadyAndLargeEnough_ChangesNothing()
    {
        Guid lost = await JoinAsync("one"), working = await JoinAsync("two"), cordoned = await SpareAsync("spare-1"), silent = await SpareAsync("spare-2"), full = await SpareAsync("spare-3");
        await Services.Units.CordonAsync(SimulatedPool.Admin, cordoned, default);
        await _pool.VolumeAsync("v", lost);
        await PromiseAllAsync(full);
        _alive.Remove(silent);
        Lose(lost, AfterSeconds);
        foreach (Guid spare in (Guid[])[cordoned, silent, full]) Assert.Equal((0, null), await LookAsync(spare));
        Assert.Equal((100, null), await LookAsync(working));
        Assert.EndsWith("and no spare has room for what it has promised.", await PlannedAsync(lost), StringComparison.Ordinal);

        // The control: it was all that hindered it.
        await Services.Units.UncordonAsync(SimulatedPool.Admin, cordoned, default);
        Assert.Equal((100, lost), await LookAsync(cordoned));
    }

    [Fact]
    public async Task Lost_InMaintenance_ChangesNothing()
    {
        (Guid lost, Guid spare) = (await JoinAsync("one"), await SpareAsync("spare"));
        await Services.Maintenance.SetAsync(SimulatedPool.Admin, lost, new MaintenanceSet(true, null, null), default);
        Lose(lost, AfterSeconds);
        Assert.Equal((0, null), await LookAsync(spare));
    }

    [Fact]
    public async Task Lost_WhileAutomationIsFrozen_ChangesNothingUntilAPersonThawsIt()
    {
        Guid[] lost = [await JoinAsync("one"), await JoinAsync("two"), await JoinAsync("three")];
        Guid[] spares = [await SpareAsync("spare-1"), await SpareAsync("spare-2")];
        _alive.RemoveAll(lost.Contains);
        foreach (Guid unit in lost) _pool.Station.Cut(unit);
        Pass(AfterSeconds);
        await StationTests.UntilAsync(() => Task.FromResult(Services.Presence.Frozen));
        foreach (Guid spare in spares) Assert.Equal((0, null), await LookAsync(spare));
        Assert.Contains("while automation is frozen", await PlannedAsync(spares[0]), StringComparison.Ordinal);

        await Services.Pool.ThawAsync(SimulatedPool.Admin, default);
        foreach (Guid spare in spares) Assert.Equal(100, (await LookAsync(spare)).Weight);
        Assert.Equal(2, (await TakenAsync()).Count);
    }

    [Fact]
    public async Task Lost_AgainAndAgain_GetsOneSpareUntilItIsMadeASpareAgain()
    {
        Guid lost = await JoinAsync("one"), first = await SpareAsync("spare-1"), second = await SpareAsync("spare-2");
        (first, second) = first.CompareTo(second) < 0 ? (first, second) : (second, first);
        for (int times = 0; times < 3; times++)
        {
            Lose(lost, AfterSeconds);
            Assert.Equal((100, lost), await LookAsync(first));
            Assert.Equal((0, null), await LookAsync(second));
            Return(lost);
        }

        await Services.Units.WeighAsync(SimulatedPool.Admin, first, new WeightSet(0), default);
        Assert.Equal((0, null), await LookAsync(first));
        Lose(lost, AfterSeconds);
        Assert.Equal((100, lost), await LookAsync(first));
        Assert.Equal(2, (await TakenAsync()).Count);
    }

    [Fact]
    public async Task Lost_WithoutASpareThatFits_RaisesAnAlarmOnce_UntilOneIsThere()
    {
        (Guid lost, _) = (await JoinAsync("one"), await JoinAsync("two"));
        Lose(lost, AfterSeconds - 1);
        await Services.Spares.LookAsync(default);
        Assert.Empty(await AlarmsAsync());
        Pass(1);
        await Services.Spares.LookAsync(default);
        await Services.Spares.LookAsync(default);
        Alarm alarm = Assert.Single(await AlarmsAsync());
        Assert.Equal(("unit.no-spare", $"unit/{lost}"), (alarm.Kind, alarm.Subject));
        Assert.Contains("no spare has room", alarm.Message, StringComparison.Ordinal);
        Assert.Single(await Services.Events.RecentAsync(10_000, default), happened => happened.Kind == "alarm.raised");

        Guid spare = await SpareAsync("spare");
        Assert.Equal((100, lost), await LookAsync(spare));
        await Services.Spares.LookAsync(default);
        Assert.Empty(await AlarmsAsync());
    }

    [Fact]
    public async Task Lost_WithACopyThatItsHostMisses_HasItReplacedOnTheSpare()
    {
        (Guid lost, SimulatedAgent agent, Volume mirror, Guid spare) = await MirrorAsync();
        lock (agent.States) agent.States[mirror.Legs.Single(leg => leg.UnitId == lost).Naa] = HostLegState.Absent;
        await ReportedAsync(HostVolumeState.Degraded);
        Lose(lost, AfterSeconds - 1);
        await Services.LostLegs.LookAsync(default);
        Assert.Empty(await ReplacementsAsync());
        Pass(1);
        Assert.Equal((100, lost), await LookAsync(spare));
        await Services.LostLegs.LookAsync(default);
        await StationTests.UntilAsync(async () => (await ReplacementsAsync()) is [{ State: OperationState.Succeeded, RequestedBy: "station" }]);
        Assert.Contains((await Services.Volumes.GetAsync(SimulatedPool.Admin, mirror.Id, default)).Legs, leg => leg.UnitId == spare);
        await Services.LostLegs.LookAsync(default);
        Assert.Single(await ReplacementsAsync());
    }

    // The station does not reach the unit; the host does. And while automation is frozen nothing begins.
    [Fact]
    public async Task Lost_ToTheStationAlone_NothingIsReplaced()
    {
        (Guid lost, _, _, Guid spare) = await MirrorAsync();
        Lose(lost, AfterSeconds);
        Assert.Equal((100, lost), await LookAsync(spare));
        await Services.LostLegs.LookAsync(default);
        Assert.Empty(await ReplacementsAsync());
    }

    [Fact]
    public async Task Plan_OfALostUnitAndItsSpare_SaysWhatWillHappen()
    {
        (Guid lost, Guid spare) = (await JoinAsync("one"), await SpareAsync("spare"));
        Assert.Null(await PlannedAsync(spare));
        Lose(lost, 60);
        const string Sentence = "one has been out of reach for 1m; spare spare is taken into service for it after 30m.";
        Assert.Equal((Sentence, Sentence), (await PlannedAsync(lost), await PlannedAsync(spare)));
        Assert.Equal((0, null), await LookAsync(spare));
    }

    [Fact]
    public void Decide_SeveralLost_TheLongestSilentTakesTheSmallestThatIsEnough()
    {
        SpareView Of(string name, int weight, int silentMinutes, long promised, long room) => new(
            new VSan.Station.Domain.Unit(Guid.NewGuid(), name, UnitPhase.Ready, name, "", "", "", [], [], 1, default, 1) { Weight = weight }, TimeSpan.FromMinutes(silentMinutes), promised, room, null, false);
        SpareView[] units = [Of("large", 0, 0, 0, 100), Of("a", 100, 40, 50, 0), Of("small", 0, 0, 0, 60), Of("b", 100, 50, 10, 0), Of("c", 100, 45, 70, 0)];
        string[] decided = [.. SpareRule.Decide(units, TimeSpan.FromMinutes(45)).Select(decision => $"{decision.Lost.Name} {decision.Spare?.Name ?? "-"} {decision.IsDue}")];
        Assert.Equal(["b small True", "c large True", "a - False"], decided);
        Assert.Equal(decided, SpareRule.Decide([.. units.Reverse()], TimeSpan.FromMinutes(45)).Select(decision => $"{decision.Lost.Name} {decision.Spare?.Name ?? "-"} {decision.IsDue}"));
    }

    [Theory]
    [InlineData(0, "granted")]
    [InlineData(59, "invalid-field")]
    [InlineData(60, "granted")]
    [InlineData(30 * 86_400, "granted")]
    [InlineData((30 * 86_400) + 1, "invalid-field")]
    public async Task SpareAfter_HasBounds(long seconds, string outcome) =>
        Assert.Equal(outcome, await SimulatedPool.ProblemOf(Services.Pool.ChangeAsync(SimulatedPool.Admin, new PoolChange(null, seconds), default)));

    private async Task<Guid> JoinAsync(string name)
    {
        Guid id = await _pool.JoinAsync(name);
        _alive.Add(id);
        return id;
    }

    private async Task<Guid> SpareAsync(string name)
    {
        Guid id = await JoinAsync(name);
        await Services.Units.WeighAsync(SimulatedPool.Admin, id, new WeightSet(0), default);
        return id;
    }

    // A mirror over two units that its host has in use, and a spare beside them.
    private async Task<(Guid Lost, SimulatedAgent Agent, Volume Mirror, Guid Spare)> MirrorAsync()
    {
        Guid lost = await JoinAsync("one");
        await JoinAsync("two");
        _hostId = (await Services.Hosts.CreateAsync(SimulatedPool.Admin, new HostCreate("h", "iqn.2026-11.test:h"), null, default)).Id;
        VolumeAccepted made = await Services.Volumes.CreateAsync(SimulatedPool.Admin, new VolumeCreate("m", 1 << 30, null, null, _hostId, null) { Layout = "mirror-2" }, null, default);
        await StationTests.UntilAsync(async () => (await Services.Operations.GetAsync(SimulatedPool.Admin, made.Operation.Id, default)).State == OperationState.Succeeded);
        Volume mirror = await Services.Volumes.GetAsync(SimulatedPool.Admin, made.Volume.Id, default);
        return (lost, await SimulatedAgent.RunAsync(_pool.Station, _hostId, mirror.Mappings[0].Id), mirror, await SpareAsync("spare"));
    }

    private Task ReportedAsync(HostVolumeState state) =>
        StationTests.UntilAsync(async () => (await Services.HostReports.GetAsync(SimulatedPool.Admin, _hostId, default)).Volumes is [{ } volume] && volume.State == state);

    private async Task<IReadOnlyList<Alarm>> AlarmsAsync() => (await Services.Alarms.ListAsync(SimulatedPool.Admin, new ListQuery(), default)).Items;

    private async Task<IReadOnlyList<Operation>> ReplacementsAsync() =>
        [.. (await Services.Operations.ListAsync(SimulatedPool.Admin, new ListQuery(), default)).Items.Where(operation => operation.Kind == OperationCatalog.VolumeReplaceLeg)];

    private void Lose(Guid unit, int seconds)
    {
        _alive.Remove(unit);
        _pool.Station.Cut(unit);
        Pass(seconds);
    }

    private void Return(Guid unit)
    {
        _alive.Add(unit);
        _pool.Station.Connect(unit);
    }

    // As real units do, those that are alive are heard of each second.
    private void Pass(int seconds)
    {
        for (int second = 0; second < seconds; second++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            foreach (Guid unit in _alive) _pool.Station.ReportCopies(unit);
        }
    }

    private Task<int> PromiseAllAsync(Guid unit) => _pool.Store.WriteAsync(
        transaction => transaction.Table<VSan.Station.Domain.Store>().Where(Lookups.StoreUnit, unit.ToString())
            .Select(store => transaction.Table<VSan.Station.Domain.Store>().Update(store with { PromisedBytes = store.CapacityBytes })).Count(),
        default);

    private async Task<(int Weight, Guid? StandsInFor)> LookAsync(Guid unit)
    {
        await Services.Spares.LookAsync(default);
        Unit found = await Services.Units.GetAsync(SimulatedPool.Admin, unit, default);
        return (found.Weight, found.StandsInFor);
    }

    private async Task<string?> PlannedAsync(Guid unit) =>
        (await Services.Plan.ListAsync(SimulatedPool.Admin, new ListQuery(), withDocument: false, default)).Items.Single(planned => planned.UnitId == unit).Spare;

    private async Task<IReadOnlyList<PoolEvent>> TakenAsync() => [.. (await Services.Events.RecentAsync(10_000, default)).Where(happened => happened.Kind == "unit.spare-in-service")];
}
