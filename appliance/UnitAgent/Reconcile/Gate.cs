namespace VSan.UnitAgent.Reconcile;

/// <summary>Lets one through at a time, in the order in which they came. Whoever waits goes on where it came from, so a simulation can repeat it.</summary>
internal sealed class Gate
{
    private readonly Lock _lock = new();
    private readonly Queue<TaskCompletionSource> _waiting = new();
    private bool _taken;

    /// <summary>Ends when the caller is let through; it calls <see cref="Leave"/> then.</summary>
    public async Task EnterAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        TaskCompletionSource turn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (!_taken)
            {
                _taken = true;
                return;
            }

            _waiting.Enqueue(turn);
        }

        await using CancellationTokenRegistration giveUp = cancellationToken.Register(() => turn.TrySetCanceled(cancellationToken));
        await turn.Task;
    }

    /// <summary>Lets the next one through.</summary>
    public void Leave()
    {
        lock (_lock)
        {
            while (_waiting.TryDequeue(out TaskCompletionSource? next))
                if (next.TrySetResult()) return;
            _taken = false;
        }
    }
}
