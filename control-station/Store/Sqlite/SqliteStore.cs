using VSan.Station.Execution;

namespace VSan.Station.Store.Sqlite;

/// <summary>The station's memory in one SQLite file.</summary>
public sealed class SqliteStore : IStationStore
{
    /// <summary>Opens or creates the file, migrates it, and checks its settings.</summary>
    public static SqliteStore Open(string path, TimeProvider time) => throw new NotImplementedException();

    /// <inheritdoc/>
    public Task<T> ReadAsync<T>(Func<IStationTransaction, T> read, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <inheritdoc/>
    public Task<T> WriteAsync<T>(Func<IStationTransaction, T> write, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
