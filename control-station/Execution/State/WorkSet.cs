using System.Collections.Concurrent;

namespace VSan.Station.Execution;

/// <summary>
/// Pieces of work that run side by side, at most one for each key. Work may be added at any time, also before <see cref="RunAsync"/>;
/// work whose failure is a mistake of ours ends the set, and with it the station, rather than going missing.
/// </summary>
internal sealed class WorkSet
{
    /// <summary>What is to be started; bounded by the rows of the store that it is fed from.</summary>
    private readonly ConcurrentQueue<(Guid Key, Func<CancellationToken, Task> Work)> _added = new();
    private readonly Signal _more = new();

    /// <summary>Starts work, unless work with this key runs.</summary>
    public void Add(Guid key, Func<CancellationToken, Task> work)
    {
        _added.Enqueue((key, work));
        _more.Pulse();
    }

    /// <summary>Runs what is added until cancelled, or until one fails.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        Dictionary<Guid, Task> running = [];
        using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        TaskCompletionSource<Exception> failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            while (!failed.Task.IsCompleted)
            {
                Task more = _more.Next;
                while (_added.TryDequeue(out (Guid Key, Func<CancellationToken, Task> Work) item))
                {
                    if (running.TryGetValue(item.Key, out Task? known) && !known.IsCompleted) continue;
                    running[item.Key] = WatchAsync(item.Work, failed, ending.Token);
                }

                await Task.WhenAny(more, failed.Task).WaitAsync(ending.Token);
            }

            throw new InvalidOperationException("Work of the station failed.", await failed.Task);
        }
        finally
        {
            await ending.CancelAsync();
            await Task.WhenAll(running.Values);
        }
    }

    private static async Task WatchAsync(Func<CancellationToken, Task> work, TaskCompletionSource<Exception> failed, CancellationToken cancellationToken)
    {
        try
        {
            await work(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return;
        }
        catch (Exception error)
        {
            failed.TrySetResult(error);
        }
    }
}
