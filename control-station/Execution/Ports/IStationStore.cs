namespace VSan.Station.Execution;

/// <summary>Everything the station remembers. Writers go one at a time, readers see the last commit.</summary>
/// <remarks>
/// Delegates run to their end without suspending and must not call the store again. A delegate that throws changes nothing.
/// What it returned from a write is durable when the task has ended.
/// </remarks>
public interface IStationStore : IAsyncDisposable
{
    /// <summary>Looks; a change throws <see cref="InvalidOperationException"/>.</summary>
    Task<T> ReadAsync<T>(Func<IStationTransaction, T> read, CancellationToken cancellationToken);

    /// <summary>Changes, all or nothing.</summary>
    /// <exception cref="StoreFullException">There is no space; later changes may succeed.</exception>
    /// <exception cref="StoreUnwritableException">The disk fails: no other change would succeed.</exception>
    Task<T> WriteAsync<T>(Func<IStationTransaction, T> write, CancellationToken cancellationToken);
}
