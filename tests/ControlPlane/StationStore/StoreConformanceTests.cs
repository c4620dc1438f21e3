using Microsoft.Data.Sqlite;
using VSan.Station.Domain;
using VSan.Station.Execution;
using VSan.Station.Store.InMemory;
using VSan.Station.Store.Sqlite;
using Xunit;

namespace VSan.Tests.ControlPlane.StationStore;

/// <summary>What every store must do; each subclass opens one.</summary>
public abstract partial class StoreConformanceTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private IStationStore _store = null!;

    protected abstract IStationStore Open();

    public Task InitializeAsync()
    {
        _store = Open();
        return Task.CompletedTask;
    }

    public virtual async Task DisposeAsync() => await _store.DisposeAsync();

    [Fact]
    public async Task Insert_EveryKindOfRecord_ReadsBackEqual()
    {
        Operation operation = SampleOperation();
        Token token = new(Guid.NewGuid(), "abcd", [1, 2, 3], true, 2, 1, Now, Now.AddHours(1), "admin");
        VSan.Station.Domain.Unit unit = SampleUnit("unit-1") with { Services = [new ServiceOffer("storage.file", "rclone", null, "10.0.0.1", 4000, 16)] };
        await Write(tx => (tx.Table<VSan.Station.Domain.Unit>().Insert(unit), tx.Table<Token>().Insert(token), tx.Table<Operation>().Insert(operation)));

        VSan.Station.Domain.Unit readUnit = (await Read(tx => tx.Table<VSan.Station.Domain.Unit>().Find(unit.Id)))!;
        Assert.Equal(unit.Portals, readUnit.Portals);
        Assert.Equal(unit.Labels, readUnit.Labels);
        Assert.Equal(unit.Services, readUnit.Services);
        Assert.Equal(unit, readUnit with { Portals = unit.Portals, Addresses = unit.Addresses, Labels = unit.Labels, Services = unit.Services });
        DiskClaim claim = new(Guid.NewGuid(), unit.Id, "wwn-1", "model", 1 << 30, "admin", Now);
        ClaimRule rule = new(Guid.NewGuid(), "flash", "Nvme", null, 1 << 30, null, new Dictionary<string, string> { ["rack"] = "r1" }, "admin", Now);
        await Write(tx => (tx.Table<DiskClaim>().Insert(claim), tx.Table<ClaimRule>().Insert(rule)));
        Assert.Equal([claim], await Read(tx => tx.Table<DiskClaim>().Where(Lookups.ClaimUnit, unit.Id.ToString())));
        ClaimRule readRule = (await Read(tx => tx.Table<ClaimRule>().Where(Lookups.ClaimRuleName, "flash")))[0];
        Assert.Equal(rule.Labels, readRule.Labels);
        Assert.Equal(rule, readRule with { Labels = rule.Labels });
        UnitTombstone grave = new(Guid.NewGuid(), "unit-2", "key", 7, Now);
        LegTombstone legGrave = new(Guid.NewGuid(), grave.Id, Guid.NewGuid(), "v", 1 << 20, Now);
        await Write(tx => (tx.Table<UnitTombstone>().Insert(grave), tx.Table<LegTombstone>().Insert(legGrave)));
        Assert.Equal(grave, await Read(tx => tx.Table<UnitTombstone>().Find(grave.Id)));
        Assert.Equal([legGrave], await Read(tx => tx.Table<LegTombstone>().Where(Lookups.LegTombstoneUnit, grave.Id.ToString())));
        Assert.Equal(token.ProofKey, (await Read(tx => tx.Table<Token>().Where(Lookups.TokenCode, "abcd")))[0].ProofKey);
        Operation readOperation = (await Read(tx => tx.Table<Operation>().Find(operation.Id)))!;
        Assert.Equal(operation.Steps, readOperation.Steps);
        Assert.Equal(operation.Locks, readOperation.Locks);
        Assert.Equal(operation, readOperation with { Steps = operation.Steps, Locks = operation.Locks });
    }

    [Fact]
    public async Task Share_WithABinding_ReadsBackEqual_AndItsNameIsTaken()
    {
        VSan.Station.Domain.Unit unit = SampleUnit("unit-1");
        VSan.Station.Domain.Store store = new(Guid.NewGuid(), unit.Id, "s", 10, 5, 1);
        Share share = new(Guid.NewGuid(), Guid.NewGuid(), "f", 1 << 20, unit.Id, store.Id, 4000, "admin", ShareState.Ready, Now) { Certificate = "PEM" };
        ShareBinding binding = new(Guid.NewGuid(), share.Id, null, "ann", "share-1", "{SHA}x", ShareBindingState.Active, Now);
        await Write(tx => (tx.Table<VSan.Station.Domain.Unit>().Insert(unit), tx.Table<VSan.Station.Domain.Store>().Insert(store)));
        await Write(tx => tx.Table<Share>().Insert(share));
        await Write(tx => tx.Table<ShareBinding>().Insert(binding));
        Assert.Equal([share], await Read(tx => tx.Table<Share>().Where(Lookups.ShareUnit, unit.Id.ToString())));
        Assert.Equal([share], await Read(tx => tx.Table<Share>().Where(Lookups.ShareProject, share.ProjectId.ToString())));
        Assert.Equal([binding], await Read(tx => tx.Table<ShareBinding>().Where(Lookups.ShareBindingShare, share.Id.ToString())));
        Assert.Empty(await Read(tx => tx.Table<ShareBinding>().Where(Lookups.ShareBindingHost, Guid.NewGuid().ToString())));
        await Assert.ThrowsAsync<StoreConflictException>(() => Write(tx => tx.Table<Share>().Insert(share with { Id = Guid.NewGuid(), Port = 4001 })));
    }

    [Fact]
    public async Task Post_ReadsBackEqual_AndIsFoundByAuthorAndAudience()
    {
        Posting open = new(Guid.NewGuid(), "ann", new Audience("user:bob"), true, "text", "volume/1", "v", Now);
        Posting done = new Posting(Guid.NewGuid(), "bob", new Audience("everyone"), false, "", null, null, Now) with { DoneBy = "eve", DoneAt = Now };
        await Write(tx => (tx.Table<Posting>().Insert(open), tx.Table<Posting>().Insert(done)));
        Assert.Equal([open], await Read(tx => tx.Table<Posting>().Where(Lookups.PostAudience, "user:bob")));
        Assert.Equal([done], await Read(tx => tx.Table<Posting>().Where(Lookups.PostAuthor, "bob")));
    }

    [Fact]
    public async Task Volume_WithLegsAndAMapping_ReadsBackEqual()
    {
        VSan.Station.Domain.Unit unit = SampleUnit("unit-1");
        VSan.Station.Domain.Store store = new(Guid.NewGuid(), unit.Id, "s", 10, 5, 1) { Media = "ssd" };
        Host host = new(Guid.NewGuid(), "h", "iqn.h", Now);
        Volume volume = SampleVolume("v") with { Limits = new VolumeLimits(100, null, 2), PolicyId = Guid.NewGuid() };
        Leg leg = new(Guid.NewGuid(), volume.Id, unit.Id, store.Id, 1, LegRole.Copy, 1);
        Mapping mapping = new(Guid.NewGuid(), volume.Id, host.Id, true, MappingState.Active);
        MappedLeg mapped = new(Guid.NewGuid(), mapping.Id, leg.Id, host.Id, unit.Id, 3);
        Project project = new(Guid.NewGuid(), "p", 1, 2, Now);
        await Write(tx => (
            tx.Table<VSan.Station.Domain.Unit>().Insert(unit with { Weight = 7 }), tx.Table<VSan.Station.Domain.Store>().Insert(store), tx.Table<Host>().Insert(host),
            tx.Table<Project>().Insert(project), tx.Table<Volume>().Insert(volume)));
        await Write(tx => (tx.Table<Leg>().Insert(leg), tx.Table<Mapping>().Insert(mapping)));
        await Write(tx => tx.Table<MappedLeg>().Insert(mapped));
        Assert.Equal(7, (await Read(tx => tx.Table<VSan.Station.Domain.Unit>().Find(unit.Id)))!.Weight);
        Assert.Equal(store, await Read(tx => tx.Table<VSan.Station.Domain.Store>().Find(store.Id)));
        Assert.Equal(project, Assert.Single(await Read(tx => tx.Table<Project>().Where(Lookups.ProjectName, "p"))));
        Assert.Equal(volume, Assert.Single(await Read(tx => tx.Table<Volume>().Where(Lookups.VolumeKey, volume.Key))));
        Assert.Equal(leg, Assert.Single(await Read(tx => tx.Table<Leg>().Where(Lookups.LegUnit, unit.Id.ToString()))));
        Assert.Equal(mapping, Assert.Single(await Read(tx => tx.Table<Mapping>().Where(Lookups.MappingHost, host.Id.ToString()))));
        Assert.Equal(mapped, Assert.Single(await Read(tx => tx.Table<MappedLeg>().Where(Lookups.MappedLegMapping, mapping.Id.ToString()))));
    }

    [Fact]
    public async Task Sum_OfVolumesOfEachLayout_IsWhatTheyAreEachPromisedAndNoOtherProjects()
    {
        string[] layouts = ["single", "mirror-2", "mirror-3", "stripe-2", "stripe-16", "concat"];
        Guid project = Guid.NewGuid();
        Volume[] mine = [.. layouts.Select((layout, index) => SampleVolume(layout) with { ProjectId = project, Layout = VolumeLayout.Parse(layout)!, SizeBytes = (index + 1L) << 44 })];
        mine[0] = mine[0] with { State = VolumeState.Trashed, PurgeAt = Now };
        Volume other = SampleVolume("other") with { ProjectId = Guid.NewGuid(), Layout = VolumeLayout.Parse("mirror-3")! };
        await Write(tx => mine.Append(other).Select(volume => tx.Table<Volume>().Insert(volume)).ToArray());
        foreach (Volume volume in mine.Append(other))
            Assert.Equal(volume.PromisedBytes, (await Read(tx => tx.Table<Volume>().SumWhere(new Lookup<Volume>("id", one => one.Id.ToString()), volume.Id.ToString(), Measures.VolumePromise))));
        Assert.Equal(mine.Sum(volume => volume.PromisedBytes), await SumAsync(project));

        await Write(tx => tx.Table<Volume>().Update(mine[1] with { SizeBytes = 1 << 20 }));
        Assert.Equal(mine.Sum(volume => volume.PromisedBytes) - (2 * ((2L << 44) - (1 << 20))), await SumAsync(project));
        Assert.Equal(0, await SumAsync(Guid.NewGuid()));

        Task<long> SumAsync(Guid projectId) => Read(tx => tx.Table<Volume>().SumWhere(Lookups.VolumeProject, projectId.ToString(), Measures.VolumePromise));
    }

    [Fact]
    public async Task PoolSettings_AreOneRecord()
    {
        PoolSettings settings = await Write(tx => tx.Table<PoolSettings>().Insert(PoolSettings.Default));
        Assert.Equal(settings, await Read(tx => tx.Table<PoolSettings>().Find(PoolSettings.OnlyId)));
        await Assert.ThrowsAsync<StoreConflictException>(() => Write(tx => tx.Table<PoolSettings>().Insert(PoolSettings.Default)));
        PoolSettings changed = await Write(tx => tx.Table<PoolSettings>().Update(settings with { TrashDelay = TimeSpan.FromDays(3) }));
        Assert.Equal(changed, Assert.Single(await Read(tx => tx.Table<PoolSettings>().Page(null, 9))));
    }

    [Fact]
    public async Task VolumeName_InTheSameProject_IsTakenUntilItsVolumeIsInTheTrash()
    {
        Volume first = await Write(tx => tx.Table<Volume>().Insert(SampleVolume("v")));
        await Assert.ThrowsAsync<StoreConflictException>(() => Write(tx => tx.Table<Volume>().Insert(SampleVolume("v"))));
        await Write(tx => tx.Table<Volume>().Insert(SampleVolume("v") with { ProjectId = Guid.NewGuid() }));
        await Write(tx => tx.Table<Volume>().Update(first with { State = VolumeState.Trashed, PurgeAt = Now }));
        await Write(tx => tx.Table<Volume>().Insert(SampleVolume("v")));
        Assert.Equal(2, await Read(tx => tx.Table<Volume>().CountWhere(Lookups.VolumeName, "v")));
    }

    [Fact]
    public async Task Insert_SnapshotAndClone_ReadBackEqual()
    {
        VSan.Station.Domain.Unit unit = SampleUnit("unit-1");
        Store store = new(Guid.NewGuid(), unit.Id, "store", 1 << 30, 1 << 30, 0);
        Volume volume = SampleVolume("v");
        Snapshot snapshot = new(Guid.NewGuid(), volume.Id, Guid.NewGuid(), "s", SnapshotState.Ready, null, Now, Now.AddSeconds(1));
        SnapshotLeg copy = new(Guid.NewGuid(), snapshot.Id, Guid.NewGuid(), unit.Id, store.Id, 1 << 20, 4096);
        Leg clone = new(Guid.NewGuid(), volume.Id, unit.Id, store.Id, 0, LegRole.Whole, 1 << 20) { OriginId = copy.Id };
        await Write(tx => (tx.Table<VSan.Station.Domain.Unit>().Insert(unit), tx.Table<Store>().Insert(store), tx.Table<Volume>().Insert(volume)));
        await Write(tx => (tx.Table<Snapshot>().Insert(snapshot), tx.Table<SnapshotLeg>().Insert(copy), tx.Table<Leg>().Insert(clone)));
        Assert.Equal([snapshot], await Read(tx => tx.Table<Snapshot>().Where(Lookups.SnapshotVolume, volume.Id.ToString())));
        Assert.Equal([snapshot], await Read(tx => tx.Table<Snapshot>().Where(Lookups.SnapshotGroup, snapshot.GroupId.ToString())));
        Assert.Equal([copy], await Read(tx => tx.Table<SnapshotLeg>().Where(Lookups.SnapshotLegUnit, unit.Id.ToString())));
        Assert.Equal(clone, await Read(tx => tx.Table<Leg>().Find(clone.Id)));
    }

    [Fact]
    public async Task Update_OlderGeneration_IsRefusedAndChangesNothing()
    {
        Host host = await Write(tx => tx.Table<Host>().Insert(new Host(Guid.NewGuid(), "h", "iqn.h", Now)));
        Host second = await Write(tx => tx.Table<Host>().Update(host with { Name = "second" }));
        Assert.Equal(2, second.Generation);
        await Assert.ThrowsAsync<StoreConflictException>(() => Write(tx => tx.Table<Host>().Update(host with { Name = "late" })));
        Assert.Equal("second", (await Read(tx => tx.Table<Host>().Find(host.Id)))!.Name);
    }

    [Fact]
    public async Task Insert_UniqueKeyTaken_IsRefused()
    {
        await Write(tx => tx.Table<Host>().Insert(new Host(Guid.NewGuid(), "h", "iqn.h", Now)));
        await Assert.ThrowsAsync<StoreConflictException>(() => Write(tx => tx.Table<Host>().Insert(new Host(Guid.NewGuid(), "h", "iqn.other", Now))));
        Assert.Equal(1, await Read(tx => tx.Table<Host>().Count));
    }

    [Fact]
    public async Task Write_DelegateThrows_ChangesNothing()
    {
        await Assert.ThrowsAsync<InvalidDataException>(() => Write<bool>(tx =>
        {
            tx.Table<Host>().Insert(new Host(Guid.NewGuid(), "h", "iqn.h", Now));
            tx.AppendEvent(Now, "k", "s", "m");
            throw new InvalidDataException("on purpose");
        }));
        Assert.Equal(0, await Read(tx => tx.Table<Host>().Count));
        Assert.Empty(await Read(tx => tx.LastEvents(10)));
    }

    [Fact]
    public async Task Read_ThatChanges_IsRefused()
    {
        await Assert.ThrowsAnyAsync<InvalidOperationException>(() => Read(tx => tx.Table<Host>().Insert(new Host(Guid.NewGuid(), "h", "iqn.h", Now))));
        Assert.Equal(0, await Read(tx => tx.Table<Host>().Count));
    }

    [Fact]
    public async Task Page_BothWays_WalksAllInOrder()
    {
        Guid[] ids = [.. Enumerable.Range(0, 5).Select(index => Guid.CreateVersion7(Now.AddSeconds(index)))];
        await Write(tx => ids.Reverse().Select((id, index) => tx.Table<Host>().Insert(new Host(id, $"h{index}", $"iqn.h{index}", Now))).ToArray());
        Assert.Equal(ids[..2], (await Read(tx => tx.Table<Host>().Page(null, 2))).Select(host => host.Id));
        Assert.Equal(ids[2..], (await Read(tx => tx.Table<Host>().Page(ids[1], 9))).Select(host => host.Id));
        Assert.Equal([ids[4], ids[3]], (await Read(tx => tx.Table<Host>().Page(null, 2, newestFirst: true))).Select(host => host.Id));
        Assert.Equal([ids[0]], (await Read(tx => tx.Table<Host>().Page(ids[1], 9, newestFirst: true))).Select(host => host.Id));
    }

    [Fact]
    public async Task Events_Appended_CountUpAndResume()
    {
        await Write(tx => Enumerable.Range(1, 5).Select(index => tx.AppendEvent(Now, "k", "s", $"m{index}")).ToArray());
        Assert.Equal(["m4", "m5"], (await Read(tx => tx.EventsAfter(3, 10))).Select(record => record.Message));
        Assert.Equal(["m4", "m5"], (await Read(tx => tx.LastEvents(2))).Select(record => record.Message));
    }

    [Fact]
    public async Task Audit_Appended_IsChained()
    {
        await Write(tx => Enumerable.Range(1, 3).Select(index => tx.AppendAudit(Now, "admin", "a", $"s{index}", "granted")).ToArray());
        IReadOnlyList<AuditRecord> lines = await Read(tx => tx.AuditAfter(0, 10));
        Assert.Equal([1, 2, 3], lines.Select(line => line.Number));
        Assert.Equal(lines[2].Hash, AuditChain.After(lines[1], Now, "admin", "a", "s3", "granted").Hash);
        Assert.Equal(lines[2].Hash, (await AuditChain.VerifyAsync(_store, (2, lines[1].Hash), default)).LastHash);
    }

    [Fact]
    public async Task AuditLines_Filters_AreKeptAllAtOnceAndNewestIsFirst()
    {
        await Write(tx => Enumerable.Range(1, 6).Select(index => tx.AppendAudit(
            Now.AddMinutes(index), index % 2 == 0 ? "even" : "odd", index < 4 ? "early" : "late", $"s{index}", index == 5 ? "forbidden" : "granted")).ToArray());

        async Task<long[]> Numbers(AuditQuery query) => [.. (await Read(tx => tx.AuditLines(query))).Select(line => line.Number)];
        Assert.Equal((long[])[6, 5, 4], await Numbers(new AuditQuery(Limit: 3)));
        Assert.Equal((long[])[3, 2, 1], await Numbers(new AuditQuery(Before: 4)));
        Assert.Equal((long[])[5, 3], await Numbers(new AuditQuery(Limit: 2, Who: "odd")));
        Assert.Equal((long[])[5], await Numbers(new AuditQuery(Who: "odd", Action: "late")));
        Assert.Equal((long[])[5], await Numbers(new AuditQuery(Outcome: "forbidden")));
        Assert.Equal((long[])[2], await Numbers(new AuditQuery(Subject: "s2")));
        Assert.Equal((long[])[3, 2], await Numbers(new AuditQuery(Since: Now.AddMinutes(2), Until: Now.AddMinutes(4))));
    }

    [Fact]
    public async Task People_TheirSessionsAndTokens_ReadBackEqual()
    {
        Binding[] bindings = [new(VSan.Contracts.Api.Role.StorageAdmin, Scope.Parse("project:web", "/scope")), new(VSan.Contracts.Api.Role.Viewer, Scope.All)];
        Person person = new(Guid.NewGuid(), "p", bindings, "hash", Disabled: true, new TotpFactor([1, 2], Confirmed: true, LastStep: 7) { Recovery = ["a", "b"] }, Now);
        Session session = new(Guid.NewGuid(), "th", person.Id, "10.0.0.1", Now, Now.AddHours(1));
        AccessToken token = new(Guid.NewGuid(), "ci", "ah", bindings, Now, Now.AddDays(1), "p");
        await Write(tx => (tx.Table<Person>().Insert(person), tx.Table<Session>().Insert(session), tx.Table<AccessToken>().Insert(token)));

        Person readPerson = (await Read(tx => tx.Table<Person>().Find(person.Id)))!;
        Assert.Equal(bindings, readPerson.Bindings);
        Assert.Equal(person.Totp!.ProtectedSecret, readPerson.Totp!.ProtectedSecret);
        Assert.Equal(person.Totp.Recovery, readPerson.Totp.Recovery);
        Assert.Equal(person, readPerson with { Bindings = bindings, Totp = person.Totp });
        Assert.Equal(session, Assert.Single(await Read(tx => tx.Table<Session>().Where(Lookups.SessionPerson, person.Id.ToString()))));
        Assert.Equal(token, Assert.Single(await Read(tx => tx.Table<AccessToken>().Where(Lookups.AccessTokenHash, "ah"))) with { Bindings = bindings });
    }

    private static VSan.Station.Domain.Unit SampleUnit(string name) => new(
        Guid.NewGuid(), name, UnitPhase.Ready, $"key-{name}", "AAAA-BBBB", "sn", "1", ["10.0.0.1"], ["10.0.0.1:3260", "[::1]:3260"], 7, Now, 12)
    {
        Labels = new Dictionary<string, string> { ["rack"] = "r1" },
        Cordoned = true,
    };

    private static Volume SampleVolume(string name) => new(
        Guid.NewGuid(), Project.Default.Id, name, new VolumeLayout(LayoutKind.Mirror, 2), 1 << 30, 512, true, "admin", VolumeState.Ready, Now);

    private static Operation SampleOperation() => new(
        Guid.NewGuid(), "volume.create", "t", OperationState.Running, "p", [new OperationStep("s", "k", Guid.NewGuid(), StepState.Running, 2, 1, "o", "m")],
        [OperationLock.Exclusive(LockPath.Unit(Guid.NewGuid())) with { Held = true, Epoch = 3 }], Guid.NewGuid(), "admin", Undoing: true, "gone", new OperationFailure("c", "d", null),
        new OperationWait(WaitReason.Lock, "d", "pool", Guid.NewGuid(), "t", "n"), new OperationProgress(1, 2, 3, Now), "r", Now, null);

    private Task<T> Read<T>(Func<IStationTransaction, T> read) => _store.ReadAsync(read, CancellationToken.None);

    private Task<T> Write<T>(Func<IStationTransaction, T> write) => _store.WriteAsync(write, CancellationToken.None);
}

public sealed class InMemoryStoreTests : StoreConformanceTests
{
    protected override IStationStore Open() => new InMemoryStore();
}

public sealed class SqliteStoreTests : StoreConformanceTests
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("vsan-store-");

    private string Path => System.IO.Path.Combine(_directory.FullName, "station.db");

    protected override IStationStore Open() => SqliteStore.Open(Path);

    [Theory]
    [InlineData(10)]
    [InlineData(11)]
    public async Task Write_DiskFails_IsUnwritable(int code)
    {
        await using SqliteStore store = SqliteStore.Open(Path);
        StoreUnwritableException error = await Assert.ThrowsAsync<StoreUnwritableException>(() => store.WriteAsync<bool>(_ => throw new SqliteException("disk", code), default));
        Assert.Contains(Path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_StatementFails_IsAMatterOfThatStatement()
    {
        await using SqliteStore store = SqliteStore.Open(Path);
        await Assert.ThrowsAsync<SqliteException>(() => store.WriteAsync<bool>(_ => throw new SqliteException("busy", 5), default));
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public void Open_NewerSchema_IsRefusedWithAClearError()
    {
        string path = Path + ".newer";
        using (Microsoft.Data.Sqlite.SqliteConnection connection = new($"Data Source={path};Pooling=False"))
        {
            connection.Open();
            using Microsoft.Data.Sqlite.SqliteCommand command = connection.CreateCommand();
            command.CommandText = "PRAGMA user_version = 9999";
            command.ExecuteNonQuery();
        }

        Assert.Contains("schema 9999", Assert.Throws<InvalidDataException>(() => SqliteStore.Open(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_Again_FindsWhatWasWritten()
    {
        string path = Path + ".again";
        Host host = new(Guid.NewGuid(), "h", "iqn.h", default);
        await using (SqliteStore first = SqliteStore.Open(path)) await first.WriteAsync(tx => tx.Table<Host>().Insert(host), CancellationToken.None);
        await using SqliteStore second = SqliteStore.Open(path);
        Assert.Equal(host, await second.ReadAsync(tx => tx.Table<Host>().Find(host.Id), CancellationToken.None));
    }
}
