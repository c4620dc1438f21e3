using VSan.Contracts.Api;
using VSan.Station.Execution;
using Xunit;
using Rule = VSan.Station.Domain.StopRule;

namespace VSan.Tests.ControlPlane.Execution;

public sealed class MaintenanceTests : IAsyncLifetime
{
    private readonly SimulatedPool _pool = new();
    private Guid _unitId;

    private StationServices Services => _pool.Services;

    public async Task InitializeAsync() => _unitId = await _pool.JoinAsync("unit-1");

    public async Task DisposeAsync() => await _pool.DisposeAsync();

    [Theory]
    [InlineData(true, 1, true, "Degraded")]
    [InlineData(true, 0, true, "Lost")]
    [InlineData(false, 3, true, "Lost")]
    [InlineData(false, 0, false, "Unmapped")]
    public void Effect_OfStopping_FollowsFromTheOtherCopies(bool isMirror, int others, bool isMapped, string effect) =>
        Assert.Equal(effect, Rule.Of(isMirror, others, isMapped).ToString());

    [Fact]
    public async Task SafeToStop_EmptyOrUnmapped_IsSafeAndAMappedVolumeIsNot()
    {
        Assert.True((await LookAsync()).Safe);
        Volume volume = await _pool.VolumeAsync("v");
        SafeToStop unmapped = await LookAsync();
        Assert.Equal((true, StopEffect.Unmapped), (unmapped.Safe, Assert.Single(unmapped.Volumes).Effect));

        Host host = await Services.Hosts.CreateAsync(SimulatedPool.Admin, new HostCreate("h", "iqn.2026-11.test:h"), null, default);
        await _pool.EndedAsync((await Services.Mappings.CreateAsync(SimulatedPool.Admin, new MappingCreate(volume.Id, host.Id, null), null, default)).Operation);
        SafeToStop mapped = await LookAsync();
        Assert.Equal((false, StopEffect.Lost), (mapped.Safe, Assert.Single(mapped.Volumes).Effect));
        Assert.Equal(["h"], mapped.Volumes[0].Hosts);
        Assert.Contains("v", mapped.Answer, StringComparison.Ordinal);
        Assert.Equal("not-safe-to-stop", await SimulatedPool.ProblemOf(SetAsync(on: true)));
        Assert.NotNull((await SetAsync(on: true, force: true)).Maintenance);
    }

    [Fact]
    public async Task SafeToStop_WhileAnOperationWaitsForTheUnit_IsNotNow()
    {
        _pool.Station.LostAnswers = int.MaxValue;
        VolumeAccepted accepted = await Services.Volumes.CreateAsync(SimulatedPool.Admin, new VolumeCreate("v", 1 << 30, null, null, null, null), null, default);
        SafeToStop busy = await LookAsync();
        Assert.False(busy.Safe);
        Assert.Equal(accepted.Operation.Id, Assert.Single(busy.Operations).Id);
        _pool.Station.LostAnswers = 0;
        await _pool.EndedAsync(accepted.Operation);
        Assert.True((await LookAsync()).Safe);
    }

    [Fact]
    public async Task Maintenance_On_PlacesNothingThereUntilItIsOff()
    {
        await SetAsync(on: true);
        Assert.Equal("no-unit", await SimulatedPool.ProblemOf(Services.Volumes.CreateAsync(SimulatedPool.Admin, new VolumeCreate("v", 1 << 30, null, null, null, null), null, default)));
        Assert.Null((await SetAsync(on: false)).Maintenance);
        Assert.Equal(VolumeState.Ready, (await _pool.VolumeAsync("v")).State);
    }

    private Task<SafeToStop> LookAsync() => Services.Maintenance.SafeToStopAsync(SimulatedPool.Admin, _unitId, default);

    private Task<SafeToStop> SetAsync(bool on, bool force = false) => Services.Maintenance.SetAsync(SimulatedPool.Admin, _unitId, new MaintenanceSet(on, null, force), default);
}
