namespace VSan.Station.Execution;

/// <summary>
/// Says that something changed, to any number of waiters. Take <see cref="Next"/> before you look, wait for it after: no change is missed.
/// </summary>
internal sealed class Signal
{
    private TaskCompletionSource _next = Fresh();

    /// <summary>Ends at the next pulse.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    /// <summary>
    /// Continuations never run inside a pulse. Where there is a synchronization context they go to it of their own accord, and asking for
    /// it once more would send those of <see cref="Task.WhenAny(Task[])"/> past it to the thread pool.
    /// </summary>
    public static TaskCompletionSource Fresh() =>
        new(SynchronizationContext.Current is null ? TaskCreationOptions.RunContinuationsAsynchronously : TaskCreationOptions.None);

    /// <summary>Lets all waiters look again.</summary>
    public void Pulse() => Interlocked.Exchange(ref _next, Fresh()).SetResult();
}
