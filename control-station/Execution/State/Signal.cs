namespace VSan.Station.Execution;

/// <summary>
/// Says that something changed, to any number of waiters. Take <see cref="Next"/> before you look, wait for it after: no change is missed.
/// </summary>
internal sealed class Signal
{
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends at the next pulse.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    /// <summary>Lets all waiters look again.</summary>
    public void Pulse() => Interlocked.Exchange(ref _next, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
}
