using VSan.Contracts.Api;
using VSan.Contracts.UnitLink;
using VSan.Station.Execution;
using Xunit;

namespace VSan.Tests.ControlPlane.Execution;

/// <summary>A unit is updated only while no host loses its last copy, and whatever goes wrong leaves it as it was.</summary>
public sealed class UpdateTests : IAsyncLifetime
{
    private const string Next = "0.2.0";

    private readonly SimulatedPool _pool = new();
    private Guid _unitId;

    private StationServices Services => _pool.Services;

    public async Task InitializeAsync()
    {
        _unitId = await _pool.JoinAsync("unit-1");
        await Services.Images.AddAsync(SimulatedPool.Admin, Next, new string('d', 64), 1 << 20, "test key", default);
    }

    public async Task DisposeAsync() => await _pool.DisposeAsync();

    [Fact]
    public async Task Update_HealthyVersion_RunsItAndIsOutOfMaintenance()
    {
        Operation ended = await _pool.EndedAsync(await UpdateAsync());
        Assert.Equal((OperationState.Succeeded, Next), (ended.State, (await UnitAsync()).ImageVersion));
        Assert.Null((await Services.Maintenance.SafeToStopAsync(SimulatedPool.Admin, _unitId, default)).Maintenance);
        await StationTests.UntilAsync(() => Task.FromResult(_pool.Station.Served(_unitId)!.Image is null));
        Assert.Equal(ended.Id, (await UpdateAsync()).Id);
    }

    [Fact]
    public async Task Update_LastCopyThatAHostUses_WaitsAndIsCancelledWithoutATrace()
    {
        Host host = await Services.Hosts.CreateAsync(SimulatedPool.Admin, new HostCreate("h", "iqn.2026-11.test:h"), null, default);
        Volume volume = await _pool.VolumeAsync("v", hostId: host.Id);
        Operation update = await UpdateAsync();
        await PhaseAsync(update, "is not restarted yet");
        Assert.False(_pool.Station.Served(_unitId)!.Image!.Restart);
        Assert.Equal(SimulatedStation.FirstVersion, _pool.Station.VersionOf(_unitId));

        await Services.Operations.CancelAsync(SimulatedPool.Admin, update.Id, default);
        Operation ended = await _pool.EndedAsync(update);
        Assert.Equal((OperationState.Cancelled, "Nothing stays."), (ended.State, ended.Remains));
        Assert.Null(_pool.Station.Served(_unitId)!.Image);
        Assert.NotEmpty(volume.Mappings);
    }

    [Fact]
    public async Task Update_LastCopyThatIsUnmappedMeanwhile_GoesOn()
    {
        Host host = await Services.Hosts.CreateAsync(SimulatedPool.Admin, new HostCreate("h", "iqn.2026-11.test:h"), null, default);
        Volume volume = await _pool.VolumeAsync("v", hostId: host.Id);
        _pool.Station.Updating = fact => fact.Phase == ImagePhase.Staged ? fact with { Phase = ImagePhase.Fetching } : fact;
        Operation update = await UpdateAsync();
        await PhaseAsync(update, "fetches version");
        await Services.Operations.CancelAsync(SimulatedPool.Admin, update.Id, default);
        await _pool.EndedAsync(update);
        await _pool.EndedAsync(await Services.Mappings.DeleteAsync(SimulatedPool.Admin, volume.Mappings[0].Id, default));
        _pool.Station.Updating = fact => fact;
        Assert.Equal(OperationState.Succeeded, (await _pool.EndedAsync(await UpdateAsync())).State);
    }

    [Fact]
    public async Task Update_UnitThatGoesBackByItself_FailsAndSaysSo()
    {
        _pool.Station.Updating = fact => fact.Phase == ImagePhase.Running ? fact with { Phase = ImagePhase.FellBack, Trouble = "It never became healthy." } : fact;
        Operation ended = await _pool.EndedAsync(await UpdateAsync());
        Assert.Equal((OperationState.Failed, "image-fell-back"), (ended.State, ended.Error!.Code));
        Assert.Contains("It never became healthy.", ended.Error.Detail, StringComparison.Ordinal);
        Assert.Equal(SimulatedStation.FirstVersion, (await UnitAsync()).ImageVersion);
        Assert.Null(_pool.Station.Served(_unitId)!.Image);
        Assert.Null((await Services.Maintenance.SafeToStopAsync(SimulatedPool.Admin, _unitId, default)).Maintenance);
    }

    [Fact]
    public async Task Update_FileThatTheUnitRefuses_FailsBeforeAnyRestart()
    {
        _pool.Station.Updating = fact => fact with { Phase = ImagePhase.Refused, Trouble = "Nobody who is believed here signed it." };
        Operation ended = await _pool.EndedAsync(await UpdateAsync());
        Assert.Equal((OperationState.Failed, "image-refused", "Nothing stays."), (ended.State, ended.Error!.Code, ended.Remains));
        Assert.Equal(SimulatedStation.FirstVersion, _pool.Station.VersionOf(_unitId));
    }

    [Fact]
    public async Task Update_WhatCannotBe_IsRefusedWithTheReason()
    {
        Assert.Equal("not-found", await SimulatedPool.ProblemOf(UpdateAsync("9.9")));
        await Services.Images.AddAsync(SimulatedPool.Admin, "0.0.9", new string('e', 64), 1 << 20, "test key", default);
        Assert.Equal("image-not-newer", await SimulatedPool.ProblemOf(UpdateAsync("0.0.9")));
        _pool.Station.Distort = inventory => inventory with { Image = inventory.Image! with { NotUpdatable = "It was not started from a disk of its own." } };
        Guid diskless = await _pool.JoinAsync("unit-2");
        Assert.Equal("unit-not-updatable", await SimulatedPool.ProblemOf(UpdateAsync(Next, diskless)));
        _pool.Station.Distort = inventory => inventory with { Image = null };
        Assert.Equal("unit-not-updatable", await SimulatedPool.ProblemOf(UpdateAsync(Next, await _pool.JoinAsync("unit-3"))));
    }

    [Fact]
    public async Task Image_InUse_StaysAndTheSameVersionIsOneContent()
    {
        _pool.Station.Updating = fact => fact with { Phase = ImagePhase.Fetching };
        Operation update = await UpdateAsync();
        Image image = (await Services.Images.ListAsync(SimulatedPool.Admin, new ListQuery(), default)).Items.Single();
        Assert.Equal("image-in-use", await SimulatedPool.ProblemOf(Services.Images.RemoveAsync(SimulatedPool.Admin, image.Id, default)));
        Assert.Equal("image-version-taken", await SimulatedPool.ProblemOf(Services.Images.AddAsync(SimulatedPool.Admin, Next, new string('f', 64), 1, "test key", default)));
        Assert.Equal(image.Id, (await Services.Images.AddAsync(SimulatedPool.Admin, Next, image.Digest, image.SizeBytes, "test key", default)).Id);
        await Services.Operations.CancelAsync(SimulatedPool.Admin, update.Id, default);
        await _pool.EndedAsync(update);
        await Services.Images.RemoveAsync(SimulatedPool.Admin, image.Id, default);
        Assert.Equal("not-found", await SimulatedPool.ProblemOf(UpdateAsync()));
    }

    private Task<Operation> UpdateAsync(string version = Next, Guid? unitId = null) =>
        Services.Updates.UpdateAsync(SimulatedPool.Admin, unitId ?? _unitId, new UnitUpdateRequest(version), default);

    private Task<Unit> UnitAsync() => Services.Units.GetAsync(SimulatedPool.Admin, _unitId, default);

    private Task PhaseAsync(Operation operation, string words) => StationTests.UntilAsync(
        async () => (await Services.Operations.GetAsync(SimulatedPool.Admin, operation.Id, default)).Phase.Contains(words, StringComparison.Ordinal));
}
