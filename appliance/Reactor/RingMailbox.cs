using VSan.Interop;

namespace VSan.Reactor;

/// <summary>
/// The only way onto a ring's thread from another one: work in order, and an eventfd that wakes the ring. For control and accepted
/// connections, not for requests: each post allocates. Bounded by its users: one entry for each control step and accepted connection.
/// </summary>
internal sealed class RingMailbox : IDisposable
{
    private readonly Lock _gate = new();
    private readonly FileDescriptor _event = FileDescriptor.CreateEvent();
    private Queue<Action> _waiting = new();
    private Queue<Action> _running = new();

    internal int EventNumber => _event.Number;

    internal void Post(Action work)
    {
        lock (_gate)
        {
            _waiting.Enqueue(work);
            if (_waiting.Count == 1) _event.Signal();
        }
    }

    /// <summary>Runs what waits. Ring thread.</summary>
    internal void RunAll()
    {
        lock (_gate)
        {
            (_waiting, _running) = (_running, _waiting);
        }

        while (_running.TryDequeue(out Action? work)) work();
    }

    public void Dispose() => _event.Dispose();
}
