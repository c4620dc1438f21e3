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
    // Both are what the unix VFS gives when the shared memory beside the WAL cannot grow: an error of I/O by name, a full disk by cause.
    private const int SharedMemorySize = SQLitePCL.raw.SQLITE_IOERR | (19 << 8);
    private const int SharedMemoryMap = SQLitePCL.raw.SQLITE_IOERR | (21 << 8);

    private readonly string _path;
    private readonly Statements _writer;
    private readonly KeptTables _kept = new();
    private readonly SemaphoreSlim _writing = new(1);
    private readonly ConcurrentBag<Statements> _readers = [];
    private volatile bool _ended;

    private SqliteStore(string path, Statements writer)
    {
        _path = path;
        _writer = writer;
    }

    /// <summary>
    /// Opens or creates the file: checks its pages and the settings that durability rests on, brings it to the newest schema, and moves rows
    /// that cannot be read aside.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="time">The clock; null for the system's.</param>
    /// <exception cref="InvalidDataException">The file was written by a newer program.</exception>
    /// <exception cref="StoreDamagedException">It is not a database, or a damaged one.</exception>
    public static SqliteStore Open(string path, TimeProvider? time = null)
    {
        time ??= TimeProvider.System;
        SQLitePCL.Batteries_V2.Init();
        StoreBackups backups = new(path, time);
        SqliteConnection? connection = null;
        try
        {
            connection = SqliteFile.Connect(path);
            if (StoreCheck.Pages(connection, quick: true) is [string complaint, ..]) throw Damaged(path, backups, complaint, inner: null);
            Migrations.Apply(connection, path, backups);
            Statements writer = new(connection);
            Quarantine.Sweep(connection, writer, time.GetUtcNow());
            return new SqliteStore(path, writer);
        }
        catch (SqliteException error) when (error.SqliteErrorCode is SQLitePCL.raw.SQLITE_NOTADB or SQLitePCL.raw.SQLITE_CORRUPT)
        {
            connection?.Dispose();
            throw Damaged(path, backups, error.Message, error);
        }
        catch
        {
            connection?.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public Task<T> ReadAsync<T>(Func<IStationTransaction, T> read, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(read);
        cancellationToken.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(_ended, this);
        Statements reader = _readers.TryTake(out Statements? free) ? free : ConnectReader();
        try
        {
            using SqliteTransaction transaction = reader.Connection.BeginTransaction(deferred: true);
            return Task.FromResult(read(new SqliteSession(reader, transaction, kept: null)));
        }
        finally
        {
            _readers.Add(reader);
            if (_ended) DisposeIdleReaders();
        }
    }

    /// <inheritdoc/>
    public async Task<T> WriteAsync<T>(Func<IStationTransaction, T> write, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(write);
        await _writing.WaitAsync(cancellationToken);
        bool committed = false;
        try
        {
            // Disposing a transaction that was not committed rolls it back.
            using SqliteTransaction transaction = _writer.Connection.BeginTransaction();
            T result = write(new SqliteSession(_writer, transaction, _kept));
            transaction.Commit();
            committed = true;
            return result;
        }
        catch (SqliteException error) when (IsOfSpace(error))
        {
            throw new StoreFullException($"There is no space to write the store {_path}: {error.Message}", error);
        }
        catch (SqliteException error) when (IsOfTheDisk(error))
        {
            throw new StoreUnwritableException($"The store {_path} cannot be written: {error.Message}", error);
        }
        finally
        {
            _kept.End(committed);
            _writing.Release();
        }
    }

    /// <summary>Ends the connections. A reader that is still at work ends its own when it is done.</summary>
    public async ValueTask DisposeAsync()
    {
        await _writing.WaitAsync();
        _ended = true;
        DisposeIdleReaders();
        _writer.Dispose();
        _writing.Dispose();
    }

    private static bool IsOfSpace(SqliteException error) =>
        error.SqliteErrorCode == SQLitePCL.raw.SQLITE_FULL || error.SqliteExtendedErrorCode is SharedMemorySize or SharedMemoryMap;

    // Result codes are those of https://sqlite.org/rescode.html; what is not listed is a matter of one statement.
    private static bool IsOfTheDisk(SqliteException error) => error.SqliteErrorCode is
        SQLitePCL.raw.SQLITE_IOERR or SQLitePCL.raw.SQLITE_READONLY or SQLitePCL.raw.SQLITE_CORRUPT
        or SQLitePCL.raw.SQLITE_CANTOPEN or SQLitePCL.raw.SQLITE_NOTADB;

    private static StoreDamagedException Damaged(string path, StoreBackups backups, string complaint, Exception? inner) =>
        new($"{path} is damaged: {complaint.TrimEnd('.')}. {backups.Advice}", inner);

    private void DisposeIdleReaders()
    {
        while (_readers.TryTake(out Statements? reader)) reader.Dispose();
    }

    private Statements ConnectReader()
    {
        SqliteConnection reader = SqliteFile.Connect(_path);
        SqliteFile.Execute(reader, "PRAGMA query_only = ON");
        return new Statements(reader);
    }
}
