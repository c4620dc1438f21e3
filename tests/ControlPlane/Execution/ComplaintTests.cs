using System.Security.Cryptography;
using VSan.Contracts.Api;
using VSan.Contracts.Enrolment;
using VSan.Station.Execution;
using VSan.Station.Store.InMemory;
using Xunit;

namespace VSan.Tests.ControlPlane.Execution;

/// <summary>What users of other systems suffer from (docs/complaints.md), where no other test shows that ours do not.</summary>
public sealed class ComplaintTests : IAsyncLifetime, IDisposable
{
    private const long Gibibyte = 1L << 30;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource _ending = new();
    private readonly SimulatedStation _station = new(new InMemoryStore(), new ManualClock(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)));
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
    public async Task Changes_OneUnitIsOff_GoOnOnAllOthers()
    {
        Guid[] units = await JoinAsync(2);
        VolumeAccepted stuck = await CreateAsync("stuck", units[0]);
        await DoneAsync(stuck.Operation);
        _station.Cut(units[0]);
        Operation waiting = await Services.Volumes.DeleteAsync(SimulatedStation.Admin, stuck.Volume.Id, default);
        VolumeAccepted made = await CreateAsync("made", units[1]);
        await DoneAsync(made.Operation);
        await DoneAsync(await Services.Volumes.DeleteAsync(SimulatedStation.Admin, made.Volume.Id, default));
        Assert.Null((await Services.Operations.GetAsync(SimulatedStation.Admin, waiting.Id, default)).EndedAt);
    }

    [Fact]
    public async Task Create_ManyUnits_TouchesOneOfThem()
    {
        Guid[] units = await JoinAsync(6);
        Dictionary<Guid, long> before = units.ToDictionary(unit => unit, unit => _station.Served(unit)!.Generation);
        await DoneAsync((await CreateAsync("v", unitId: null)).Operation);
        Assert.Equal([0L, 0L, 0L, 0L, 0L, 1L], units.Select(unit => _station.Served(unit)!.Generation - before[unit]).Order());
    }

    [Fact]
    public async Task Create_ManyAtOnce_SpreadsEvenlyAndPromisesNoMoreThanThereIs()
    {
        Guid[] units = await JoinAsync(3);
        Exception?[] outcomes = await Task.WhenAll(Enumerable.Range(0, 40).Select(index => Record.ExceptionAsync(
            () => Task.Run(() => Services.Volumes.CreateAsync(SimulatedStation.Admin, new VolumeCreate($"v{index}", 100 * Gibibyte, null, null, null, null), null, default)))));
        Assert.All(outcomes.OfType<Exception>(), outcome => Assert.Equal("pool-full", Assert.IsType<ProblemException>(outcome).Code));
        List<long> promised = [];
        foreach (Guid id in units)
        {
            Unit unit = await Services.Units.GetAsync(SimulatedStation.Admin, id, default);
            Assert.InRange(unit.PromisedBytes, 0, unit.CapacityBytes);
            promised.Add(unit.PromisedBytes);
        }

        Assert.Equal(outcomes.Count(outcome => outcome is null) * 100 * Gibibyte, promised.Sum());
        Assert.InRange(promised.Max() - promised.Min(), 0, 100 * Gibibyte);
    }

    [Fact]
    public async Task Outage_ShortOrLong_MovesNothingByItself()
    {
        Guid[] units = await JoinAsync(3);
        VolumeAccepted made = await CreateAsync("v", units[0]);
        await DoneAsync(made.Operation);
        long[] generations = [.. units.Select(unit => _station.Served(unit)!.Generation)];
        _station.Cut(units[0]);
        _station.Connect(units[0]);
        await DoneAsync((await CreateAsync("other", units[0])).Operation);
        Volume volume = await Services.Volumes.GetAsync(SimulatedStation.Admin, made.Volume.Id, default);
        Assert.Equal(units[0], Assert.Single(volume.Legs).UnitId);
        Assert.Equal(generations[1..], units[1..].Select(unit => _station.Served(unit)!.Generation));
    }

    private Task<VolumeAccepted> CreateAsync(string name, Guid? unitId) =>
        Services.Volumes.CreateAsync(SimulatedStation.Admin, new VolumeCreate(name, Gibibyte, null, null, null, unitId), null, default);

    private async Task DoneAsync(Operation operation) =>
        Assert.Equal(OperationState.Succeeded, (await Services.Operations.WaitAsync(operation.Id, Deadline, default)).State);

    private async Task<Guid[]> JoinAsync(int count)
    {
        List<Guid> units = [];
        for (int index = 0; index < count; index++)
        {
            using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            TokenCreated token = await Services.Tokens.CreateAsync(SimulatedStation.Admin, new TokenCreate(null, null, null), null, default);
            StartupPacket packet = _station.Prove(SimulatedStation.Packet($"unit-{index}", key), token.Secret);
            await Services.Enrolment.AdmitAsync(packet, "peer", default);
            _station.Connect(packet.MemberId);
            await StationTests.UntilAsync(async () => (await Services.Units.GetAsync(SimulatedStation.Admin, packet.MemberId, default)).State == UnitState.Ready);
            units.Add(packet.MemberId);
        }

        return [.. units];
    }
}
