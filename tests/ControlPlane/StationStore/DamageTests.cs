using VSan.Station.Domain;
using VSan.Station.Execution;
using VSan.Station.Store.Sqlite;
using Xunit;

namespace VSan.Tests.ControlPlane.StationStore;

/// <summary>Damage from outside: rows go into quarantine, a damaged file is refused with a sentence that helps.</summary>
public sealed class DamageTests : IDisposable
{
    private readonly DatabaseFile _file = new();

    public void Dispose() => _file.Dispose();

    [Theory]
    [InlineData("UPDATE host SET created_at = -1 WHERE name = 'bad'")]
    [InlineData("UPDATE host SET id = 'nonsense' WHERE name = 'bad'")]
    public async Task Row_Unreadable_IsQuarantinedAndTheRestWorks(string damage)
    {
        await _file.WriteAsync(tx => (tx.Table<Host>().Insert(DatabaseFile.Host("bad")), tx.Table<Host>().Insert(DatabaseFile.Host("good"))));
        _file.Execute(damage);
        (IReadOnlyList<Host> hosts, IReadOnlyList<QuarantinedRow> rows, IReadOnlyList<EventRecord> events) = await _file.ReadAsync(tx =>
            (tx.Table<Host>().Page(null, 9), tx.Table<QuarantinedRow>().Page(null, 9), tx.LastEvents(1)));
        Assert.Equal("good", Assert.Single(hosts).Name);
        Assert.Equal("host", Assert.Single(rows).Table);
        Assert.Contains("'bad'", rows[0].Content, StringComparison.Ordinal);
        Assert.Equal("store.quarantined", Assert.Single(events).Kind);
        await _file.WriteAsync(tx => tx.Table<Host>().Insert(DatabaseFile.Host("new")));
    }

    [Fact]
    public async Task Row_Quarantined_ComesBackByItsOwnStatement()
    {
        Host bad = DatabaseFile.Host("bad");
        await _file.WriteAsync(tx => tx.Table<Host>().Insert(bad));
        _file.Execute("UPDATE host SET created_at = -1");
        string statement = (await _file.ReadAsync(tx => tx.Table<QuarantinedRow>().Page(null, 9)))[0].Content;
        _file.Execute(statement.Replace(" -1", " 0", StringComparison.Ordinal));
        Assert.Equal(bad with { CreatedAt = default }, await _file.ReadAsync(tx => tx.Table<Host>().Find(bad.Id)));
    }

    [Fact]
    public async Task Row_OthersReferToIt_TakesThemWithIt()
    {
        (VSan.Station.Domain.Unit unit, Host host, Volume whole, Volume broken) = await FillAsync();
        _file.Execute($"UPDATE leg SET store_id = 'nonsense' WHERE volume_id = '{broken.Id}'");
        (IReadOnlyList<Volume> volumes, IReadOnlyList<Mapping> mappings, string[] moved) = await _file.ReadAsync(tx => (
            tx.Table<Volume>().Page(null, 9), tx.Table<Mapping>().Page(null, 9), tx.Table<QuarantinedRow>().Page(null, 9).Select(row => row.Table).Order().ToArray()));
        Assert.Equal(whole, Assert.Single(volumes));
        Assert.Equal(whole.Id, Assert.Single(mappings).VolumeId);
        Assert.Equal(["leg", "mapped_leg", "mapping", "volume"], moved);
        Assert.NotNull(await _file.ReadAsync(tx => tx.Table<Host>().Find(host.Id)));
        Assert.NotNull(await _file.ReadAsync(tx => tx.Table<VSan.Station.Domain.Unit>().Find(unit.Id)));
        Assert.Empty(StoreInspection.Of(_file.Path).Faults);
    }

    [Fact]
    public void File_IsNoDatabase_IsRefusedWithTheWayBack()
    {
        File.WriteAllText(_file.Path, new string('x', 8192));
        StoreDamagedException refusal = Assert.Throws<StoreDamagedException>(() => SqliteStore.Open(_file.Path));
        Assert.Contains("vsan-station restore", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_PageTorn_IsRefusedAndNamesTheNewestCopy()
    {
        await _file.WriteAsync(tx => Enumerable.Range(0, 500).Select(index => tx.Table<Host>().Insert(DatabaseFile.Host($"h{index}"))).ToArray());
        StoreBackups backups = new(_file.Path, TimeProvider.System);
        StoreCopy.Keep(_file.Path, backups, "daily");
        for (int page = 2; page < new FileInfo(_file.Path).Length / 4096; page++) _file.Damage(page * 4096L, 64);
        StoreDamagedException refusal = Assert.Throws<StoreDamagedException>(() => SqliteStore.Open(_file.Path));
        Assert.Contains(backups.Newest!, refusal.Message, StringComparison.Ordinal);
        Assert.NotEmpty(StoreInspection.Of(_file.Path).PageFaults);
        Assert.True(StoreInspection.Of(backups.Newest!).IsSound);
    }

    private Task<(VSan.Station.Domain.Unit Unit, Host Host, Volume Whole, Volume Broken)> FillAsync() => _file.WriteAsync(tx =>
    {
        VSan.Station.Domain.Unit unit = tx.Table<VSan.Station.Domain.Unit>().Insert(DatabaseFile.Unit("unit-1"));
        VSan.Station.Domain.Store store = tx.Table<VSan.Station.Domain.Store>().Insert(new VSan.Station.Domain.Store(Guid.NewGuid(), unit.Id, "s", 1 << 30, 1 << 30, 2 << 20));
        Host host = tx.Table<Host>().Insert(DatabaseFile.Host("host"));
        Volume whole = AddVolume(tx, unit, store, host, "whole", 0);
        return (unit, host, whole, AddVolume(tx, unit, store, host, "broken", 1));
    });

    private static Volume AddVolume(IStationTransaction tx, VSan.Station.Domain.Unit unit, VSan.Station.Domain.Store store, Host host, string name, int lun)
    {
        Volume volume = tx.Table<Volume>().Insert(new Volume(Guid.NewGuid(), Project.Default.Id, name, VolumeLayout.Single, 1 << 20, 512, true, "admin", VolumeState.Ready, DatabaseFile.Now));
        Leg leg = tx.Table<Leg>().Insert(new Leg(Guid.NewGuid(), volume.Id, unit.Id, store.Id, 0, LegRole.Whole, 1 << 20));
        Mapping mapping = tx.Table<Mapping>().Insert(new Mapping(Guid.NewGuid(), volume.Id, host.Id, false, MappingState.Active));
        tx.Table<MappedLeg>().Insert(new MappedLeg(Guid.NewGuid(), mapping.Id, leg.Id, host.Id, unit.Id, lun));
        return volume;
    }
}
