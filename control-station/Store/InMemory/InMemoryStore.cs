using VSan.Station.Execution;

namespace VSan.Station.Store.InMemory;

/// <summary>The station's memory without a file, for tests and simulation. One immutable state; a writer replaces it whole.</summary>
/// <param name="identities">Makes identities; null for those of the system. A simulation that is to be repeated gives its own.</param>
public sealed class InMemoryStore(Func<DateTimeOffset, Guid>? identities = null) : IStationStore
{
    private readonly SemaphoreSlim _writing = new(1);
    private volatile MemoryState _state = MemoryState.Empty;

    /// <inheritdoc/>
    public Task<T> ReadAsync<T>(Func<IStationTransaction, T> read, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(read);
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(read(new MemoryTransaction(_state, writable: false, identities)));
    }

    /// <inheritdoc/>
    public async Task<T> WriteAsync<T>(Func<IStationTransaction, T> write, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(write);
        await _writing.WaitAsync(cancellationToken);
        try
        {
            MemoryTransaction transaction = new(_state, writable: true, identities);
            T result = write(transaction);
            _state = transaction.State;
            return result;
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _writing.Dispose();
        return ValueTask.CompletedTask;
    }
}
