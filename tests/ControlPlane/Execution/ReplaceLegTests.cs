using VSan.Contracts.Api;
using VSan.Contracts.UnitLink;
using VSan.Station.Execution;
using VSan.Station.Store.InMemory;
using Xunit;

namespace VSan.Tests.ControlPlane.Execution;

/// <summary>A leg of a mirror is replaced while its host has it: what the host and the units are told at each point, and what is refused.</summary>
public sealed class ReplaceLegTests : IAsyncLifetime, IDisposable
{
    private const long LegBytes = (1L << 30) + (4L << 20);

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(40);
    private static readonly Caller Admin = SimulatedStation.Admin;

    private readonly SimulatedStation _station = new(new InMemoryStore());
    private readonly CancellationTokenSource _ending = new();
    private Task _running = Task.CompletedTask;
    private Guid _hostId;
    private Volume _volume = null!;

    private StationServices Services => _station.Services;

    private Leg Outgoing => _volume.Legs[1];

    public async Task InitializeAsync()
    {
        _running = Services.RunAsync(_ending.Token);
        await _station.JoinAsync("unit-1");
        await _station.JoinAsync("unit-2");
        _hostId = (await Services.Hosts.CreateAsync(Admin, new HostCreate("h", "iqn.2026-11.test:h"), null, default)).Id;
        VolumeAccepted made = await Services.Volumes.CreateAsync(Admin, new VolumeCreate("m", 1 << 30, null, null, _hostId, null) { Layout = "mirror-2" }, null, default);
        await EndedAsync(made.Operation);
        _volume = await Services.Volumes.GetAsync(Admin, made.Volume.Id, default);
    }

    public async Task DisposeAsync()
    {
        await _ending.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _running);
    }

    public void Dispose() => _ending.Dispose();

    [Fact]
    public async Task HostIsToldOfTheNewLeg_AndOfTheOldOneNoMore_OnlyWhenItSaysThatItIsUpToDate()
    {
        SimulatedAgent agent = await RunAgentAsync();
        agent.IsHolding = true;
        Guid third = await _station.JoinAsync("unit-3");
        Operation replace = await ReplaceAsync(agent, HostLegState.Syncing, percent: 30);
        await UntilPhaseAsync(replace, "h brings the new leg up to date: 30 %");
        Assert.Equal(LegBytes / 100 * 30, (await Services.Operations.GetAsync(Admin, replace.Id, default)).Progress!.DoneBytes);
        ConnectInfo told = await ConnectAsync();
        Assert.Equal(_volume.Legs.Select(leg => leg.Naa), told.Legs.Select(leg => leg.Naa));
        Assert.Equal((1, TargetOf(third)), (told.Incoming!.Index, told.Incoming.TargetName));
        LegSpec made = Assert.Single(_station.Served(third)!.Legs);
        Assert.Equal((told.Incoming.Naa, LegBytes), (made.Naa, made.SizeBytes));
        Assert.Equal(_volume.Legs.Select(leg => leg.Id), (await VolumeAsync()).Legs.Select(leg => leg.Id));
        Assert.True(RecordOf(third).IsPassing);

        lock (agent.States) agent.States.Clear();
        await UntilPhaseAsync(replace, $"waiting for h to let go of the leg on {Outgoing.UnitName}");
        told = await ConnectAsync();
        Assert.Null(told.Incoming);
        Assert.Equal([_volume.Legs[0].Naa, made.Naa], told.Legs.Select(leg => leg.Naa));
        Assert.Single(_station.Served(Outgoing.UnitId)!.Legs);
        Assert.False((await Services.Operations.GetAsync(Admin, replace.Id, default)).Cancellable);

        agent.IsHolding = false;
        Assert.Equal(OperationState.Succeeded, (await EndedAsync(replace)).State);
        Assert.Empty(_station.Served(Outgoing.UnitId)!.Legs);
        Assert.Empty(_station.Served(Outgoing.UnitId)!.Targets[0].Access);
        Assert.Equal((0, LegBytes), (await PromisedAsync(Outgoing.UnitId), await PromisedAsync(third)));
        Assert.Equal([_volume.Legs[0].UnitName, "unit-3"], (await VolumeAsync()).Legs.Select(leg => leg.UnitName));
        await StationTests.UntilAsync(() => Task.FromResult(!RecordOf(third).IsPassing));
    }

    [Fact]
    public async Task WhileItLasts_NothingElseMayHappenToTheVolume()
    {
        SimulatedAgent agent = await RunAgentAsync();
        Guid third = await _station.JoinAsync("unit-3");
        Operation replace = await ReplaceAsync(agent, HostLegState.Syncing, percent: 0);
        Assert.Equal(replace.Id, (await Services.Moves.MoveAsync(Admin, _volume.Id, new VolumeMove(1, third), default)).Id);
        Assert.Equal("volume-busy", await ProblemOf(() => Services.Moves.MoveAsync(Admin, _volume.Id, new VolumeMove(0, null), default)));
        Assert.Equal("volume-busy", await ProblemOf(() => Services.Volumes.ExpandAsync(Admin, _volume.Id, new VolumeExpand(2L << 30), default)));
        Host other = await Services.Hosts.CreateAsync(Admin, new HostCreate("other", "iqn.2026-11.test:other"), null, default);
        Assert.Equal("volume-busy", await ProblemOf(() => Services.Mappings.CreateAsync(Admin, new MappingCreate(_volume.Id, other.Id, null), null, default)));
        Assert.Equal("unit-in-use", await ProblemOf(() => Services.Units.RetireAsync(Admin, third, default)));
    }

    [Fact]
    public async Task Cancelled_TheHostLetsTheNewLegGo_BeforeItsUnitDeletesIt()
    {
        SimulatedAgent agent = await RunAgentAsync();
        Guid third = await _station.JoinAsync("unit-3");
        Operation replace = await ReplaceAsync(agent, HostLegState.Syncing, percent: 50);
        await UntilPhaseAsync(replace, "50 %");
        agent.IsHolding = true;
        await Services.Operations.CancelAsync(Admin, replace.Id, default);
        await UntilPhaseAsync(replace, "waiting for h to let go of the leg on unit-3");
        Assert.Null((await ConnectAsync()).Incoming);
        Assert.Single(_station.Served(third)!.Legs);
        agent.IsHolding = false;
        Assert.Equal(OperationState.Cancelled, (await EndedAsync(replace)).State);
        Assert.Empty(_station.Served(third)!.Legs);
        Assert.Equal((LegBytes, 0), (await PromisedAsync(Outgoing.UnitId), await PromisedAsync(third)));
        Assert.Equal(_volume.Legs.Select(leg => leg.Id), (await VolumeAsync()).Legs.Select(leg => leg.Id));
    }

    // A host that died for good lets nothing go; taking the volume from it says so.
    [Fact]
    public async Task Unmapped_WhileItLasts_IsUndone()
    {
        SimulatedAgent agent = await RunAgentAsync();
        Guid third = await _station.JoinAsync("unit-3");
        Operation replace = await ReplaceAsync(agent, HostLegState.Syncing, percent: 50);
        await UntilPhaseAsync(replace, "50 %");
        Assert.Equal(OperationState.Succeeded, (await EndedAsync(await Services.Mappings.DeleteAsync(Admin, _volume.Mappings[0].Id, default))).State);
        Operation ended = await EndedAsync(replace);
        Assert.Equal((OperationState.Failed, "leg-in-use"), (ended.State, ended.Error!.Code));
        Assert.Empty(_station.Served(third)!.Legs);
        Assert.Equal(0, await PromisedAsync(third));
    }

    // The volume would have fewer current copies than it had.
    [Fact]
    public async Task AnotherLegIsBehind_TheOldOneStaysUntilItIsCurrent()
    {
        SimulatedAgent agent = await RunAgentAsync();
        await _station.JoinAsync("unit-3");
        lock (agent.States) agent.States[_volume.Legs[0].Naa] = HostLegState.Failed;
        Operation replace = await ReplaceAsync(agent, HostLegState.Current, percent: null);
        await UntilPhaseAsync(replace, "waiting for leg 0 on h");
        lock (agent.States) agent.States.Clear();
        Assert.Equal(OperationState.Succeeded, (await EndedAsync(replace)).State);
    }

    [Fact]
    public async Task OldUnitIsLost_TheNewLegTakesItsPlace_AndTheOldOneGoesWhenItIsBack()
    {
        SimulatedAgent agent = await RunAgentAsync();
        Guid third = await _station.JoinAsync("unit-3");
        lock (agent.States) agent.States[Outgoing.Naa] = HostLegState.Absent;
        _station.Cut(Outgoing.UnitId);
        Operation replace = await ReplaceAsync(agent, HostLegState.Current, percent: null);
        Assert.Equal(OperationState.Succeeded, (await EndedAsync(replace)).State);
        Assert.Equal([_volume.Legs[0].UnitName, "unit-3"], (await VolumeAsync()).Legs.Select(leg => leg.UnitName));
        Assert.Equal((LegBytes, LegBytes), (await PromisedAsync(Outgoing.UnitId), await PromisedAsync(third)));
        _station.Connect(Outgoing.UnitId);
        await StationTests.UntilAsync(async () => await PromisedAsync(Outgoing.UnitId) == 0);
        Assert.Empty(_station.Served(Outgoing.UnitId)!.Legs);
    }

    [Fact]
    public async Task NobodyCanBringItUpToDate_IsRefusedWithTheNextAction()
    {
        await _station.JoinAsync("unit-3");
        ProblemException silent = await Assert.ThrowsAsync<ProblemException>(() => Services.Moves.MoveAsync(Admin, _volume.Id, new VolumeMove(1, null), default));
        Assert.Equal("leg-in-use", silent.Code);
        Assert.Contains("Run 'vsan-host'", silent.NextAction, StringComparison.Ordinal);

        await Services.HostReports.KeepAsync(Admin, _hostId, new HostReport([new HostVolumeReport(_volume.Id, HostVolumeState.InUse, [new HostLegReport(0, HostLegState.Current), new HostLegReport(1, HostLegState.Current)])]), default);
        Assert.Equal("leg-in-use", await ProblemOf(() => Services.Moves.MoveAsync(Admin, _volume.Id, new VolumeMove(1, null), default)));

        HostLegReport[] legs = [.. _volume.Legs.Select(leg => new HostLegReport(leg.Index, HostLegState.Connected) { Naa = leg.Naa })];
        await Services.HostReports.KeepAsync(Admin, _hostId, new HostReport([new HostVolumeReport(_volume.Id, HostVolumeState.NeedsOperator, legs) { Message = "A copy is missing.", NextAction = "Bring its unit back." }]), default);
        ProblemException refused = await Assert.ThrowsAsync<ProblemException>(() => Services.Moves.MoveAsync(Admin, _volume.Id, new VolumeMove(1, null), default));
        Assert.Equal("Bring its unit back.", refused.NextAction);
    }

    [Fact]
    public async Task Drain_OfAMappedMirror_ReplacesItsLeg()
    {
        await RunAgentAsync();
        Guid third = await _station.JoinAsync("unit-3");
        Operation drain = await Services.Units.DrainAsync(Admin, Outgoing.UnitId, default);
        Assert.Equal(OperationState.Succeeded, (await EndedAsync(drain)).State);
        Assert.Equal(third, (await VolumeAsync()).Legs[1].UnitId);
        Assert.Contains((await Services.Operations.ListAsync(Admin, new ListQuery(), default)).Items, operation => operation is { Kind: OperationCatalog.VolumeReplaceLeg, State: OperationState.Succeeded });
    }

    // The unit of the one or the other is gone for good: what is left is the volume's, and can be replaced again.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task UnitForgotten_WhileItLasts_LeavesAVolumeThatIsNotBusy(bool isTheNewOne)
    {
        SimulatedAgent agent = await RunAgentAsync();
        Guid third = await _station.JoinAsync("unit-3");
        Operation replace = await ReplaceAsync(agent, HostLegState.Syncing, percent: 50);
        await UntilPhaseAsync(replace, "50 %");
        Guid gone = isTheNewOne ? third : Outgoing.UnitId;
        _station.Cut(gone);
        await Services.Units.ForgetAsync(Admin, gone, abandon: true, default);
        Assert.Equal(OperationState.Failed, (await EndedAsync(replace)).State);
        Assert.Equal([_volume.Legs[0].UnitName, isTheNewOne ? Outgoing.UnitName : "unit-3"], (await VolumeAsync()).Legs.Select(leg => leg.UnitName));
        Assert.Null((await ConnectAsync()).Incoming);
        await _station.JoinAsync("unit-4");
        agent.NewLegs = HostLegState.Current;
        lock (agent.States) agent.States.Clear();
        await StationTests.UntilAsync(async () => (await Services.HostReports.GetAsync(Admin, _hostId, default)).Volumes[0].Legs.All(leg => leg is { State: HostLegState.Current, IsPassing: false }));
        Operation again = await Services.Moves.MoveAsync(Admin, _volume.Id, new VolumeMove(1, null), default);
        Assert.Equal(OperationState.Succeeded, (await EndedAsync(again)).State);
    }

    private Task<SimulatedAgent> RunAgentAsync() => SimulatedAgent.RunAsync(_station, _hostId, _volume.Mappings[0].Id);

    // Asked for at a moment when the agent will have the new leg so.
    private async Task<Operation> ReplaceAsync(SimulatedAgent agent, HostLegState state, int? percent)
    {
        (agent.NewLegs, agent.SyncPercent) = (state, percent);
        return await Services.Moves.MoveAsync(Admin, _volume.Id, new VolumeMove(1, null), default);
    }

    private Task UntilPhaseAsync(Operation operation, string phase) =>
        StationTests.UntilAsync(async () => (await Services.Operations.GetAsync(Admin, operation.Id, default)).Phase.Contains(phase, StringComparison.Ordinal));

    private Task<ConnectInfo> ConnectAsync() => Services.Mappings.ConnectInfoAsync(Admin, _volume.Mappings[0].Id, default);

    private Task<Volume> VolumeAsync() => Services.Volumes.GetAsync(Admin, _volume.Id, default);

    private string TargetOf(Guid unitId) => _station.Served(unitId)!.Targets[0].Name;

    private LegRecord RecordOf(Guid unitId) =>
        System.Text.Json.JsonSerializer.Deserialize(Assert.Single(_station.Found(unitId)).Record!.Text, UnitLinkJson.Default.LegRecord)!;

    private async Task<long> PromisedAsync(Guid unitId) => (await Services.Units.GetAsync(Admin, unitId, default)).PromisedBytes;

    private Task<Operation> EndedAsync(Operation operation) => Services.Operations.WaitAsync(operation.Id, Deadline, default);

    private static async Task<string> ProblemOf(Func<Task> request) => (await Assert.ThrowsAsync<ProblemException>(request)).Code;
}
