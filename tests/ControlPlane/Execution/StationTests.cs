using System.Security.Cryptography;
using VSan.Contracts.Api;
using VSan.Contracts.Enrolment;
using VSan.Contracts.UnitLink;
using VSan.Station.Execution;
using VSan.Station.Store.InMemory;
using Xunit;

namespace VSan.Tests.ControlPlane.Execution;

public sealed class StationTests : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private readonly CancellationTokenSource _ending = new();
    private readonly StubbornStore _stubborn;
    private readonly MortalStore _store;
    private readonly SimulatedStation _station;
    private Task _running = Task.CompletedTask;

    public StationTests()
    {
        _stubborn = new StubbornStore(new InMemoryStore());
        _store = new MortalStore(_stubborn);
        _station = new SimulatedStation(_store);
    }

    private StationServices Services => _station.Services;

    public Task InitializeAsync()
    {
        _running = Services.RunAsync(_ending.Token);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _ending.CancelAsync();
        if (!_store.Death.IsCompleted) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _running);
    }

    public void Dispose() => _ending.Dispose();

    [Fact]
    public async Task Volume_CreatedForAHost_IsServedInOnePushAndRemovedAgain()
    {
        Guid unit = await JoinAsync("unit-1");
        Host host = await Services.Hosts.CreateAsync(SimulatedStation.Admin, new HostCreate("host-1", "IQN.2026-11.test:host"), null, default);
        VolumeAccepted accepted = await Services.Volumes.CreateAsync(SimulatedStation.Admin, new VolumeCreate("v", 1 << 30, null, null, host.Id, null), "key", default);
        Operation done = await Services.Operations.WaitAsync(accepted.Operation.Id, Deadline, default);
        Assert.Equal(OperationState.Succeeded, done.State);
        Assert.Equal(2, _station.Served(unit)!.Generation);
        Assert.Equal(0, Assert.Single(Assert.Single(_station.Served(unit)!.Targets[0].Access).Luns).Lun);

        Mapping mapping = Assert.Single((await Services.Volumes.GetAsync(SimulatedStation.Admin, accepted.Volume.Id, default)).Mappings);
        Assert.Equal(16, (await Services.Mappings.ConnectInfoAsync(SimulatedStation.Admin, mapping.Id, default)).Legs[0].ChapSecret.Length);
        ProblemException mapped = await Assert.ThrowsAsync<ProblemException>(() => Services.Volumes.DeleteAsync(SimulatedStation.Admin, accepted.Volume.Id, default));
        Assert.Equal(("volume-mapped", "v is mapped to 1 host."), (mapped.Code, mapped.Message));

        Operation unmapped = await Services.Mappings.DeleteAsync(SimulatedStation.Admin, mapping.Id, default);
        Assert.Equal(OperationState.Succeeded, (await Services.Operations.WaitAsync(unmapped.Id, Deadline, default)).State);
        Operation deleted = await Services.Volumes.DeleteAsync(SimulatedStation.Admin, accepted.Volume.Id, default);
        Assert.Equal(OperationState.Succeeded, (await Services.Operations.WaitAsync(deleted.Id, Deadline, default)).State);
        Assert.Empty(_station.Served(unit)!.Legs);
        Assert.Equal(0, (await Services.Pool.GetAsync(SimulatedStation.Admin, default)).PromisedBytes);
    }

    [Fact]
    public async Task Create_SameKeyAgain_GivesTheSameAnswerAndAnotherBodyIsRefused()
    {
        await JoinAsync("unit-1");
        VolumeCreate request = new("v", 1 << 30, null, null, null, null);
        VolumeAccepted first = await Services.Volumes.CreateAsync(SimulatedStation.Admin, request, "key", default);
        VolumeAccepted again = await Services.Volumes.CreateAsync(SimulatedStation.Admin, request, "key", default);
        Assert.Equal((first.Volume.Id, first.Operation.Id), (again.Volume.Id, again.Operation.Id));
        ProblemException other = await Assert.ThrowsAsync<ProblemException>(() =>
            Services.Volumes.CreateAsync(SimulatedStation.Admin, request with { Name = "w" }, "key", default));
        Assert.Equal("idempotency-mismatch", other.Code);
    }

    [Fact]
    public async Task Create_UnitCutOff_WaitsVisiblyAndGoesOnWhenItIsBack()
    {
        Guid unit = await JoinAsync("unit-1");
        _station.Cut(unit);
        VolumeAccepted accepted = await Services.Volumes.CreateAsync(SimulatedStation.Admin, new VolumeCreate("v", 1 << 30, null, null, null, null), null, default);
        await UntilAsync(async () => (await Services.Operations.GetAsync(SimulatedStation.Admin, accepted.Operation.Id, default)).Phase == "waiting for unit-1 to come back");
        _station.Connect(unit);
        Assert.Equal(OperationState.Succeeded, (await Services.Operations.WaitAsync(accepted.Operation.Id, Deadline, default)).State);
    }

    [Fact]
    public async Task Create_UnitRefusesAgainAndAgain_FailsAndGivesTheSpaceBack()
    {
        await JoinAsync("unit-1");
        _station.Refusal = "The store is full.";
        VolumeAccepted accepted = await Services.Volumes.CreateAsync(SimulatedStation.Admin, new VolumeCreate("v", 1 << 30, null, null, null, null), null, default);
        Operation failed = await Services.Operations.WaitAsync(accepted.Operation.Id, Deadline, default);
        Assert.Equal(OperationState.Failed, failed.State);
        Assert.Equal("unit-refused", failed.Error!.Code);
        Assert.Equal(0, (await Services.Pool.GetAsync(SimulatedStation.Admin, default)).PromisedBytes);
    }

    [Fact]
    public async Task Cancel_WhileTheUnitIsCutOff_UndoesWhenItIsBack()
    {
        Guid unit = await JoinAsync("unit-1");
        _station.Cut(unit);
        VolumeAccepted accepted = await Services.Volumes.CreateAsync(SimulatedStation.Admin, new VolumeCreate("v", 1 << 30, null, null, null, null), null, default);
        await Services.Operations.CancelAsync(SimulatedStation.Admin, accepted.Operation.Id, default);
        _station.Connect(unit);
        Assert.Equal(OperationState.Cancelled, (await Services.Operations.WaitAsync(accepted.Operation.Id, Deadline, default)).State);
        Assert.Empty((await Services.Volumes.ListAsync(SimulatedStation.Admin, new ListQuery(), default)).Items);
    }

    [Fact]
    public async Task Create_LargerThanThePool_IsPoolFullAndWithoutUnitsNoUnit()
    {
        VolumeCreate request = new("v", 1L << 41, null, null, null, null);
        Assert.Equal("no-unit", (await Assert.ThrowsAsync<ProblemException>(() => Services.Volumes.CreateAsync(SimulatedStation.Admin, request, null, default))).Code);
        await JoinAsync("unit-1");
        ProblemException full = await Assert.ThrowsAsync<ProblemException>(() => Services.Volumes.CreateAsync(SimulatedStation.Admin, request, null, default));
        Assert.Equal("pool-full", full.Code);
        Assert.Matches("^2 TiB asked as single, [0-9.]+ [GT]iB can be placed\\.$", full.Message);
    }

    [Fact]
    public async Task Admit_WrongTokenReplayOtherKeyUsedUp_EachIsAnswered()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using ECDsa otherKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        TokenCreated token = await Services.Tokens.CreateAsync(SimulatedStation.Admin, new TokenCreate(null, null, null), null, default);
        StartupPacket packet = _station.Prove(SimulatedStation.Packet("unit-1", key), token.Secret);

        Assert.Equal("token-invalid", await RefusedAsync(_station.Prove(packet, EnrolmentToken.Create().Reveal())));
        Assert.Equal("token-invalid", await RefusedAsync(packet with { SystemName = "unit-2" }));
        Assert.IsType<EnrolmentDecision.Approved>(await Services.Enrolment.AdmitAsync(packet, "peer", default));
        Assert.IsType<EnrolmentDecision.Approved>(await Services.Enrolment.AdmitAsync(packet, "peer", default));
        Assert.Equal("identity-conflict", await RefusedAsync(SimulatedStation.Packet("unit-1", otherKey, packet.MemberId)));
        Assert.Equal("name-taken", await RefusedAsync(SimulatedStation.Packet("unit-1", otherKey)));
        Assert.Equal("token-used-up", await RefusedAsync(_station.Prove(SimulatedStation.Packet("unit-3", otherKey), token.Secret)));
        Assert.IsType<EnrolmentDecision.Pending>(await Services.Enrolment.AdmitAsync(SimulatedStation.Packet("unit-3", otherKey), "peer", default));
    }

    [Theory]
    [InlineData(3, false)]
    [InlineData(0, true)]
    public async Task Unit_KnowsMoreThanTheStation_IsLeftAlone(int generationsAhead, bool hasUnknownLeg)
    {
        Guid unit = await JoinAsync("unit-1");
        Host host = await Services.Hosts.CreateAsync(SimulatedStation.Admin, new HostCreate("h", "iqn.2026-11.test:h"), null, default);
        VolumeAccepted before = await Services.Volumes.CreateAsync(SimulatedStation.Admin, new VolumeCreate("before", 1 << 30, null, null, null, null), null, default);
        await Services.Operations.WaitAsync(before.Operation.Id, Deadline, default);
        UnitConfiguration known = _station.Served(unit)!;
        LegSpec[] legs = hasUnknownLeg ? [.. known.Legs, known.Legs[0] with { LegId = Guid.NewGuid() }] : [.. known.Legs];
        UnitConfiguration newer = known with { Generation = known.Generation + generationsAhead, Legs = legs };
        _station.Cut(unit);
        _station.Hold(newer);
        _station.Connect(unit);
        await UntilAsync(async () => (await Services.Units.GetAsync(SimulatedStation.Admin, unit, default)).Conditions.Any(condition => condition.Code == "generation-refused"));
        await UntilAsync(async () => (await Services.Events.RecentAsync(100, default)).Any(happened => happened.Kind == "unit.generation-refused"));

        Assert.Equal(PoolHealth.Degraded, (await Services.Pool.GetAsync(SimulatedStation.Admin, default)).Health);
        Assert.Equal("no-unit", await ProblemOf(Services.Volumes.CreateAsync(SimulatedStation.Admin, new VolumeCreate("after", 1 << 30, null, null, null, null), null, default)));
        Assert.Equal("generation-refused", await ProblemOf(Services.Volumes.DeleteAsync(SimulatedStation.Admin, before.Volume.Id, default)));
        Assert.Equal("generation-refused", await ProblemOf(Services.Mappings.CreateAsync(SimulatedStation.Admin, new MappingCreate(before.Volume.Id, host.Id, null), null, default)));
        Assert.Same(newer, _station.Served(unit));
        Assert.Equal(known.Generation, (await Services.Units.GetAsync(SimulatedStation.Admin, unit, default)).Generation);
        Assert.Single(await Services.Events.RecentAsync(100, default), happened => happened.Kind == "unit.generation-refused");
    }

    [Fact]
    public async Task Unit_InStep_ReconnectsAndTakesVolumes()
    {
        Guid unit = await JoinAsync("unit-1");
        _station.Cut(unit);
        _station.Connect(unit);
        VolumeAccepted accepted = await Services.Volumes.CreateAsync(SimulatedStation.Admin, new VolumeCreate("v", 1 << 30, null, null, null, null), null, default);
        Assert.Equal(OperationState.Succeeded, (await Services.Operations.WaitAsync(accepted.Operation.Id, Deadline, default)).State);
        Assert.Empty((await Services.Units.GetAsync(SimulatedStation.Admin, unit, default)).Conditions);
    }

    [Fact]
    public async Task Unit_AnswersNonsense_TheOthersGoOn()
    {
        Guid broken = await JoinAsync("unit-1");
        _station.Cut(broken);
        _station.Nonsense = new System.Text.Json.JsonException("nonsense");
        _station.Connect(broken);
        await UntilAsync(() =>
        {
            lock (_station.Warnings) return Task.FromResult(_station.Warnings.Any(line => line.Contains("nonsense", StringComparison.Ordinal)));
        });
        _station.Nonsense = null;
        await JoinAsync("unit-2");
        Assert.False(_running.IsCompleted);
    }

    public static TheoryData<string> HostileInventories => [.. Hostile.Keys];

    private static readonly Dictionary<string, Func<UnitInventory, UnitInventory>> Hostile = new()
    {
        ["no stores"] = good => good with { Stores = null! },
        ["a null store"] = good => good with { Stores = [null!] },
        ["no portals"] = good => good with { Portals = null! },
        ["a null portal"] = good => good with { Portals = [null!] },
        ["no legs"] = good => good with { Stores = [good.Stores[0] with { LegIds = null! }] },
        ["no name"] = good => good with { Stores = [good.Stores[0] with { Name = null! }] },
        ["a negative capacity"] = good => good with { Stores = [good.Stores[0] with { CapacityBytes = -1 }] },
        ["a huge capacity"] = good => good with { Stores = [good.Stores[0] with { CapacityBytes = long.MaxValue }] },
        ["negative free space"] = good => good with { Stores = [good.Stores[0] with { FreeBytes = long.MinValue }] },
        ["huge free space"] = good => good with { Stores = [good.Stores[0] with { FreeBytes = long.MaxValue }] },
        ["another's identity"] = good => good with { UnitId = Guid.NewGuid() },
    };

    [Theory]
    [MemberData(nameof(HostileInventories))]
    public async Task Inventory_Hostile_IsRefusedForThatUnitOnly(string kind)
    {
        Guid hostile = await JoinAsync("unit-1");
        long capacityBytes = (await Services.Pool.GetAsync(SimulatedStation.Admin, default)).CapacityBytes;
        _station.Cut(hostile);
        _station.Distort = inventory => inventory.UnitId == hostile ? Hostile[kind](inventory) : inventory;
        _station.Connect(hostile);
        await UntilAsync(() =>
        {
            lock (_station.Warnings) return Task.FromResult(_station.Warnings.Any(line => line.Contains(hostile.ToString(), StringComparison.Ordinal)));
        });
        Assert.Equal(capacityBytes, (await Services.Pool.GetAsync(SimulatedStation.Admin, default)).CapacityBytes);
        await JoinAsync("unit-2");
        Assert.Equal(2 * capacityBytes, (await Services.Pool.GetAsync(SimulatedStation.Admin, default)).CapacityBytes);
        Assert.False(_running.IsCompleted);
    }

    [Theory]
    [InlineData(4, OperationState.Succeeded)]
    [InlineData(5, OperationState.Failed)]
    [InlineData(int.MaxValue, OperationState.NeedsOperator)]
    public async Task Operation_StoreRefusesItsVolume_IsTriedAgainAndThenFailsAlone(int refusals, OperationState end)
    {
        await JoinAsync("unit-1");
        _stubborn.Refuse(refusals);
        VolumeAccepted stubborn = await Services.Volumes.CreateAsync(SimulatedStation.Admin, new VolumeCreate("stubborn", 1 << 30, null, null, null, null), null, default);
        VolumeAccepted other = await Services.Volumes.CreateAsync(SimulatedStation.Admin, new VolumeCreate("other", 1 << 30, null, null, null, null), null, default);
        Assert.Equal(OperationState.Succeeded, (await Services.Operations.WaitAsync(other.Operation.Id, Deadline, default)).State);
        Operation ended = await Services.Operations.WaitAsync(stubborn.Operation.Id, Deadline, default);
        Assert.Equal((end, end == OperationState.Succeeded ? null : "internal"), (ended.State, ended.Error?.Code));
        Assert.InRange(_stubborn.Refused, Math.Min(refusals, 5), 2 * 5);
        lock (_station.Warnings) Assert.Equal(end switch { OperationState.Succeeded => 0, OperationState.Failed => 1, _ => 2 }, _station.Warnings.Count);
        Assert.False(_running.IsCompleted);
        _stubborn.Refuse(0);
        if (end == OperationState.NeedsOperator)
        {
            await Services.Operations.RetryAsync(SimulatedStation.Admin, ended.Id, default);
            Assert.Equal(OperationState.Failed, (await Services.Operations.WaitAsync(ended.Id, Deadline, default)).State);
        }

        if (end == OperationState.Succeeded) await RemoveAsync(stubborn.Volume.Id);
        Assert.Single((await Services.Volumes.ListAsync(SimulatedStation.Admin, new ListQuery(), default)).Items);
        Assert.Equal(1 << 30, (await Services.Pool.GetAsync(SimulatedStation.Admin, default)).PromisedBytes);
    }

    [Fact]
    public async Task Store_CannotBeWritten_EndsTheStation()
    {
        await JoinAsync("unit-1");
        _store.DieAt(2, afterCommit: false);
        await Services.Volumes.CreateAsync(SimulatedStation.Admin, new VolumeCreate("v", 1 << 30, null, null, null, null), null, default);
        Exception error = await Assert.ThrowsAnyAsync<Exception>(() => _running.WaitAsync(Deadline));
        Assert.IsType<StoreUnwritableException>(error.InnerException);
    }

    [Fact]
    public void Report_NullLists_IsRefused() => Assert.Throws<InvalidDataException>(() =>
        Services.Presence.OnReport(new UnitReport(Guid.NewGuid(), Guid.NewGuid(), 1, new ConfigurationStatus(1, 1, null!), true, 0, null!)));

    private static async Task<string> ProblemOf(Task request) => (await Assert.ThrowsAsync<ProblemException>(() => request)).Code;

    [Fact]
    public async Task Create_ByAViewer_IsForbidden() => Assert.Equal(
        "forbidden",
        (await Assert.ThrowsAsync<ProblemException>(() => Services.Hosts.CreateAsync(Caller.Of("v", Role.Viewer), new HostCreate("h", "iqn.h"), null, default))).Code);

    private async Task RemoveAsync(Guid volumeId)
    {
        Operation removal = await Services.Volumes.DeleteAsync(SimulatedStation.Admin, volumeId, default);
        Assert.Equal(OperationState.Succeeded, (await Services.Operations.WaitAsync(removal.Id, Deadline, default)).State);
    }

    private async Task<string> RefusedAsync(StartupPacket packet) =>
        (await Assert.ThrowsAsync<ProblemException>(() => Services.Enrolment.AdmitAsync(packet, "peer", default))).Code;

    private Task<Guid> JoinAsync(string name) => _station.JoinAsync(name);

    internal static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using CancellationTokenSource deadline = new(Deadline);
        while (!await condition()) await Task.Delay(5, deadline.Token);
    }
}
