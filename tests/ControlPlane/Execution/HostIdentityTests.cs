using VSan.Contracts.Api;
using VSan.Station.Execution;
using Xunit;

namespace VSan.Tests.ControlPlane.Execution;

/// <summary>A host that asks for itself: what it gets, and that it gets nothing of anybody else.</summary>
public sealed class HostIdentityTests : IAsyncLifetime
{
    private const long Gibibyte = 1L << 30;

    private readonly SimulatedPool _pool = new();
    private Host _one = null!;
    private Host _other = null!;

    private StationServices Services => _pool.Services;

    public async Task InitializeAsync()
    {
        await _pool.JoinAsync("unit-1");
        _one = await Services.Hosts.CreateAsync(SimulatedPool.Admin, new HostCreate("one", "iqn.2026-11.test:one"), null, default);
        _other = await Services.Hosts.CreateAsync(SimulatedPool.Admin, new HostCreate("other", "iqn.2026-11.test:other"), null, default);
    }

    public async Task DisposeAsync() => await _pool.DisposeAsync();

    [Fact]
    public async Task Create_WithoutAQuota_IsRefusedAndLeavesNothing()
    {
        Assert.Equal("quota-exceeded", await ProblemOf(() => AskAsync(_one, "v", null)));
        Assert.Empty((await Services.Volumes.ListAsync(SimulatedPool.Admin, new ListQuery(), default)).Items);
    }

    [Fact]
    public async Task Create_SameKeyAgain_IsTheSameVolumeMappedToTheHostItself()
    {
        await GrantAsync(_one, 4 * Gibibyte, 4);
        VolumeAccepted first = await AskAsync(_one, "v", "key");
        VolumeAccepted again = await AskAsync(_one, "v", "key");
        Assert.Equal(first.Volume.Id, again.Volume.Id);
        Assert.Equal(OperationState.Succeeded, (await _pool.EndedAsync(first.Operation)).State);
        Volume own = await Services.Volumes.GetAsync(Caller(_one), first.Volume.Id, default);
        Mapping mapping = Assert.Single(own.Mappings);
        Assert.Equal(_one.Id, mapping.HostId);
        Assert.Equal(_one.InitiatorName, (await Services.Mappings.ConnectInfoAsync(Caller(_one), mapping.Id, default)).InitiatorName);
        Assert.Equal("succeeded", (await Services.Operations.GetAsync(Caller(_one), first.Operation.Id, default)).State.ToString().ToLowerInvariant());
    }

    [Fact]
    public async Task Create_PastItsQuota_IsRefusedUntilSomethingIsReleased()
    {
        await GrantAsync(_one, 2 * Gibibyte, 2);
        VolumeAccepted first = await AskAsync(_one, "a", null);
        await _pool.EndedAsync(first.Operation);
        await _pool.EndedAsync((await AskAsync(_one, "b", null)).Operation);
        Assert.Equal("quota-exceeded", await ProblemOf(() => AskAsync(_one, "c", null)));
        HostQuota used = await Services.HostQuotas.GetAsync(Caller(_one), _one.Id, default);
        Assert.Equal((2, 2 * Gibibyte), (used.Volumes, used.Bytes));

        Volume volume = await Services.Volumes.GetAsync(Caller(_one), first.Volume.Id, default);
        await _pool.EndedAsync(await Services.Mappings.DeleteAsync(Caller(_one), volume.Mappings[0].Id, default));
        await _pool.EndedAsync(await Services.Volumes.DeleteAsync(Caller(_one), volume.Id, default));
        Assert.Equal(OperationState.Succeeded, (await _pool.EndedAsync((await AskAsync(_one, "c", null)).Operation)).State);
    }

    [Fact]
    public async Task Quota_OfBytes_CountsSnapshotsToo()
    {
        await GrantAsync(_one, Gibibyte + SimulatedStation.SnapshotBytes, 2);
        VolumeAccepted volume = await AskAsync(_one, "v", null);
        await _pool.EndedAsync(volume.Operation);
        SnapshotsAccepted taken = await Services.Snapshots.CreateAsync(Caller(_one), new SnapshotGroupCreate("s", [volume.Volume.Id]), null, default);
        await _pool.EndedAsync(taken.Operation);
        Assert.Equal(Gibibyte + SimulatedStation.SnapshotBytes, (await Services.HostQuotas.GetAsync(Caller(_one), _one.Id, default)).Bytes);
        Assert.Equal("quota-exceeded", await ProblemOf(() => Services.Snapshots.CloneAsync(Caller(_one), taken.Snapshots[0].Id, new SnapshotClone("c", null), null, default)));
    }

    [Fact]
    public async Task Expand_OfItsOwnVolume_IsGrantedWithinItsQuota()
    {
        await GrantAsync(_one, 3 * Gibibyte, 2);
        VolumeAccepted own = await AskAsync(_one, "v", null);
        await _pool.EndedAsync(own.Operation);
        Assert.Equal("quota-exceeded", await ProblemOf(() => Services.Volumes.ExpandAsync(Caller(_one), own.Volume.Id, new VolumeExpand(4 * Gibibyte), default)));
        Assert.Equal("forbidden", await ProblemOf(() => Services.Volumes.ExpandAsync(Caller(_other), own.Volume.Id, new VolumeExpand(2 * Gibibyte), default)));
        Assert.Equal(OperationState.Succeeded, (await _pool.EndedAsync(await Services.Volumes.ExpandAsync(Caller(_one), own.Volume.Id, new VolumeExpand(3 * Gibibyte), default))).State);

        VolumeAccepted theirs = await Services.Volumes.CreateAsync(SimulatedPool.Admin, new VolumeCreate("p", Gibibyte, null, null, _one.Id, null), null, default);
        await _pool.EndedAsync(theirs.Operation);
        Assert.Equal("forbidden", await ProblemOf(() => Services.Volumes.ExpandAsync(Caller(_one), theirs.Volume.Id, new VolumeExpand(2 * Gibibyte), default)));
    }

    [Fact]
    public async Task Another_HostsThings_AreNeitherSeenNorTouched()
    {
        await GrantAsync(_one, 4 * Gibibyte, 4);
        VolumeAccepted asked = await AskAsync(_one, "v", null);
        await _pool.EndedAsync(asked.Operation);
        Guid volumeId = asked.Volume.Id;
        Guid mappingId = (await Services.Volumes.GetAsync(Caller(_one), volumeId, default)).Mappings[0].Id;
        Caller other = Caller(_other);

        Assert.Empty((await Services.Volumes.ListAsync(other, new ListQuery(), default)).Items);
        Assert.Empty((await Services.Mappings.ListAsync(other, new ListQuery(), default)).Items);
        Assert.Empty((await Services.Operations.ListAsync(other, new ListQuery(), default)).Items);
        Assert.Equal([_other.Id], (await Services.Hosts.ListAsync(other, new ListQuery(), default)).Items.Select(host => host.Id));
        Func<Task>[] denied =
        [
            () => Services.Volumes.GetAsync(other, volumeId, default),
            () => Services.Volumes.DeleteAsync(other, volumeId, default),
            () => Services.Mappings.GetAsync(other, mappingId, default),
            () => Services.Mappings.DeleteAsync(other, mappingId, default),
            () => Services.Mappings.ConnectInfoAsync(other, mappingId, default),
            () => Services.Mappings.CreateAsync(other, new MappingCreate(volumeId, _other.Id, null), null, default),
            () => Services.Snapshots.CreateAsync(other, new SnapshotGroupCreate("s", [volumeId]), null, default),
            () => Services.Operations.GetAsync(other, asked.Operation.Id, default),
            () => Services.Hosts.GetAsync(other, _one.Id, default),
            () => Services.HostQuotas.SetAsync(other, _other.Id, new HostQuotaSpec(Gibibyte, 1), default),
            () => Services.HostSecrets.RotateAsync(other, _one.Id, new SecretRotate(null, null), default),
        ];
        foreach (Func<Task> act in denied) Assert.Equal("forbidden", await ProblemOf(act));

        // The control: the same by whose it is.
        Assert.Equal("granted", await ProblemOf(() => Services.Volumes.GetAsync(Caller(_one), volumeId, default)));
        Assert.Equal("granted", await ProblemOf(() => Services.Mappings.ConnectInfoAsync(Caller(_one), mappingId, default)));
    }

    [Fact]
    public async Task Host_SpeakingForAnother_IsForbidden()
    {
        await GrantAsync(_one, 4 * Gibibyte, 4);
        Assert.Equal("forbidden", await ProblemOf(() => Services.Volumes.CreateAsync(Caller(_one), new VolumeCreate("v", Gibibyte, null, null, _other.Id, null), null, default)));
        VolumeAccepted own = await AskAsync(_one, "v", null);
        await _pool.EndedAsync(own.Operation);
        Assert.Equal("forbidden", await ProblemOf(() => Services.Mappings.CreateAsync(Caller(_one), new MappingCreate(own.Volume.Id, _other.Id, null), null, default)));
    }

    [Fact]
    public void Role_Host_MayDoNothingToThePool()
    {
        string[] allowed = [.. Permissions.All.Keys.Where(action => Permissions.Allow(Role.Host, action))];
        Assert.All(allowed, action => Assert.True(action.Split('.')[0] is "host" or "volume" or "snapshot" or "mapping" or "operation", action));
        Assert.DoesNotContain("host.create", allowed);
        Assert.DoesNotContain("host.set-quota", allowed);
    }

    private static Caller Caller(Host host) => new($"token of {host.Name}", [new Binding(Role.Host, Scope.Parse($"host:{host.Id}", "/scope"))]);

    private static async Task<string> ProblemOf(Func<Task> act)
    {
        try
        {
            await act();
            return "granted";
        }
        catch (ProblemException problem)
        {
            return problem.Code;
        }
    }

    private Task<VSan.Contracts.Api.HostQuota> GrantAsync(Host host, long bytes, int volumes) => Services.HostQuotas.SetAsync(SimulatedPool.Admin, host.Id, new HostQuotaSpec(bytes, volumes), default);

    private Task<VolumeAccepted> AskAsync(Host host, string name, string? key) =>
        Services.Volumes.CreateAsync(Caller(host), new VolumeCreate(name, Gibibyte, null, null, null, null), key, default);
}
