using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using VSan.Contracts.Api;
using VSan.Contracts.Enrolment;
using VSan.Contracts.UnitLink;
using VSan.Station.Execution;
using VSan.Station.Store.InMemory;
using Xunit;

namespace VSan.Tests.ControlPlane.Execution;

/// <summary>A station that has lost its memory, and units that have not (I8).</summary>
public sealed class ImportTests : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource _ending = new();
    private readonly Dictionary<Guid, ECDsa> _keys = [];
    private readonly Dictionary<Guid, string> _names = [];
    private readonly SimulatedStation _first = new(new InMemoryStore());
    private SimulatedStation _second = null!;
    private Task[] _running = [];
    private Volume[] _before = [];

    public async Task InitializeAsync()
    {
        Task firstRuns = _first.Services.RunAsync(_ending.Token);
        foreach (string name in (string[])["one", "two", "three"])
        {
            Guid id = Guid.NewGuid();
            (_keys[id], _names[id]) = (ECDsa.Create(ECCurve.NamedCurves.nistP256), name);
            await JoinAsync(_first, id);
        }

        foreach (Guid id in _keys.Keys) await StationTests.UntilAsync(async () => (await _first.Services.Units.GetAsync(SimulatedStation.Admin, id, default)).State == UnitState.Ready);
        Host db = await _first.Services.Hosts.CreateAsync(SimulatedStation.Admin, new HostCreate("db", "iqn.2026-11.test:db"), null, default);
        Host web = await _first.Services.Hosts.CreateAsync(SimulatedStation.Admin, new HostCreate("web", "iqn.2026-11.test:web"), null, default);
        await _first.Services.Projects.CreateAsync(SimulatedStation.Admin, new ProjectCreate("shop", null, null), null, default);
        await MakeAsync("plain", "single", db.Id, "shop");
        await MakeAsync("both", "mirror-2", web.Id);
        await MakeAsync("wide", "stripe-3", db.Id);
        await MakeAsync("long", "concat", null);
        Volume plain = await VolumeAsync(_first, "plain");
        SnapshotsAccepted taken = await _first.Services.Snapshots.CreateAsync(SimulatedStation.Admin, new SnapshotGroupCreate("monday", [plain.Id]), null, default);
        Assert.Equal(OperationState.Succeeded, (await _first.Services.Operations.WaitAsync(taken.Operation.Id, Deadline, default)).State);
        _before = [.. await VolumesAsync(_first)];
        _second = new SimulatedStation(new InMemoryStore(), before: _first);
        _running = [firstRuns, _second.Services.RunAsync(_ending.Token)];
    }

    public async Task DisposeAsync()
    {
        await _ending.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(_running));
    }

    public void Dispose()
    {
        _ending.Dispose();
        foreach (ECDsa key in _keys.Values) key.Dispose();
    }

    [Fact]
    public async Task Import_EmptyStation_HasTheSameVolumesNamesHostsAndNumbers()
    {
        await JoinAheadAsync();
        Dictionary<Guid, UnitConfiguration> served = _keys.Keys.ToDictionary(id => id, id => _second.Served(id)!);
        ImportReport report = await _second.Services.Import.ImportAsync(SimulatedStation.Admin, new ImportRequest(null, null), default);
        Assert.Empty(report.Notes);
        Assert.Equal(["both", "long", "plain", "wide"], report.Volumes.Order());
        Assert.Equal(["db", "web"], report.Hosts.Order());
        Assert.Equal((3, 1), (report.Mappings, report.Snapshots));

        foreach (Volume was in _before)
        {
            Volume now = await VolumeAsync(_second, was.Name);
            Assert.Equal((was.Id, was.SizeBytes, was.Layout, was.ProjectName, was.Owner, was.BlockSizeBytes), (now.Id, now.SizeBytes, now.Layout, now.ProjectName, now.Owner, now.BlockSizeBytes));
            Assert.Equal(was.Legs.Select(leg => (leg.Id, leg.Index, leg.UnitName, leg.Naa)), now.Legs.Select(leg => (leg.Id, leg.Index, leg.UnitName, leg.Naa)));
            Assert.Equal(was.Mappings.SelectMany(Numbers), now.Mappings.SelectMany(Numbers));
        }

        foreach (Guid id in _keys.Keys)
        {
            await StationTests.UntilAsync(() => Task.FromResult(_second.Served(id)!.Generation > served[id].Generation));
            Assert.Equal(served[id].Legs.OrderBy(leg => leg.LegId), _second.Served(id)!.Legs.OrderBy(leg => leg.LegId));
            Assert.Equal(served[id].Snapshots, _second.Served(id)!.Snapshots);
            Assert.Equal(Luns(served[id]), Luns(_second.Served(id)!));
        }

        Assert.Equal((await _first.Services.Pool.GetAsync(SimulatedStation.Admin, default)).PromisedBytes, (await _second.Services.Pool.GetAsync(SimulatedStation.Admin, default)).PromisedBytes);
        ImportReport again = await _second.Services.Import.ImportAsync(SimulatedStation.Admin, new ImportRequest(null, null), default);
        Assert.Empty(again.Volumes);
        Assert.Empty(again.Notes);
    }

    [Fact]
    public async Task Import_DryRun_ChangesNothing()
    {
        await JoinAheadAsync();
        UnitConfiguration[] served = [.. _keys.Keys.Select(id => _second.Served(id)!)];
        ImportReport trial = await _second.Services.Import.ImportAsync(SimulatedStation.Admin, new ImportRequest(null, true), default);
        Assert.Equal((true, 4), (trial.DryRun, trial.Volumes.Count));
        Assert.Empty(await VolumesAsync(_second));
        Assert.Equal(served, _keys.Keys.Select(id => _second.Served(id)!));
    }

    /// <summary>Negative control: what another station signed is not taken over, and its unit is left alone.</summary>
    [Fact]
    public async Task Import_RecordsOfAnotherKey_AreSetAsideAndNothingIsSent()
    {
        await JoinAheadAsync();
        _second.SigningKey = 2;
        UnitConfiguration[] served = [.. _keys.Keys.Select(id => _second.Served(id)!)];
        ImportReport report = await _second.Services.Import.ImportAsync(SimulatedStation.Admin, new ImportRequest(null, null), default);
        Assert.Empty(report.Volumes);
        Assert.NotEmpty(report.Notes);
        Assert.All(report.Notes, note => Assert.Contains("signature is wrong", note, StringComparison.Ordinal));
        foreach (Guid id in _keys.Keys) await UntilAheadAsync(id);
        Assert.Equal(served, _keys.Keys.Select(id => _second.Served(id)!));
    }

    [Fact]
    public async Task Import_OneUnitIsAway_MakesTheVolumesThatAreWholeAndSaysWhatIsMissing()
    {
        await JoinAheadAsync();
        Volume plain = _before.First(volume => volume.Name == "plain");
        Guid away = _keys.Keys.First(id => id != plain.Legs[0].UnitId);
        _second.Cut(away);
        ImportReport report = await _second.Services.Import.ImportAsync(SimulatedStation.Admin, new ImportRequest(null, null), default);
        Assert.Contains("plain", report.Volumes);
        Assert.DoesNotContain("wide", report.Volumes);
        Assert.Contains(report.Notes, note => note.Contains("2 are here", StringComparison.Ordinal) || note.Contains("wide", StringComparison.Ordinal));
        Assert.Contains(report.Notes, note => note.StartsWith(_names[away], StringComparison.Ordinal));

        _second.Connect(away);
        ImportReport rest = await _second.Services.Import.ImportAsync(SimulatedStation.Admin, new ImportRequest(null, null), default);
        Assert.Contains("wide", rest.Volumes);
        Assert.Equal(_before.Length, (await VolumesAsync(_second)).Count);
    }

    [Fact]
    public async Task Import_ByAStorageAdmin_IsForbidden() => Assert.Equal(
        "forbidden",
        (await Assert.ThrowsAsync<ProblemException>(() => _second.Services.Import.ImportAsync(Caller.Of("s", Role.StorageAdmin), new ImportRequest(null, true), default))).Code);

    [Fact]
    public void Read_RecordOfAFormerStation_IsBelievedWithItsCertificateAlone()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 former = new CertificateRequest("CN=lost", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
        Guid unit = _before[0].Legs[0].UnitId;
        FoundLeg found = _first.Found(unit).First(leg => leg.Use == LegUse.Wanted);
        byte[] content = System.Text.Encoding.UTF8.GetBytes("vsan-leg-record/1\n" + found.Record!.Text);
        found = found with { Record = found.Record with { Signer = CaFingerprint.Of(former).Text, Signature = Convert.ToBase64String(key.SignData(content, HashAlgorithmName.SHA256)) } };
        Assert.Null(LegRecords.Read(unit, found, _first, former, out LegRecord? record));
        Assert.Equal(found.LegId, record!.LegId);
        Assert.Contains("another station", LegRecords.Read(unit, found, _first, former: null, out _), StringComparison.Ordinal);
        FoundLeg changed = found with { Record = found.Record with { Text = found.Record.Text + " " } };
        Assert.Contains("wrong", LegRecords.Read(unit, changed, _first, former, out _), StringComparison.Ordinal);
    }

    private static IEnumerable<string> Numbers(Mapping mapping) => mapping.Legs.Select(leg => $"{mapping.Id} {mapping.HostName} {leg.LegId} {leg.Lun} {mapping.ReadOnly}");

    private static string[] Luns(UnitConfiguration configuration) =>
        [.. configuration.Targets[0].Access.SelectMany(access => access.Luns.Select(lun => $"{access.InitiatorName} {lun.Lun} {lun.LegId}")).Order(StringComparer.Ordinal)];

    private static async Task<IReadOnlyList<Volume>> VolumesAsync(SimulatedStation station) => (await station.Services.Volumes.ListAsync(SimulatedStation.Admin, new ListQuery(), default)).Items;

    private static async Task<Volume> VolumeAsync(SimulatedStation station, string name) =>
        Assert.Single((await station.Services.Volumes.ListAsync(SimulatedStation.Admin, new ListQuery(Name: name), default)).Items);

    private async Task MakeAsync(string name, string layout, Guid? hostId, string? project = null)
    {
        VolumeAccepted made = await _first.Services.Volumes.CreateAsync(
            SimulatedStation.Admin, new VolumeCreate(name, 3L << 30, null, null, hostId, null) { Layout = layout, Project = project }, null, default);
        Assert.Equal(OperationState.Succeeded, (await _first.Services.Operations.WaitAsync(made.Operation.Id, Deadline, default)).State);
    }

    private async Task JoinAsync(SimulatedStation station, Guid id)
    {
        TokenCreated token = await station.Services.Tokens.CreateAsync(SimulatedStation.Admin, new TokenCreate(null, null, null), null, default);
        await station.Services.Enrolment.AdmitAsync(station.Prove(SimulatedStation.Packet(_names[id], _keys[id], id), token.Secret), "peer", default);
        station.Connect(id);
    }

    private async Task JoinAheadAsync()
    {
        foreach (Guid id in _keys.Keys)
        {
            await JoinAsync(_second, id);
            await UntilAheadAsync(id);
        }
    }

    private Task UntilAheadAsync(Guid id) => StationTests.UntilAsync(
        async () => (await _second.Services.Plan.ListAsync(SimulatedStation.Admin, new ListQuery(Name: _names[id]), withDocument: false, default)).Items is [{ State: PlanState.Ahead }]);
}
