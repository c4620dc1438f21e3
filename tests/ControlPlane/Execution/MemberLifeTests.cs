using System.Security.Cryptography;
using VSan.Contracts.Api;
using VSan.Contracts.Enrolment;
using VSan.Contracts.UnitLink;
using VSan.Station.Execution;
using VSan.Station.Store.InMemory;
using Xunit;

namespace VSan.Tests.ControlPlane.Execution;

/// <summary>The life of a unit from its first packet to its grave, and back.</summary>
public sealed class MemberLifeTests : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly SimulatedStation _station = new(new InMemoryStore());
    private readonly CancellationTokenSource _stop = new();
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private Task _running = Task.CompletedTask;

    private StationServices Services => _station.Services;

    private static Caller Admin => SimulatedStation.Admin;

    public Task InitializeAsync()
    {
        _running = Services.RunAsync(_stop.Token);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose()
    {
        _key.Dispose();
        _stop.Dispose();
    }

    [Fact]
    public async Task Cordon_PlacesNothingNew_UntilItIsTakenBack()
    {
        Guid unit = await JoinAsync();
        Assert.True((await Services.Units.CordonAsync(Admin, unit, default)).Cordoned);
        Assert.Equal("no-unit", await ProblemOf(CreateAsync("v")));
        Assert.Equal(UnitState.Ready, (await GetAsync(unit)).State);
        Assert.False((await Services.Units.UncordonAsync(Admin, unit, default)).Cordoned);
        await CreateAsync("v");
    }

    [Fact]
    public async Task Drain_IsACordonWithAPhase_AndRetireWaitsForTheLastLeg()
    {
        Guid unit = await JoinAsync();
        VolumeAccepted volume = await CreateAsync("v");
        await Services.Operations.WaitAsync(volume.Operation.Id, Deadline, default);
        Operation drain = await Services.Units.DrainAsync(Admin, unit, default);
        Assert.Equal(drain.Id, (await Services.Units.DrainAsync(Admin, unit, default)).Id);
        Assert.Equal(UnitState.Draining, (await GetAsync(unit)).State);
        Assert.Equal("no-unit", await ProblemOf(CreateAsync("w")));
        Assert.Equal("unit-in-use", await ProblemOf(Services.Units.RetireAsync(Admin, unit, default)));

        Operation removal = await Services.Volumes.DeleteAsync(Admin, volume.Volume.Id, default);
        await Services.Operations.WaitAsync(removal.Id, Deadline, default);
        Assert.Equal(OperationState.Succeeded, (await Services.Operations.WaitAsync(drain.Id, Deadline, default)).State);
        Assert.Equal(UnitState.Drained, (await GetAsync(unit)).State);
        Assert.Equal(UnitState.Retired, (await Services.Units.RetireAsync(Admin, unit, default)).State);
        Assert.False(_station.IsConnected(unit));
        Assert.False(await Services.Units.IsAdmittedAsync(unit, default));
        Assert.Equal("member-retired", await ProblemOf(Services.Enrolment.AdmitAsync(SimulatedStation.Packet("unit-1", _key, unit), "peer", default)));
        Assert.Equal("unit-phase", await ProblemOf(Services.Units.DrainAsync(Admin, unit, default)));
    }

    [Fact]
    public async Task Quarantined_IsShutOut_UntilAPersonApprovesItAgain()
    {
        Guid unit = await JoinAsync();
        await Services.Units.QuarantineAsync(unit, "10.0.0.1:1 and 10.0.0.2:1", default);
        Assert.Equal(UnitState.Quarantined, (await GetAsync(unit)).State);
        Assert.False(_station.IsConnected(unit));
        Assert.Equal("member-quarantined", await ProblemOf(Services.Enrolment.AdmitAsync(SimulatedStation.Packet("unit-1", _key, unit), "peer", default)));
        Assert.Contains(await Services.Events.RecentAsync(100, default), happened => happened.Kind == "unit.cloned");

        await Services.Units.ApproveAsync(Admin, unit, default);
        Assert.IsType<EnrolmentDecision.Approved>(await Services.Enrolment.AdmitAsync(SimulatedStation.Packet("unit-1", _key, unit), "peer", default));
        _station.Connect(unit);
        await UntilAsync(unit, found => found.State == UnitState.Ready);
    }

    [Fact]
    public async Task Forget_UnitIsOffAndHoldsAVolume_NeedsAWordAndLeavesTombstones()
    {
        Guid unit = await JoinAsync();
        VolumeAccepted volume = await CreateAsync("v");
        await Services.Operations.WaitAsync(volume.Operation.Id, Deadline, default);
        UnitConfiguration before = _station.Served(unit)!;
        _station.Cut(unit);
        Assert.Equal("unit-in-use", await ProblemOf(Services.Units.ForgetAsync(Admin, unit, abandon: false, default)));
        await Services.Units.ForgetAsync(Admin, unit, abandon: true, default);
        Assert.Equal("not-found", await ProblemOf(GetAsync(unit)));
        Assert.Empty((await Services.Volumes.ListAsync(Admin, new ListQuery(), default)).Items);

        // It returns with its key: the same unit, its configuration goes on from where it was, and its files are neither served nor deleted.
        await JoinAsync(unit);
        UnitConfiguration after = _station.Served(unit)!;
        Assert.True(after.Generation > before.Generation);
        Assert.Empty(after.Legs);
        Assert.Equal(before.Legs[0].LegId, Assert.Single(after.KeptLegs!).LegId);
        Assert.DoesNotContain((await GetAsync(unit)).Conditions, condition => condition.Code == "generation-refused");

        await Services.Units.DiscardAsync(Admin, unit, default);
        await UntilAsync(unit, _ => _station.Served(unit) is { KeptLegs: null });
    }

    [Fact]
    public async Task Forget_OperationWaitsForTheUnit_EndsIt()
    {
        Guid unit = await JoinAsync();
        _station.Cut(unit);
        VolumeAccepted waiting = await CreateAsync("v");
        await Services.Units.ForgetAsync(Admin, unit, abandon: true, default);
        Operation ended = await Services.Operations.WaitAsync(waiting.Operation.Id, Deadline, default);
        Assert.Equal((OperationState.Failed, "unit-forgotten"), (ended.State, ended.Error?.Code));
        Assert.False(_running.IsCompleted);
    }

    [Fact]
    public async Task Labels_OfTheToken_AreTheUnits_AndAPersonMayReplaceThem()
    {
        Guid unit = await JoinAsync(labels: new Dictionary<string, string> { ["rack"] = "r1" });
        Assert.Equal("r1", (await GetAsync(unit)).Labels!["rack"]);
        await Services.Units.LabelAsync(Admin, unit, new LabelSet(new Dictionary<string, string> { ["site"] = "north" }), default);
        Assert.Equal(["site"], (await GetAsync(unit)).Labels!.Keys);
        Assert.Equal("invalid-field", await ProblemOf(Services.Units.LabelAsync(Admin, unit, new LabelSet(new Dictionary<string, string> { ["Rack"] = "x" }), default)));
    }

    private static async Task<string> ProblemOf(Task request) => (await Assert.ThrowsAsync<ProblemException>(() => request)).Code;

    private Task<VolumeAccepted> CreateAsync(string name) => Services.Volumes.CreateAsync(Admin, new VolumeCreate(name, 1 << 30, null, null, null, null), null, default);

    private async Task<VSan.Contracts.Api.Unit> GetAsync(Guid unit) => await Services.Units.GetAsync(Admin, unit, default);

    private Task UntilAsync(Guid unit, Func<VSan.Contracts.Api.Unit, bool> condition) => StationTests.UntilAsync(async () => condition(await GetAsync(unit)));

    private async Task<Guid> JoinAsync(Guid? id = null, IReadOnlyDictionary<string, string>? labels = null)
    {
        TokenCreated token = await Services.Tokens.CreateAsync(Admin, new TokenCreate(null, null, null, labels), null, default);
        StartupPacket packet = _station.Prove(SimulatedStation.Packet("unit-1", _key, id), token.Secret);
        await Services.Enrolment.AdmitAsync(packet, "peer", default);
        _station.Connect(packet.MemberId);
        await UntilAsync(packet.MemberId, unit => unit.State == UnitState.Ready);
        return packet.MemberId;
    }
}
