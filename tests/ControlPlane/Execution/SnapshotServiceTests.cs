using VSan.Contracts.Api;
using VSan.Contracts.UnitLink;
using VSan.Station.Execution;
using Xunit;

namespace VSan.Tests.ControlPlane.Execution;

public sealed class SnapshotServiceTests : IAsyncLifetime
{
    private readonly SimulatedPool _pool = new();

    private StationServices Services => _pool.Services;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _pool.DisposeAsync();

    [Fact]
    public async Task Create_OfAVolume_IsTakenByTheUnitAndPromisesWhatItRefersTo()
    {
        Guid unit = await _pool.JoinAsync("unit-1");
        Volume volume = await _pool.VolumeAsync("v");
        SnapshotsAccepted accepted = await Services.Snapshots.CreateAsync(SimulatedPool.Admin, new SnapshotGroupCreate("s", [volume.Id]), "key", default);
        Assert.Equal(OperationState.Succeeded, (await _pool.EndedAsync(accepted.Operation)).State);

        Snapshot snapshot = await Services.Snapshots.GetAsync(SimulatedPool.Admin, accepted.Snapshots[0].Id, default);
        Assert.Equal((SnapshotState.Ready, SimulatedStation.SnapshotTime, SimulatedStation.SnapshotBytes), (snapshot.State, snapshot.TakenAt, snapshot.PromisedBytes));
        SnapshotSpec served = Assert.Single(_pool.Station.Served(unit)!.Snapshots);
        Assert.Equal(volume.Legs[0].Id, served.SourceLegId);
        Assert.Equal(volume.SizeBytes + SimulatedStation.SnapshotBytes, (await Services.Pool.GetAsync(SimulatedPool.Admin, default)).PromisedBytes);
        Assert.Equal("volume-has-snapshots", await SimulatedPool.ProblemOf(Services.Volumes.DeleteAsync(SimulatedPool.Admin, volume.Id, default)));

        SnapshotsAccepted again = await Services.Snapshots.CreateAsync(SimulatedPool.Admin, new SnapshotGroupCreate("s", [volume.Id]), "key", default);
        Assert.Equal(accepted.Operation.Id, again.Operation.Id);
        Assert.Equal("name-taken", await SimulatedPool.ProblemOf(Services.Snapshots.CreateAsync(SimulatedPool.Admin, new SnapshotGroupCreate("s", [volume.Id]), null, default)));
    }

    [Fact]
    public async Task Delete_GivesBackWhatWasPromised()
    {
        Guid unit = await _pool.JoinAsync("unit-1");
        Volume volume = await _pool.VolumeAsync("v");
        Snapshot snapshot = await TakeAsync("s", volume.Id);
        Operation removal = await Services.Snapshots.DeleteAsync(SimulatedPool.Admin, snapshot.Id, default);
        Assert.Equal(OperationState.Succeeded, (await _pool.EndedAsync(removal)).State);
        Assert.Empty(_pool.Station.Served(unit)!.Snapshots);
        Assert.Equal(volume.SizeBytes, (await Services.Pool.GetAsync(SimulatedPool.Admin, default)).PromisedBytes);
        Assert.Empty((await Services.Snapshots.OfVolumeAsync(SimulatedPool.Admin, volume.Id, default)).Items);
    }

    [Fact]
    public async Task Create_OfAGroup_IsOneGroupOnTheUnit()
    {
        Guid unit = await _pool.JoinAsync("unit-1");
        Volume data = await _pool.VolumeAsync("data");
        Volume log = await _pool.VolumeAsync("log");
        SnapshotsAccepted accepted = await Services.Snapshots.CreateAsync(SimulatedPool.Admin, new SnapshotGroupCreate("s", [data.Id, log.Id]), null, default);
        Assert.Equal(OperationState.Succeeded, (await _pool.EndedAsync(accepted.Operation)).State);
        Assert.Equal(2, accepted.Snapshots.Count);
        Assert.Single(_pool.Station.Served(unit)!.Snapshots.Select(snapshot => snapshot.GroupId).Distinct());
    }

    [Fact]
    public async Task Create_OverTwoUnits_IsRefusedSinceTheyShareNoMoment()
    {
        Guid one = await _pool.JoinAsync("unit-1");
        Guid other = await _pool.JoinAsync("unit-2");
        Volume first = await _pool.VolumeAsync("first", one);
        Volume second = await _pool.VolumeAsync("second", other);
        Assert.Equal("snapshot-unsupported", await SimulatedPool.ProblemOf(
            Services.Snapshots.CreateAsync(SimulatedPool.Admin, new SnapshotGroupCreate("s", [first.Id, second.Id]), null, default)));
    }

    [Fact]
    public async Task Create_OfAThickVolume_IsRefusedAndOfAThinOneGranted()
    {
        Guid unit = await _pool.JoinAsync("unit-1");
        Volume thick = await _pool.VolumeAsync("thick", thin: false);
        Volume thin = await _pool.VolumeAsync("thin");
        Assert.Equal("snapshot-unsupported", await SimulatedPool.ProblemOf(Services.Snapshots.CreateAsync(SimulatedPool.Admin, new SnapshotGroupCreate("s", [thick.Id]), null, default)));
        Assert.Equal("granted", await SimulatedPool.ProblemOf(Services.Snapshots.CreateAsync(SimulatedPool.Admin, new SnapshotGroupCreate("s", [thin.Id]), null, default)));
        Assert.Single(_pool.Station.Served(unit)!.Legs, leg => !leg.Thin);
    }

    [Fact]
    public async Task Create_AnswerLost_IsAskedAgainAndTakenOnce()
    {
        Guid unit = await _pool.JoinAsync("unit-1");
        Volume volume = await _pool.VolumeAsync("v");
        _pool.Station.LostAnswers = 2;
        Snapshot snapshot = await TakeAsync("s", volume.Id);
        Assert.Equal(SnapshotState.Ready, snapshot.State);
        Assert.Single(_pool.Station.Served(unit)!.Snapshots);
    }

    /// <summary>The unit serves the generation, yet the copy is not there: the operation must not call it done.</summary>
    [Fact]
    public async Task Create_UnitCannotTakeIt_FailsAndLeavesNothing()
    {
        Guid unit = await _pool.JoinAsync("unit-1");
        Volume volume = await _pool.VolumeAsync("v");
        lock (_pool.Station.Troubles) _pool.Station.Troubles.Add(volume.Legs[0].Id, "the file system cannot share blocks.");
        SnapshotsAccepted accepted = await Services.Snapshots.CreateAsync(SimulatedPool.Admin, new SnapshotGroupCreate("s", [volume.Id]), null, default);
        Operation ended = await _pool.EndedAsync(accepted.Operation);
        Assert.Equal((OperationState.Failed, "unit-refused"), (ended.State, ended.Error!.Code));
        Assert.Empty(_pool.Station.Served(unit)!.Snapshots);
        Assert.Empty((await Services.Snapshots.ListAsync(SimulatedPool.Admin, new ListQuery(), default)).Items);
        Assert.Equal(volume.SizeBytes, (await Services.Pool.GetAsync(SimulatedPool.Admin, default)).PromisedBytes);
    }

    [Fact]
    public async Task Clone_IsAVolumeThatBeginsWithTheSnapshotAndOutlivesIt()
    {
        Guid unit = await _pool.JoinAsync("unit-1");
        Host host = await Services.Hosts.CreateAsync(SimulatedPool.Admin, new HostCreate("h", "iqn.2026-11.test:h"), null, default);
        Volume volume = await _pool.VolumeAsync("v");
        Snapshot snapshot = await TakeAsync("s", volume.Id);
        VolumeAccepted accepted = await Services.Snapshots.CloneAsync(SimulatedPool.Admin, snapshot.Id, new SnapshotClone("copy", host.Id), "key", default);
        Assert.Equal(OperationState.Succeeded, (await _pool.EndedAsync(accepted.Operation)).State);
        Guid copyId = Assert.Single(_pool.Station.Served(unit)!.Snapshots).Leg.LegId;
        Assert.Equal(copyId, Assert.Single(_pool.Station.Served(unit)!.Legs, leg => leg.VolumeName == "copy").OriginId);
        Assert.Single((await Services.Volumes.GetAsync(SimulatedPool.Admin, accepted.Volume.Id, default)).Mappings);

        await _pool.EndedAsync(await Services.Snapshots.DeleteAsync(SimulatedPool.Admin, snapshot.Id, default));
        Assert.Equal(OperationState.Succeeded, (await _pool.EndedAsync(await Services.Volumes.DeleteAsync(SimulatedPool.Admin, volume.Id, default))).State);
        Assert.Equal("copy", Assert.Single(_pool.Station.Served(unit)!.Legs).VolumeName);
    }

    [Fact]
    public async Task Cancel_BeforeTheUnitAnswers_LeavesNothing()
    {
        Guid unit = await _pool.JoinAsync("unit-1");
        Volume volume = await _pool.VolumeAsync("v");
        _pool.Station.LostAnswers = int.MaxValue;
        SnapshotsAccepted accepted = await Services.Snapshots.CreateAsync(SimulatedPool.Admin, new SnapshotGroupCreate("s", [volume.Id]), null, default);
        await Services.Operations.CancelAsync(SimulatedPool.Admin, accepted.Operation.Id, default);
        _pool.Station.LostAnswers = 0;
        Assert.Equal(OperationState.Cancelled, (await _pool.EndedAsync(accepted.Operation)).State);
        Assert.Empty(_pool.Station.Served(unit)!.Snapshots);
        Assert.Empty((await Services.Snapshots.ListAsync(SimulatedPool.Admin, new ListQuery(), default)).Items);
    }

    private async Task<Snapshot> TakeAsync(string name, Guid volumeId)
    {
        SnapshotsAccepted accepted = await Services.Snapshots.CreateAsync(SimulatedPool.Admin, new SnapshotGroupCreate(name, [volumeId]), null, default);
        await _pool.EndedAsync(accepted.Operation);
        return await Services.Snapshots.GetAsync(SimulatedPool.Admin, accepted.Snapshots[0].Id, default);
    }
}
