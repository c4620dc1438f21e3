using VSan.Contracts.Api;
using VSan.Contracts.UnitLink;
using VSan.Station.Execution;
using VSan.Station.Store.InMemory;
using Xunit;

namespace VSan.Tests.ControlPlane.Execution;

/// <summary>Volumes with legs on several units, from creation to the host's connection and back.</summary>
public sealed class LayoutTests : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private readonly InMemoryStore _store = new();
    private readonly SimulatedStation _station;
    private readonly CancellationTokenSource _ending = new();
    private Task _running = Task.CompletedTask;

    public LayoutTests() => _station = new SimulatedStation(_store);

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

    [Theory]
    [InlineData("mirror-2", 2, AssemblyMethod.MdRaid1)]
    [InlineData("mirror-3", 3, AssemblyMethod.MdRaid1)]
    [InlineData("stripe-3", 3, AssemblyMethod.DmStriped)]
    [InlineData("single", 1, AssemblyMethod.None)]
    public async Task Volume_OfEachLayout_IsServedOnAsManyUnitsMappedAndRemoved(string layout, int legs, AssemblyMethod method)
    {
        Guid[] units = await JoinAsync(3);
        Host host = await Services.Hosts.CreateAsync(SimulatedStation.Admin, new HostCreate("h", "iqn.2026-11.test:h"), null, default);
        VolumeAccepted accepted = await CreateAsync("v", 3L << 30, layout, host.Id);
        Operation done = await EndedAsync(accepted.Operation);
        Assert.Equal(OperationState.Succeeded, done.State);
        Assert.Equal(legs, done.Steps.Count(step => step.Name.StartsWith("configure unit-", StringComparison.Ordinal)));

        Volume volume = await Services.Volumes.GetAsync(SimulatedStation.Admin, accepted.Volume.Id, default);
        Assert.Equal((layout, VolumeState.Ready, "default", "admin"), (volume.Layout, volume.State, volume.ProjectName, volume.Owner));
        Assert.Equal(Enumerable.Range(0, legs), volume.Legs.Select(leg => leg.Index));
        Assert.Equal(legs, volume.Legs.Select(leg => leg.UnitId).Distinct().Count());
        ConnectInfo info = await Services.Mappings.ConnectInfoAsync(SimulatedStation.Admin, Assert.Single(volume.Mappings).Id, default);
        Assert.Equal((method, 3L << 30), (info.Assembly.Method, info.Assembly.SizeBytes));
        Assert.Equal(volume.Legs.Select(leg => leg.Naa), info.Legs.Select(leg => leg.Naa));
        Assert.Equal(legs, info.Legs.Select(leg => leg.ChapSecret).Distinct().Count());
        foreach (ConnectLeg leg in info.Legs)
        {
            UnitConfiguration served = _station.Served(volume.Legs[leg.Index].UnitId)!;
            LunSpec lun = Assert.Single(Assert.Single(served.Targets[0].Access).Luns);
            Assert.Equal((volume.Legs[leg.Index].Id, leg.Lun), (lun.LegId, lun.Lun));
            Assert.Equal((leg.SizeBytes, leg.SerialNumber), (Assert.Single(served.Legs).SizeBytes, served.Legs[0].SerialNumber));
        }

        await EndedAsync(await Services.Mappings.DeleteAsync(SimulatedStation.Admin, volume.Mappings[0].Id, default));
        Assert.Equal(OperationState.Succeeded, (await EndedAsync(await Services.Volumes.DeleteAsync(SimulatedStation.Admin, volume.Id, default))).State);
        Assert.All(units, unit => Assert.Empty(_station.Served(unit)!.Legs));
        Assert.Equal(0, (await Services.Pool.GetAsync(SimulatedStation.Admin, default)).PromisedBytes);
    }

    [Fact]
    public async Task Mapping_MadeAgain_HasOtherNumbersAndTheSameNames()
    {
        await JoinAsync(2);
        Host host = await Services.Hosts.CreateAsync(SimulatedStation.Admin, new HostCreate("h", "iqn.2026-11.test:h"), null, default);
        VolumeAccepted accepted = await CreateAsync("v", 1 << 30, "mirror-2", hostId: null);
        await EndedAsync(accepted.Operation);
        ConnectInfo first = await MapAndUnmapAsync(accepted.Volume.Id, host.Id);
        ConnectInfo second = await MapAndUnmapAsync(accepted.Volume.Id, host.Id);
        Assert.Equal(first.Legs.Select(leg => (leg.Naa, leg.SerialNumber)), second.Legs.Select(leg => (leg.Naa, leg.SerialNumber)));
        Assert.Equal([(0, 1), (0, 1)], first.Legs.Zip(second.Legs, (one, other) => (one.Lun, other.Lun)));
    }

    [Fact]
    public async Task Mirror_OneUnitRefuses_LeavesNothingOnTheOther()
    {
        Guid[] units = await JoinAsync(2);
        _station.Refusal = "The store is full.";
        VolumeAccepted accepted = await CreateAsync("v", 1 << 30, "mirror-2", hostId: null);
        Operation failed = await EndedAsync(accepted.Operation);
        Assert.Equal((OperationState.Failed, "unit-refused"), (failed.State, failed.Error?.Code));
        Assert.All(units, unit => Assert.Empty(_station.Served(unit)!.Legs));
        Assert.Equal(0, (await Services.Pool.GetAsync(SimulatedStation.Admin, default)).PromisedBytes);
    }

    [Fact]
    public async Task Mirror_FewerUnitsThanCopies_IsPoolFull()
    {
        await JoinAsync(1);
        ProblemException problem = await Assert.ThrowsAsync<ProblemException>(() => CreateAsync("v", 1 << 30, "mirror-2", hostId: null));
        Assert.Equal("pool-full", problem.Code);
    }

    [Fact]
    public async Task Create_AThousandAtOnce_NeverOvercommitsAndFillsEvenly()
    {
        // On a clock that stands still no unit grows silent meanwhile.
        SimulatedStation station = new(new InMemoryStore(), new ManualClock(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)));
        using CancellationTokenSource ending = new();
        Task running = station.Services.RunAsync(ending.Token);
        for (int number = 1; number <= 3; number++) await station.JoinAsync($"unit-{number}");
        bool[] created = await Task.WhenAll(Enumerable.Range(0, 1000).Select(number => TryCreateAsync(station.Services, $"v{number}")));
        Assert.Equal(3 * 1024 / 4, created.Count(made => made));
        Assert.All(
            (await station.Services.Units.ListAsync(SimulatedStation.Admin, new ListQuery(), default)).Items,
            unit => Assert.Equal(unit.CapacityBytes, unit.PromisedBytes));
        await ending.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    private static async Task<bool> TryCreateAsync(StationServices services, string name)
    {
        try
        {
            await services.Volumes.CreateAsync(SimulatedStation.Admin, new VolumeCreate(name, 4L << 30, null, null, null, null), null, default);
            return true;
        }
        catch (ProblemException problem) when (problem.Code == "pool-full")
        {
            return false;
        }
    }

    private async Task<ConnectInfo> MapAndUnmapAsync(Guid volumeId, Guid hostId)
    {
        MappingAccepted mapping = await Services.Mappings.CreateAsync(SimulatedStation.Admin, new MappingCreate(volumeId, hostId, null), null, default);
        await EndedAsync(mapping.Operation);
        ConnectInfo info = await Services.Mappings.ConnectInfoAsync(SimulatedStation.Admin, mapping.Mapping.Id, default);
        await EndedAsync(await Services.Mappings.DeleteAsync(SimulatedStation.Admin, mapping.Mapping.Id, default));
        return info;
    }

    private Task<VolumeAccepted> CreateAsync(string name, long sizeBytes, string layout, Guid? hostId) => Services.Volumes.CreateAsync(
        SimulatedStation.Admin, new VolumeCreate(name, sizeBytes, null, null, hostId, null) { Layout = layout }, null, default);

    private Task<Operation> EndedAsync(Operation operation) => Services.Operations.WaitAsync(operation.Id, Deadline, default);

    private async Task<Guid[]> JoinAsync(int count)
    {
        List<Guid> units = [];
        for (int number = 1; number <= count; number++) units.Add(await _station.JoinAsync($"unit-{number}"));
        return [.. units];
    }
}
