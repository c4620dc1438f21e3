using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using VSan.Station.Execution;

namespace VSan.Station.Store.Sqlite;

/// <summary>
/// The station's memory in one SQLite file. Owns one writing connection, used by one delegate at a time, and as many reading
/// connections as readers ever met; a reader sees the last commit (WAL) and never waits for the writer.
/// </summary>
public sealed class SqliteStore : IStationStore
{
    private readonly string _path;
    private readonly SqliteConnection _writer;
    private readonly SemaphoreSlim _writing = new(1);
    private readonly ConcurrentBag<SqliteConnection> _readers = [];

    private SqliteStore(string path, SqliteConnection writer)
    {
        _path = path;
        _writer = writer;
    }

    /// <summary>Opens or creates the file, migrates it, and checks the settings that durability rests on.</summary>
    /// <exception cref="InvalidDataException">The file was written by a newer program.</exception>
    public static SqliteStore Open(string path)
    {
        SQLitePCL.Batteries_V2.Init();
        SqliteConnection writer = Connect(path);
        try
        {
            Migrations.Apply(writer, path);
        }
        catch
        {
            writer.Dispose();
            throw;
        }

        return new SqliteStore(path, writer);
    }

    /// <inheritdoc/>
    public Task<T> ReadAsync<T>(Func<IStationTransaction, T> read, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(read);
        cancellationToken.ThrowIfCancellationRequested();
        SqliteConnection reader = _readers.TryTake(out SqliteConnection? free) ? free : ConnectReader();
        try
        {
            using SqliteTransaction transaction = reader.BeginTransaction(deferred: true);
            return Task.FromResult(read(new SqliteSession(reader, transaction, writable: false)));
        }
        finally
        {
            _readers.Add(reader);
        }
    }

    /// <inheritdoc/>
    public async Task<T> WriteAsync<T>(Func<IStationTransaction, T> write, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(write);
        await _writing.WaitAsync(cancellationToken);
        try
        {
            // Disposing a transaction that was not committed rolls it back.
            using SqliteTransaction transaction = _writer.BeginTransaction();
            T result = write(new SqliteSession(_writer, transaction, writable: true));
            transaction.Commit();
            return result;
        }
        catch (SqliteException error) when (IsOfTheDisk(error))
        {
            throw new StoreUnwritableException($"The store {_path} cannot be written: {error.Message}", error);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _writing.WaitAsync();
        foreach (SqliteConnection reader in _readers) reader.Dispose();
        _writer.Dispose();
        _writing.Dispose();
    }

    // Result codes are those of https://sqlite.org/rescode.html; what is not listed is a matter of one statement.
    private static bool IsOfTheDisk(SqliteException error) => error.SqliteErrorCode is
        SQLitePCL.raw.SQLITE_FULL or SQLitePCL.raw.SQLITE_IOERR or SQLitePCL.raw.SQLITE_READONLY or SQLitePCL.raw.SQLITE_CORRUPT
        or SQLitePCL.raw.SQLITE_CANTOPEN or SQLitePCL.raw.SQLITE_NOTADB;

    private SqliteConnection ConnectReader()
    {
        SqliteConnection reader = Connect(_path);
        Execute(reader, "PRAGMA query_only = ON");
        return reader;
    }

    private static SqliteConnection Connect(string path)
    {
        SqliteConnection connection = new(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
        Require(connection, "journal_mode", "WAL", "wal");
        Require(connection, "synchronous", "FULL", "2");
        Require(connection, "foreign_keys", "ON", "1");
        Require(connection, "busy_timeout", "5000", "5000");
        return connection;
    }

    private static void Require(SqliteConnection connection, string pragma, string wanted, string reads)
    {
        Execute(connection, $"PRAGMA {pragma} = {wanted}");
        string? found = Execute(connection, $"PRAGMA {pragma}");
        if (found != reads) throw new InvalidOperationException($"SQLite keeps {pragma} at {found} where {reads} is needed: the file lies on a file system it cannot be safe on.");
    }

    private static string? Execute(SqliteConnection connection, string pragma)
    {
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // Constants of this class.
        command.CommandText = pragma;
#pragma warning restore CA2100
        return command.ExecuteScalar()?.ToString();
    }
}
