using Microsoft.Data.Sqlite;
using VSan.Station.Domain;
using VSan.Station.Execution;
using VSan.Station.Store.Sqlite;

namespace VSan.Tests.ControlPlane.StationStore;

/// <summary>A database file of one test, which may be damaged from outside; gone after it.</summary>
internal sealed class DatabaseFile : IDisposable
{
    public static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("vsan-store-");

    public string Folder => _directory.FullName;

    public string Path => System.IO.Path.Combine(Folder, "station.db");

    public static Host Host(string name) => new(Guid.CreateVersion7(Now), name, $"iqn.{name}", Now);

    public static VSan.Station.Domain.Unit Unit(string name) =>
        new(Guid.CreateVersion7(Now), name, UnitPhase.Ready, $"key-{name}", "AAAA-BBBB", "sn", "1", ["10.0.0.1"], ["10.0.0.1:3260"], 7, Now, 12);

    public async Task<T> WriteAsync<T>(Func<IStationTransaction, T> write)
    {
        await using SqliteStore store = SqliteStore.Open(Path);
        return await store.WriteAsync(write, CancellationToken.None);
    }

    public async Task<T> ReadAsync<T>(Func<IStationTransaction, T> read)
    {
        await using SqliteStore store = SqliteStore.Open(Path);
        return await store.ReadAsync(read, CancellationToken.None);
    }

    /// <summary>Runs a statement as somebody with another tool would.</summary>
    public void Execute(string sql) => Execute(Path, sql);

    /// <summary>The same with any file.</summary>
    public static void Execute(string path, string sql)
    {
        using SqliteConnection connection = new($"Data Source={path};Pooling=False;Foreign Keys=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // Texts of these tests.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    /// <summary>Overwrites a part of the file.</summary>
    public void Damage(long offset, int length)
    {
        using FileStream file = new(Path, FileMode.Open, FileAccess.ReadWrite);
        file.Position = offset;
        file.Write([.. Enumerable.Repeat((byte)0xa5, length)]);
    }

    public void Dispose() => _directory.Delete(recursive: true);
}
