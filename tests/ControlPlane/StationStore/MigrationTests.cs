using Microsoft.Data.Sqlite;
using VSan.Station.Domain;
using VSan.Station.Store.Sqlite;
using Xunit;

namespace VSan.Tests.ControlPlane.StationStore;

public sealed class MigrationTests : IDisposable
{
    private readonly DatabaseFile _file = new();

    public void Dispose() => _file.Dispose();

    [Fact]
    public async Task Open_OlderSchema_IsCopiedAsideAndMigrated()
    {
        MakeOld();
        Assert.Equal("old", (await _file.ReadAsync(tx => tx.Table<Host>().Page(null, 9)))[0].Name);

        string copy = Assert.Single(Directory.GetFiles(System.IO.Path.Combine(_file.Folder, "backups")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(copy));
        using SqliteConnection connection = new($"Data Source={copy};Pooling=False;Mode=ReadOnly");
        connection.Open();
        Assert.Equal(1, Migrations.Version(connection));
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT name FROM host";
        Assert.Equal("old", command.ExecuteScalar());
    }

    [Fact]
    public async Task Sum_OfAProject_IsReadFromAnIndexAlone()
    {
        await _file.ReadAsync(tx => tx.Table<Volume>().Count);
        using SqliteStoreHandle store = new(_file.Path);
        using SqliteCommand command = store.Connection.CreateCommand();
        command.CommandText = "EXPLAIN QUERY PLAN SELECT coalesce(sum(promised_bytes), 0) FROM volume WHERE project_id = 'p'";
        using SqliteDataReader plan = command.ExecuteReader();
        Assert.True(plan.Read());
        Assert.Contains("COVERING INDEX volume_project_id", plan.GetString(3), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_PresentSchema_MakesNoCopy()
    {
        await _file.WriteAsync(tx => tx.Table<Host>().Insert(DatabaseFile.Host("h")));
        await _file.ReadAsync(tx => tx.Table<Host>().Count);
        Assert.False(Directory.Exists(System.IO.Path.Combine(_file.Folder, "backups")));
    }

    [Fact]
    public void Backups_ManyTaken_TheNewestAreKept()
    {
        using SqliteStoreHandle store = new(_file.Path);
        StoreBackups backups = new(_file.Path, TimeProvider.System);
        string[] taken = [.. Enumerable.Range(0, StoreBackups.Kept + 3).Select(index => backups.Take(store.Connection, $"n{index}"))];
        Assert.Equal(taken[^StoreBackups.Kept..].Order(), Directory.GetFiles(backups.Folder).Order());
        Assert.Equal(taken[^1], backups.Newest);
    }

    [Fact]
    public void Open_SchemaOfANewerProgram_ChangesNothing()
    {
        MakeOld();
        _file.Execute("PRAGMA user_version = 9999");
        InvalidDataException refusal = Assert.Throws<InvalidDataException>(() => SqliteStore.Open(_file.Path));
        Assert.Contains("install the newer program", refusal.Message, StringComparison.Ordinal);
        using SqliteStoreHandle store = new(_file.Path);
        Assert.Equal(9999, Migrations.Version(store.Connection));
    }

    private void MakeOld()
    {
        using (SqliteStoreHandle store = new(_file.Path)) Migrations.Apply(store.Connection, _file.Path, new StoreBackups(_file.Path, TimeProvider.System), upTo: 1);
        _file.Execute("INSERT INTO host (id, generation, name, initiator_name, created_at) VALUES ('00000000-0000-0000-0000-000000000001', 1, 'old', 'iqn.old', 0)");
    }

    private sealed class SqliteStoreHandle(string path) : IDisposable
    {
        public SqliteConnection Connection { get; } = SqliteFile.Connect(path);

        public void Dispose() => Connection.Dispose();
    }
}
