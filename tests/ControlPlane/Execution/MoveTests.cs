using VSan.Contracts.Api;
using VSan.Contracts.UnitLink;
using VSan.Station.Execution;
using VSan.Station.Store.InMemory;
using Xunit;

namespace VSan.Tests.ControlPlane.Execution;

/// <summary>Moves of legs over simulated units: what is handed to both, what is refused meanwhile, and what a cancel leaves.</summary>
public sealed class MoveTests : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);
    private static readonly Caller Admin = SimulatedStation.Admin;

    private readonly SimulatedStation _station = new(new InMemoryStore());
    private readonly CancellationTokenSource _ending = new();
    private Task _running = Task.CompletedTask;

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
    public async Task WhileItLasts_BothUnitsHaveTheirPart_AndNothingElseMayHappenToTheVolume()
    {
        (Guid from, Guid to) = await JoinAsync();
        Volume volume = await MakeAsync("v", from);
        _station.Copying = fact => fact with { Phase = LegCopyPhase.Copying, DoneBytes = 1 << 20 };
        Operation move = await Services.Moves.MoveAsync(Admin, volume.Id, new VolumeMove(null, null), default);
        await StationTests.UntilAsync(async () => (await Services.Operations.GetAsync(Admin, move.Id, default)).Progress is { DoneBytes: 1 << 20 });

        AccessSpec reader = Assert.Single(_station.Served(from)!.Targets[0].Access);
        Assert.True(Assert.Single(reader.Luns) is { Lun: 0, ReadOnly: true } lun && lun.LegId == volume.Legs[0].Id);
        LegCopySpec copy = Assert.Single(_station.Served(to)!.Copies!);
        Assert.Equal((reader.InitiatorName, reader.ChapUser, volume.Legs[0].Naa), (copy.InitiatorName, copy.ChapUser, copy.Leg.Naa));
        Assert.Equal(_station.Secrets(from)[reader.ChapSecretReference!], _station.Secrets(to)[copy.ChapSecretReference]);
        Assert.Equal(move.Id, (await Services.Moves.MoveAsync(Admin, volume.Id, new VolumeMove(0, to), default)).Id);

        Host host = await Services.Hosts.CreateAsync(Admin, new HostCreate("h", "iqn.2026-11.test:h"), null, default);
        Assert.Equal("volume-busy", await ProblemOf(() => Services.Mappings.CreateAsync(Admin, new MappingCreate(volume.Id, host.Id, null), null, default)));
        Assert.Equal("volume-busy", await ProblemOf(() => Services.Volumes.ExpandAsync(Admin, volume.Id, new VolumeExpand(2L << 30), default)));
        Assert.Equal("volume-busy", await ProblemOf(() => Services.Volumes.DeleteAsync(Admin, volume.Id, default)));
        Assert.Equal("volume-busy", await ProblemOf(() => Services.Snapshots.CreateAsync(Admin, new SnapshotGroupCreate("s", [volume.Id]), null, default)));
        Assert.Equal("unit-in-use", await ProblemOf(() => Services.Units.RetireAsync(Admin, to, default)));

        await Services.Operations.CancelAsync(Admin, move.Id, default);
        Assert.Equal(OperationState.Cancelled, (await Services.Operations.WaitAsync(move.Id, Deadline, default)).State);
        Assert.Null(_station.Served(to)!.Copies);
        Assert.Empty(_station.Served(from)!.Targets[0].Access);
        Assert.Equal((1L << 30, 0), (await PromisedAsync(from), await PromisedAsync(to)));
    }

    [Fact]
    public async Task Mapped_Snapshotted_OrNowhereToGo_IsRefused()
    {
        (Guid from, Guid to) = await JoinAsync();
        Volume volume = await MakeAsync("v", from);
        await Services.Units.CordonAsync(Admin, to, default);
        Assert.Equal("no-unit", await ProblemOf(() => Services.Moves.MoveAsync(Admin, volume.Id, new VolumeMove(null, null), default)));
        await Services.Units.UncordonAsync(Admin, to, default);
        Assert.Equal("invalid-field", await ProblemOf(() => Services.Moves.MoveAsync(Admin, volume.Id, new VolumeMove(1, null), default)));
        Assert.Equal("invalid-field", await ProblemOf(() => Services.Moves.MoveAsync(Admin, volume.Id, new VolumeMove(null, from), default)));
        SnapshotsAccepted taken = await Services.Snapshots.CreateAsync(Admin, new SnapshotGroupCreate("s", [volume.Id]), null, default);
        await Services.Operations.WaitAsync(taken.Operation.Id, Deadline, default);
        Assert.Equal("volume-has-snapshots", await ProblemOf(() => Services.Moves.MoveAsync(Admin, volume.Id, new VolumeMove(null, null), default)));
        Host host = await Services.Hosts.CreateAsync(Admin, new HostCreate("h", "iqn.2026-11.test:h"), null, default);
        await Services.Mappings.CreateAsync(Admin, new MappingCreate(volume.Id, host.Id, null), null, default);
        Assert.Equal("leg-in-use", await ProblemOf(() => Services.Moves.MoveAsync(Admin, volume.Id, new VolumeMove(null, null), default)));
    }

    [Fact]
    public async Task LegOfAMirror_GoesToNoUnitThatHasAnother()
    {
        (Guid first, Guid second) = await JoinAsync();
        VolumeAccepted made = await Services.Volumes.CreateAsync(Admin, new VolumeCreate("m", 1 << 30, null, null, null, null) { Layout = "mirror-2" }, null, default);
        await Services.Operations.WaitAsync(made.Operation.Id, Deadline, default);
        Assert.Equal("no-unit", await ProblemOf(() => Services.Moves.MoveAsync(Admin, made.Volume.Id, new VolumeMove(0, null), default)));
        Assert.Equal("invalid-field", await ProblemOf(() => Services.Moves.MoveAsync(Admin, made.Volume.Id, new VolumeMove(null, null), default)));
        Guid third = await _station.JoinAsync("unit-3");
        Operation move = await Services.Moves.MoveAsync(Admin, made.Volume.Id, new VolumeMove(0, null), default);
        Assert.Equal(OperationState.Succeeded, (await Services.Operations.WaitAsync(move.Id, Deadline, default)).State);
        Volume volume = await Services.Volumes.GetAsync(Admin, made.Volume.Id, default);
        Assert.Equal(third, volume.Legs[0].UnitId);
        Assert.Contains(volume.Legs[1].UnitId, new[] { first, second });
        Assert.Equal(made.Volume.Legs.Select(leg => leg.Naa), volume.Legs.Select(leg => leg.Naa));
    }

    [Fact]
    public async Task OldUnitAwayAfterTheSwitch_TheMoveEndsAndItsSpaceIsFreeWhenItIsBack()
    {
        (Guid from, Guid to) = await JoinAsync();
        Volume volume = await MakeAsync("v", from);
        _station.Copying = fact => fact with { Phase = LegCopyPhase.Verifying };
        Operation move = await Services.Moves.MoveAsync(Admin, volume.Id, new VolumeMove(null, null), default);
        await StationTests.UntilAsync(() => Task.FromResult(_station.Served(to)!.Copies is not null));
        _station.Cut(from);
        _station.Copying = fact => fact;
        Operation ended = await Services.Operations.WaitAsync(move.Id, TimeSpan.FromSeconds(60), default);
        Assert.Equal(OperationState.Succeeded, ended.State);
        Assert.Equal((1L << 30, 1L << 30), (await PromisedAsync(from), await PromisedAsync(to)));
        _station.Connect(from);
        await StationTests.UntilAsync(async () => await PromisedAsync(from) == 0);
        Assert.Empty(_station.Served(from)!.Legs);
    }

    [Fact]
    public async Task Drain_MovesWhatItMay_SaysWhatStays_AndEndsWhenThatIsGone()
    {
        (Guid from, Guid to) = await JoinAsync();
        Volume free = await MakeAsync("free", from), used = await MakeAsync("used", from);
        Host host = await Services.Hosts.CreateAsync(Admin, new HostCreate("web", "iqn.2026-11.test:web"), null, default);
        MappingAccepted mapped = await Services.Mappings.CreateAsync(Admin, new MappingCreate(used.Id, host.Id, null), null, default);
        await Services.Operations.WaitAsync(mapped.Operation.Id, Deadline, default);
        Operation drain = await Services.Units.DrainAsync(Admin, from, default);
        await StationTests.UntilAsync(async () => (await Services.Operations.GetAsync(Admin, drain.Id, default)).Phase.Contains("1 of 2 legs are away from unit-1; what stays: used is mapped to web", StringComparison.Ordinal));
        Operation seen = await Services.Operations.GetAsync(Admin, drain.Id, default);
        Assert.Equal((1L << 30, 2L << 30), (seen.Progress!.DoneBytes, seen.Progress.TotalBytes));
        Assert.Equal((to, from), ((await Services.Volumes.GetAsync(Admin, free.Id, default)).Legs[0].UnitId, (await Services.Volumes.GetAsync(Admin, used.Id, default)).Legs[0].UnitId));
        Assert.Equal(UnitState.Draining, (await Services.Units.GetAsync(Admin, from, default)).State);

        await Services.Mappings.DeleteAsync(Admin, mapped.Mapping.Id, default);
        Assert.Equal(OperationState.Succeeded, (await Services.Operations.WaitAsync(drain.Id, TimeSpan.FromSeconds(60), default)).State);
        Unit drained = await Services.Units.GetAsync(Admin, from, default);
        Assert.Equal((UnitState.Drained, true, 0), (drained.State, drained.Cordoned, drained.PromisedBytes));
        Assert.Equal(UnitState.Ready, (await Services.Units.UncordonAsync(Admin, from, default)).State);
    }

    [Fact]
    public async Task Drain_Cancelled_TakesTheUnitIntoServiceAgain_AndUncordonedItFails()
    {
        (Guid from, _) = await JoinAsync();
        _station.Copying = fact => fact with { Phase = LegCopyPhase.Copying };
        Volume volume = await MakeAsync("v", from);
        Operation drain = await Services.Units.DrainAsync(Admin, from, default);
        await StationTests.UntilAsync(async () => (await Services.Operations.ListAsync(Admin, new ListQuery(), default)).Items.Any(operation => operation.Kind == OperationCatalog.VolumeMove));
        await Services.Operations.CancelAsync(Admin, drain.Id, default);
        Operation ended = await Services.Operations.WaitAsync(drain.Id, Deadline, default);
        Assert.Equal(OperationState.Cancelled, ended.State);
        Assert.StartsWith("Legs that were moved stay where they went", ended.Remains, StringComparison.Ordinal);
        Unit unit = await Services.Units.GetAsync(Admin, from, default);
        Assert.Equal((UnitState.Ready, false), (unit.State, unit.Cordoned));
        Assert.Equal(from, (await Services.Volumes.GetAsync(Admin, volume.Id, default)).Legs[0].UnitId);

        Operation again = await Services.Units.DrainAsync(Admin, from, default);
        await Services.Units.UncordonAsync(Admin, from, default);
        Operation failed = await Services.Operations.WaitAsync(again.Id, Deadline, default);
        Assert.Equal((OperationState.Failed, "unit-phase"), (failed.State, failed.Error!.Code));
    }

    private static async Task<string> ProblemOf(Func<Task> request) => (await Assert.ThrowsAsync<ProblemException>(request)).Code;

    private async Task<long> PromisedAsync(Guid unitId) => (await Services.Units.GetAsync(Admin, unitId, default)).PromisedBytes;

    private async Task<(Guid From, Guid To)> JoinAsync() => (await _station.JoinAsync("unit-1"), await _station.JoinAsync("unit-2"));

    private async Task<Volume> MakeAsync(string name, Guid unitId)
    {
        VolumeAccepted made = await Services.Volumes.CreateAsync(Admin, new VolumeCreate(name, 1 << 30, null, null, null, unitId), null, default);
        Assert.Equal(OperationState.Succeeded, (await Services.Operations.WaitAsync(made.Operation.Id, Deadline, default)).State);
        return await Services.Volumes.GetAsync(Admin, made.Volume.Id, default);
    }
}
