using Microsoft.Data.Sqlite;
using VSan.Station.Domain;
using VSan.Station.Execution;
using VSan.Station.Store.Sqlite;
using Xunit;

namespace VSan.Tests.ControlPlane.StationStore.Crash;

/// <summary>
/// Power losses of the database. A workload is recorded below SQLite; then the files are rebuilt as a power loss may have left them, again and
/// again, and each must open, be sound, and hold every commit that was acknowledged, whole. The control commits without syncs, and must lose.
/// </summary>
public sealed class CrashStateTests : IDisposable
{
    private const int Commits = 160;
    private const int States = 150;
    private const int Seed = 20261128;

    // Large enough that the log is brought into the database, and begun anew, several times within the workload.
    private const int AnswerBytes = 40_000;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("vsan-crash-");

    private string Recorded => _directory.CreateSubdirectory("recorded").FullName;

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task Store_PowerLost_KeepsEveryAcknowledgedCommitWhole()
    {
        IReadOnlyList<DiskEvent> events = await RecordStoreAsync();
        Assert.Contains(events, one => one is DiskEvent.Write { File: "station.db" });
        Random random = new(Seed);
        for (int state = 0; state < States; state++)
        {
            int cut = random.Next(events.Count);
            string folder = Fresh();
            int acknowledged = CrashState.Build(events, cut, random, folder);
            if (acknowledged < 0) continue;
            await CheckAsync(Path.Combine(folder, "station.db"), acknowledged, $"seed {Seed}, state {state}, cut {cut}");
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("FULL", false)]
    [InlineData("OFF", true)]
    public void Database_BySyncSetting_LosesOnlyWithoutSyncs(string synchronous, bool loses)
    {
        IReadOnlyList<DiskEvent> events = RecordRaw(synchronous);
        Random random = new(Seed);
        int lost = 0;
        for (int state = 0; state < 60; state++)
        {
            string folder = Fresh();
            int acknowledged = CrashState.Build(events, random.Next(events.Count), random, folder);
            if (acknowledged >= 0 && CountRaw(Path.Combine(folder, "station.db")) <= acknowledged) lost++;
            Directory.Delete(folder, recursive: true);
        }

        Assert.Equal(loses, lost > 0);
    }

    private async Task<IReadOnlyList<DiskEvent>> RecordStoreAsync()
    {
        RecordingVfs.Record(Recorded);
        await using SqliteStore store = SqliteStore.Open(Path.Combine(Recorded, "station.db"));
        string answer = new('a', AnswerBytes);
        for (int commit = 0; commit < Commits; commit++)
        {
            int number = commit;
            await store.WriteAsync(
                tx =>
                {
                    tx.Table<Host>().Insert(new Host(Guid.CreateVersion7(DatabaseFile.Now), $"h{number}", $"iqn.h{number}", DatabaseFile.Now));
                    tx.Table<GivenAnswer>().Insert(new GivenAnswer(Guid.CreateVersion7(DatabaseFile.Now), $"k{number}", "hash", answer, DatabaseFile.Now));
                    if (number > 0) tx.Table<GivenAnswer>().Delete(tx.Table<GivenAnswer>().Where(Lookups.AnswerKey, $"k{number - 1}")[0].Id);
                    tx.AppendAudit(DatabaseFile.Now, "admin", "host.create", $"h{number}", "granted");
                    return tx.AppendEvent(DatabaseFile.Now, "host.added", $"h{number}", "m");
                },
                default);
            RecordingVfs.Acknowledge(commit);
        }

        return RecordingVfs.Finish();
    }

    private static async Task CheckAsync(string path, int acknowledged, string state)
    {
        await using (SqliteStore store = SqliteStore.Open(path))
        {
            (int hosts, string key, int events, int lines) = await store.ReadAsync(
                tx => (tx.Table<Host>().Count, tx.Table<GivenAnswer>().Page(null, 9).Single().Key, tx.LastEvents(Commits).Count, tx.AuditAfter(0, Commits).Count), default);
            Assert.True(hosts > acknowledged, $"{state}: {acknowledged} was acknowledged, {hosts} commits are there.");
            Assert.Equal((hosts, hosts, $"k{hosts - 1}"), (events, lines, key));
        }

        Assert.True(StoreInspection.Of(path) is { IsSound: true }, state);
    }

    private IReadOnlyList<DiskEvent> RecordRaw(string synchronous)
    {
        RecordingVfs.Record(Recorded);
        using SqliteConnection connection = new($"Data Source={Path.Combine(Recorded, "station.db")};Pooling=False");
        connection.Open();
        Execute(connection, $"PRAGMA journal_mode = WAL; PRAGMA synchronous = {synchronous}; CREATE TABLE t (n INTEGER PRIMARY KEY)");
        for (int commit = 0; commit < Commits; commit++)
        {
            Execute(connection, $"INSERT INTO t VALUES ({commit})");
            RecordingVfs.Acknowledge(commit);
        }

        return RecordingVfs.Finish();
    }

    private static long CountRaw(string path)
    {
        try
        {
            using SqliteConnection connection = new($"Data Source={path};Pooling=False");
            connection.Open();
            return Execute(connection, "SELECT count(*) FROM t");
        }
        catch (SqliteException)
        {
            return 0; // Not even the table is there.
        }
    }

    private static long Execute(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // Texts of this test.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar() as long? ?? 0;
    }

    private string Fresh() => _directory.CreateSubdirectory(Guid.NewGuid().ToString("N")).FullName;
}
