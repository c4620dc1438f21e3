using VSan.Station.Execution;

namespace VSan.Tests.ControlPlane.Execution;

/// <summary>A store whose process dies at a chosen commit: nothing is written after it, whoever asks.</summary>
internal sealed class MortalStore(IStationStore store) : IStationStore
{
    private readonly TaskCompletionSource _death = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _left = int.MaxValue;
    private bool _afterCommit;

    /// <summary>Ends when the process has died.</summary>
    public Task Death => _death.Task;

    /// <summary>Dies at the commit that is <paramref name="commit"/> from now, before or after it is durable.</summary>
    public void DieAt(int commit, bool afterCommit)
    {
        _afterCommit = afterCommit;
        Volatile.Write(ref _left, commit);
    }

    public Task<T> ReadAsync<T>(Func<IStationTransaction, T> read, CancellationToken cancellationToken) => store.ReadAsync(read, cancellationToken);

    public async Task<T> WriteAsync<T>(Func<IStationTransaction, T> write, CancellationToken cancellationToken)
    {
        int left = Interlocked.Decrement(ref _left);
        if (left < 0 || (left == 0 && !_afterCommit)) throw Die();
        T result = await store.WriteAsync(write, cancellationToken);
        return left == 0 ? throw Die() : result;
    }

    public ValueTask DisposeAsync() => store.DisposeAsync();

    private StoreUnwritableException Die()
    {
        _death.TrySetResult();
        return new StoreUnwritableException("The process was killed.");
    }
}
