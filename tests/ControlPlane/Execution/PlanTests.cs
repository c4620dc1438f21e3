using System.Text.Json;
using VSan.Contracts.Api;
using VSan.Contracts.UnitLink;
using VSan.Station.Execution;
using VSan.Station.Store.InMemory;
using Xunit;

namespace VSan.Tests.ControlPlane.Execution;

/// <summary>What units are to serve against what they have reached.</summary>
public sealed class PlanTests : IAsyncLifetime, IDisposable
{
    private readonly CancellationTokenSource _ending = new();
    private readonly InMemoryStore _store = new();
    private readonly SimulatedStation _station;
    private Task _running = Task.CompletedTask;
    private Guid _one;
    private Guid _two;

    // Its clock stands still: no unit falls silent while a busy machine does something else.
    public PlanTests() => _station = new SimulatedStation(_store, new ManualClock(TimeProvider.System.GetUtcNow()));

    private StationServices Services => _station.Services;

    public async Task InitializeAsync()
    {
        _running = Services.RunAsync(_ending.Token);
        _one = await _station.JoinAsync("one");
        _two = await _station.JoinAsync("two");
        Host host = await Services.Hosts.CreateAsync(SimulatedStation.Admin, new HostCreate("db", "iqn.2026-11.test:db"), null, default);
        await MakeAsync("a", _one, host.Id);
        await MakeAsync("b", _two, host.Id);
    }

    public async Task DisposeAsync()
    {
        await _ending.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _running);
    }

    public void Dispose() => _ending.Dispose();

    [Fact]
    public async Task Plan_UnitsServeWhatIsWanted_AreInStep()
    {
        PlanPage plan = await PlanAsync();
        Assert.Equal(["one", "two"], plan.Items.Select(unit => unit.UnitName).Order());
        Assert.All(plan.Items, unit => Assert.Equal((PlanState.InStep, 0, unit.WantedGeneration), (unit.State, unit.Changes!.Count, unit.AppliedGeneration)));
    }

    [Fact]
    public async Task Plan_OneUnitsVolumeGrowsWhileItIsAway_DiffersThereAlone()
    {
        _station.Cut(_one);
        await GrowAsync("a");
        PlannedUnit one = await PlanAsync("one"), two = await PlanAsync("two");
        Assert.Equal((PlanState.Behind, one.WantedGeneration - 1), (one.State, one.AppliedGeneration));
        PlanChange change = Assert.Single(one.Changes!);
        Assert.Equal((PlanChangeKind.Changed, "leg"), (change.Change, change.Kind));
        Assert.Contains($"{1L << 30} bytes", change.Reached, StringComparison.Ordinal);
        Assert.Contains($"{2L << 30} bytes", change.Wanted, StringComparison.Ordinal);
        Assert.Equal((PlanState.InStep, 0), (two.State, two.Changes!.Count));

        _station.Connect(_one);
        await StationTests.UntilAsync(async () => (await PlanAsync("one")).State == PlanState.InStep);
    }

    [Fact]
    public async Task Plan_Asked_ChangesNothingAndPrintsEqually()
    {
        _station.Cut(_one);
        await GrowAsync("a");
        UnitConfiguration served = _station.Served(_two)!;
        string first = JsonSerializer.Serialize(await PlanAsync("one"), ApiJson.Default.PlannedUnit);
        Assert.Equal(first, JsonSerializer.Serialize(await PlanAsync("one"), ApiJson.Default.PlannedUnit));
        Assert.Same(served, _station.Served(_two));
        Assert.Contains("leg ", (await PlanAsync("one")).Document, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plan_UnitHasSecrets_NamesThemAndShowsNone()
    {
        _station.Cut(_one);
        await GrowAsync("a");
        string text = JsonSerializer.Serialize(await PlanAsync(), ApiJson.Default.PlanPage);
        Assert.NotEmpty(_station.Secrets(_one));
        Assert.All([.. _station.Secrets(_one).Values, .. _station.Secrets(_two).Values], secret => Assert.DoesNotContain(secret, text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Plan_StationRestartedWhileAUnitIsAway_SaysThatItDoesNotKnow()
    {
        _station.Cut(_one);
        await GrowAsync("a");
        SimulatedStation next = new(_store, before: _station);
        PlanPage plan = await next.Services.Plan.ListAsync(SimulatedStation.Admin, new ListQuery(Name: "one"), withDocument: false, default);
        Assert.Equal((PlanState.Behind, true), (plan.Items[0].State, plan.Items[0].Changes is null));
    }

    [Fact]
    public void Difference_EachKindOfPart_IsInAFixedOrderAndNamesWhatDiffers()
    {
        Guid store = Guid.NewGuid(), kept = Guid.NewGuid(), gone = Guid.NewGuid(), come = Guid.NewGuid();
        LegSpec Leg(Guid id, string volume) => new(id, Guid.NewGuid(), volume, store, 4096, 512, true, new string('6', 32), "serial");
        LegSpec same = Leg(kept, "kept");
        AccessSpec access = new("iqn.x:h", "user", "reference", [new LunSpec(0, kept, false)]);
        UnitConfiguration before = new(Guid.NewGuid(), 1, [same, Leg(gone, "gone")], [new TargetSpec("t1", [access]), new TargetSpec("t2", [access])]);
        UnitConfiguration after = before with { Legs = [same, Leg(come, "come")], Targets = [new TargetSpec("t1", [access]), new TargetSpec("t2", [access with { Luns = [new LunSpec(0, kept, true), new LunSpec(1, come, false)] }])] };

        IReadOnlyList<PlanChange> changes = DocumentDifference.Between(before, after);
        string[] expected = [.. new[] { (come, "Added"), (gone, "Removed") }.OrderBy(leg => leg.Item1.ToString(), StringComparer.Ordinal).Select(leg => $"{leg.Item2} leg {leg.Item1}"), "Changed lun t2 iqn.x:h 000", "Added lun t2 iqn.x:h 001"];
        Assert.Equal(expected, changes.Select(change => $"{change.Change} {change.Kind} {change.Name}"));
        Assert.Equal(changes, DocumentDifference.Between(before with { Legs = [.. before.Legs.Reverse()] }, after with { Legs = [.. after.Legs.Reverse()] }));
        Assert.Empty(DocumentDifference.Between(after, after));
        Assert.All(DocumentDifference.Between(null, after), change => Assert.Equal(PlanChangeKind.Added, change.Change));
    }

    private async Task<PlannedUnit> PlanAsync(string name) => Assert.Single((await Services.Plan.ListAsync(SimulatedStation.Admin, new ListQuery(Name: name), withDocument: true, default)).Items);

    private Task<PlanPage> PlanAsync() => Services.Plan.ListAsync(SimulatedStation.Admin, new ListQuery(), withDocument: true, default);

    private async Task MakeAsync(string name, Guid unitId, Guid hostId)
    {
        VolumeAccepted made = await Services.Volumes.CreateAsync(SimulatedStation.Admin, new VolumeCreate(name, 1 << 30, null, null, hostId, unitId), null, default);
        Assert.Equal(OperationState.Succeeded, (await Services.Operations.WaitAsync(made.Operation.Id, TimeSpan.FromSeconds(60), default)).State);
    }

    // The operation waits for the unit; what is wanted of it has changed when it does.
    private async Task GrowAsync(string name)
    {
        Volume volume = Assert.Single((await Services.Volumes.ListAsync(SimulatedStation.Admin, new ListQuery(Name: name), default)).Items);
        long before = (await PlanAsync("one")).WantedGeneration;
        await Services.Volumes.ExpandAsync(SimulatedStation.Admin, volume.Id, new VolumeExpand(2L << 30), default);
        await StationTests.UntilAsync(async () => (await PlanAsync("one")).WantedGeneration > before);
    }
}
