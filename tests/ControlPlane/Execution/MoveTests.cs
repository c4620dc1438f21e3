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
