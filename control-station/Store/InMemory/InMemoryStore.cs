using VSan.Station.Execution;

namespace VSan.Station.Store.InMemory;

/// <summary>The station's memory without a file, for tests and simulation. One immutable state; a writer replaces it whole.</summary>
public sealed class InMemoryStore : IStationStore
{
    private readonly SemaphoreSlim _writing = new(1);
    private volatile MemoryState _state = MemoryState.Empty;

    /// <inheritdoc/>
    public Task<T> ReadAsync<T>(Func<IStationTransaction, T> read, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(read);
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(read(new MemoryTransaction(_state, writable: false)));
    }

    /// <inheritdoc/>
    public async Task<T> WriteAsync<T>(Func<IStationTransaction, T> write, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(write);
        await _writing.WaitAsync(cancellationToken);
        try
        {
            MemoryTransaction transaction = new(_state, writable: true);
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
