using VSan.Contracts.Api;
using VSan.Contracts.UnitLink;
using VSan.Station.Execution;
using VSan.Station.Store.InMemory;
using Xunit;

namespace VSan.Tests.ControlPlane.Execution;

/// <summary>Legs that no volume knows: never served, never deleted unless a person says so.</summary>
public sealed class OrphanTests : IAsyncLifetime, IDisposable
{
    private readonly CancellationTokenSource _ending = new();
    private readonly SimulatedStation _station = new(new InMemoryStore());
    private Task _running = Task.CompletedTask;
    private Guid _one;
    private Guid _two;

    private StationServices Services => _station.Services;

    public async Task InitializeAsync()
    {
        _running = Services.RunAsync(_ending.Token);
        _one = await _station.JoinAsync("one");
        _two = await _station.JoinAsync("two");
    }

    public async Task DisposeAsync()
    {
        await _ending.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _running);
    }

    public void Dispose() => _ending.Dispose();

    [Fact]
    public async Task Orphan_Found_IsListedWithAnAlarmAndTheUnitGoesOn()
    {
        FoundLeg leg = await StrandAsync(_one, Record(_one));
        Orphan orphan = Assert.Single(await ListAsync());
        Assert.Equal((leg.LegId, "one", "lost", true), (orphan.Id, orphan.UnitName, orphan.VolumeName, orphan.Adoptable));
        Alarm alarm = Assert.Single((await Services.Alarms.ListAsync(SimulatedStation.Admin, new ListQuery(), default)).Items);
        Assert.Equal(("leg.orphan", $"unit/{_one}"), (alarm.Kind, alarm.Subject));

        await MakeAsync("v", _one);
        Assert.Equal(["v"], _station.Served(_one)!.Legs.Select(served => served.VolumeName));
    }

    /// <summary>Negative control: whatever happens, nobody but a person begins a deletion.</summary>
    [Fact]
    public async Task Orphan_NobodyDecides_IsNeitherServedNorDeleted()
    {
        FoundLeg leg = await StrandAsync(_one, Record(_one));
        Volume volume = await MakeAsync("v", _one);
        Operation removed = await Services.Volumes.DeleteAsync(SimulatedStation.Admin, volume.Id, default);
        Assert.Equal(OperationState.Succeeded, (await Services.Operations.WaitAsync(removed.Id, TimeSpan.FromSeconds(60), default)).State);
        await ReconnectAsync(_one);
        Assert.Contains(_station.Found(_one), found => found.LegId == leg.LegId && found.Use == LegUse.Idle);
        Assert.DoesNotContain(_station.Served(_one)!.Legs, served => served.LegId == leg.LegId);
        Assert.Single(await ListAsync());
    }

    [Fact]
    public async Task Orphan_Deleted_IsKeptByADocumentFirstAndThenGone()
    {
        FoundLeg leg = await StrandAsync(_one, Record(_one));
        long before = _station.Served(_one)!.Generation;
        Orphan deleting = await Services.Orphans.DeleteAsync(SimulatedStation.Admin, leg.LegId, default);
        Assert.Equal(OrphanState.Deleting, deleting.State);
        await StationTests.UntilAsync(() => Task.FromResult(_station.Found(_one).All(found => found.LegId != leg.LegId)));
        await StationTests.UntilAsync(async () => (await ListAsync()).Count == 0);
        Assert.Equal(before + 2, _station.Served(_one)!.Generation);
        await ReconnectAsync(_one);
        Assert.Empty((await Services.Alarms.ListAsync(SimulatedStation.Admin, new ListQuery(), default)).Items);
        Assert.Contains((await Services.Audit.ListAsync(SimulatedStation.Admin, new AuditQuery(), default)).Items, line => line is { Action: "orphan.delete", Outcome: "granted" });
    }

    [Fact]
    public async Task Delete_LegThatAVolumeKnows_IsRefused()
    {
        Volume volume = await MakeAsync("v", _one);
        ProblemException refused = await Assert.ThrowsAsync<ProblemException>(() => Services.Orphans.DeleteAsync(SimulatedStation.Admin, volume.Legs[0].Id, default));
        Assert.Equal("orphan-known", refused.Code);
        Assert.Contains(_station.Served(_one)!.Legs, leg => leg.LegId == volume.Legs[0].Id);
    }

    [Fact]
    public async Task Delete_FileWithoutADescription_IsRefused()
    {
        FoundLeg leg = await StrandAsync(_one, null, isOurs: false);
        Assert.Equal("orphan-not-ours", (await Assert.ThrowsAsync<ProblemException>(() => Services.Orphans.DeleteAsync(SimulatedStation.Admin, leg.LegId, default))).Code);
        Assert.Equal("orphan-not-adoptable", (await Assert.ThrowsAsync<ProblemException>(() => AdoptAsync(leg))).Code);
    }

    [Fact]
    public async Task DryRun_OfADeletion_DeletesNothing()
    {
        FoundLeg leg = await StrandAsync(_one, Record(_one));
        long before = _station.Served(_one)!.Generation;
        await Assert.ThrowsAsync<DryRunException>(() => Services.Orphans.DeleteAsync(SimulatedStation.Admin with { IsDryRun = true }, leg.LegId, default));
        await ReconnectAsync(_one);
        Assert.Equal((before, OrphanState.Quarantined), (_station.Served(_one)!.Generation, Assert.Single(await ListAsync()).State));
    }

    [Fact]
    public async Task Delete_ByAnOperator_IsForbidden()
    {
        FoundLeg leg = await StrandAsync(_one, Record(_one));
        Assert.Equal("forbidden", (await Assert.ThrowsAsync<ProblemException>(() => Services.Orphans.DeleteAsync(Caller.Of("o", Role.Operator), leg.LegId, default))).Code);
    }

    [Fact]
    public async Task Adopt_AllLegsOfAMirror_ServesTheVolumeWithItsIdentities()
    {
        LegRecord first = Record(_one) with { Role = "copy", LegCount = 2, SizeBytes = (1L << 30) + (4L << 20) };
        first = first with { Volume = first.Volume with { Layout = "mirror-2" } };
        FoundLeg one = await StrandAsync(_one, first);
        Assert.Contains("1 are here", Assert.Single(await ListAsync()).Reason, StringComparison.Ordinal);
        Assert.Equal("orphan-not-adoptable", (await Assert.ThrowsAsync<ProblemException>(() => AdoptAsync(one))).Code);

        FoundLeg two = await StrandAsync(_two, first with { UnitId = _two, StoreId = SimulatedStation.StoreOf(_two), LegId = Guid.CreateVersion7(), Index = 1 });
        Volume volume = await AdoptAsync(two);
        Assert.Equal((first.Volume.VolumeId, "lost", "mirror-2", 1L << 30), (volume.Id, volume.Name, volume.Layout, volume.SizeBytes));
        Assert.Equal([one.LegId, two.LegId], volume.Legs.Select(leg => leg.Id));
        await StationTests.UntilAsync(() => Task.FromResult(_station.Served(_one)!.Legs.Any(leg => leg.LegId == one.LegId) && _station.Served(_two)!.Legs.Any(leg => leg.LegId == two.LegId)));
        await StationTests.UntilAsync(async () => (await ListAsync()).Count == 0);
        Assert.Equal(2 * first.SizeBytes, (await Services.Pool.GetAsync(SimulatedStation.Admin, default)).PromisedBytes);
    }

    [Fact]
    public async Task Adopt_NameIsTaken_IsRefusedWithTheNextActionAndWorksUnderAnother()
    {
        await MakeAsync("lost", _two);
        FoundLeg leg = await StrandAsync(_one, Record(_one));
        ProblemException taken = await Assert.ThrowsAsync<ProblemException>(() => AdoptAsync(leg));
        Assert.Equal("name-taken", taken.Code);
        Assert.Contains("--name", taken.NextAction, StringComparison.Ordinal);
        Assert.Equal("found", (await Services.Orphans.AdoptAsync(SimulatedStation.Admin, leg.LegId, new OrphanAdopt("found", null), default)).Name);
    }

    [Fact]
    public async Task Adopt_VolumeIsThereWithoutIt_IsRefused()
    {
        Volume volume = await MakeAsync("v", _two);
        LegRecord record = Record(_one);
        FoundLeg leg = await StrandAsync(_one, record with { Volume = record.Volume with { VolumeId = volume.Id } });
        Assert.Contains("old", (await Assert.ThrowsAsync<ProblemException>(() => AdoptAsync(leg))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("signature")]
    [InlineData("signer")]
    [InlineData("place")]
    public async Task Adopt_RecordIsNotToBeBelieved_IsRefused(string what)
    {
        LegRecord record = Record(_one);
        FoundLeg leg = Found(_one, what == "place" ? record with { UnitId = _two } : record);
        SignedLegRecord signed = leg.Record!;
        leg = leg with
        {
            Record = what switch
            {
                "signature" => signed with { Text = signed.Text.Replace("lost", "mine", StringComparison.Ordinal) },
                "signer" => signed with { Signer = $"sha256:{new string('b', 64)}" },
                _ => signed,
            },
        };
        await StrandAsync(_one, leg);
        Assert.False(Assert.Single(await ListAsync()).Adoptable);
        Assert.Equal("orphan-not-adoptable", (await Assert.ThrowsAsync<ProblemException>(() => AdoptAsync(leg))).Code);
    }

    [Fact]
    public async Task Push_EachLeg_CarriesASignedRecordThatSaysAllOfIt()
    {
        Host host = await Services.Hosts.CreateAsync(SimulatedStation.Admin, new HostCreate("db", "iqn.2026-11.test:db"), null, default);
        Volume volume = await MakeAsync("v", _one, host.Id);
        FoundLeg found = Assert.Single(_station.Found(_one));
        Assert.Null(LegRecords.Read(_one, found, _station, former: null, out LegRecord? record));
        Assert.Equal(
            (volume.Id, "v", "default", "admin", "single", 1L << 30, "whole", 0, 1, volume.Legs[0].Naa),
            (record!.Volume.VolumeId, record.Volume.Name, record.Volume.Project, record.Volume.Owner, record.Volume.Layout, record.Volume.SizeBytes, record.Role, record.Index, record.LegCount, record.Naa));
        Assert.Equal(("db", "iqn.2026-11.test:db", 0), (record.Access[0].HostName, record.Access[0].InitiatorName, record.Access[0].Lun));
        Assert.DoesNotContain(_station.Secrets(_one).Values, secret => found.Record!.Text.Contains(secret, StringComparison.Ordinal));
        Assert.True(_station.LockEpoch(_one) > 0);
    }

    /// <summary>What lies beside a leg of a volume that the station has lost.</summary>
    internal static LegRecord Record(Guid unitId)
    {
        Guid leg = Guid.CreateVersion7();
        VolumeRecord volume = new(Guid.CreateVersion7(), 2, "lost", "default", "admin", "single", 1L << 30, 512, true, SimulatedStation.SnapshotTime);
        return new LegRecord(LegRecord.FormatPresent, unitId, SimulatedStation.StoreOf(unitId), leg, volume, "whole", 0, 1, 1L << 30, VSan.Station.Domain.Naa.Of(leg), leg.ToString("N"), [], new Dictionary<string, string>());
    }

    private FoundLeg Found(Guid unitId, LegRecord? record, bool isOurs = true) => new(
        SimulatedStation.StoreOf(unitId), record?.LegId ?? Guid.CreateVersion7(), LegUse.Idle, 1L << 30, 1L << 20, isOurs, record is null ? null : LegRecords.Sign(record, _station));

    private Task<FoundLeg> StrandAsync(Guid unitId, LegRecord? record, bool isOurs = true) => StrandAsync(unitId, Found(unitId, record, isOurs));

    private async Task<FoundLeg> StrandAsync(Guid unitId, FoundLeg leg)
    {
        _station.Strand(unitId, leg);
        await ReconnectAsync(unitId);
        await StationTests.UntilAsync(async () => (await ListAsync()).Any(orphan => orphan.Id == leg.LegId));
        return leg;
    }

    // The unit is asked what it has when it connects; it has been when the reconciler found it in step again.
    private async Task ReconnectAsync(Guid unitId)
    {
        string name = unitId == _one ? "one" : "two";
        _station.Cut(unitId);
        _station.Connect(unitId);
        _station.Report(unitId);
        await StationTests.UntilAsync(async () => (await Services.Plan.ListAsync(SimulatedStation.Admin, new ListQuery(Name: name), withDocument: false, default)).Items[0].State == PlanState.InStep);
    }

    private Task<Volume> AdoptAsync(FoundLeg leg) => Services.Orphans.AdoptAsync(SimulatedStation.Admin, leg.LegId, new OrphanAdopt(null, null), default);

    private async Task<IReadOnlyList<Orphan>> ListAsync() => (await Services.Orphans.ListAsync(SimulatedStation.Admin, new ListQuery(), default)).Items;

    private async Task<Volume> MakeAsync(string name, Guid unitId, Guid? hostId = null)
    {
        VolumeAccepted made = await Services.Volumes.CreateAsync(SimulatedStation.Admin, new VolumeCreate(name, 1 << 30, null, null, hostId, unitId), null, default);
        Assert.Equal(OperationState.Succeeded, (await Services.Operations.WaitAsync(made.Operation.Id, TimeSpan.FromSeconds(60), default)).State);
        return await Services.Volumes.GetAsync(SimulatedStation.Admin, made.Volume.Id, default);
    }
}
