namespace VSan.Scsi;

/// <summary>What a command may do beside others on its logical unit.</summary>
internal enum WriteAccess
{
    /// <summary>The command is not past the gate.</summary>
    None,

    /// <summary>Changes the medium, beside others that do.</summary>
    Shared,

    /// <summary>Reads and then changes the medium as one step: COMPARE AND WRITE.</summary>
    Exclusive,
}

/// <summary>
/// Lets writes of a logical unit pass beside each other, and a command that must be atomic alone; on whichever rings they are. Any thread.
/// <code>
///   Open ──exclusive command──► Closing (writes in flight end, new ones wait) ──last one left──► Held ──left──► Open, those who wait try again
/// </code>
/// </summary>
/// <remarks>
/// A write costs two interlocked operations on a cache line of its own ring. The lock is taken only while the gate is not open. Everyone
/// that waits is resumed by its ring, aborted or not, so that no abort has to search here.
/// </remarks>
internal sealed class WriteGate(LogicalUnit unit)
{
    private readonly Lock _lock = new();
    private readonly Queue<ScsiCommand> _waiting = new();
    private ScsiCommand? _closing;
    private bool _closed;

    /// <summary>Passes, or queues the command for <see cref="ScsiCommand.OnGateOpen"/>.</summary>
    public bool TryEnter(ScsiCommand command, WriteAccess access) =>
        access == WriteAccess.Exclusive ? TryEnterAlone(command) : TryEnterBeside(command);

    /// <summary>The command is done with the medium.</summary>
    public void Leave(ScsiCommand command, WriteAccess access)
    {
        if (access == WriteAccess.Exclusive)
        {
            Open();
            return;
        }

        Interlocked.Decrement(ref unit.Counters(command.RingIndex).WritesInFlight);
        if (Volatile.Read(ref _closed)) HandOver();
    }

    private bool TryEnterBeside(ScsiCommand command)
    {
        // Counted before the look, closed before the count is read: one of both sides sees the other.
        Interlocked.Increment(ref unit.Counters(command.RingIndex).WritesInFlight);
        if (!Volatile.Read(ref _closed)) return true;
        Interlocked.Decrement(ref unit.Counters(command.RingIndex).WritesInFlight);
        HandOver();
        lock (_lock)
        {
            if (_closed)
            {
                _waiting.Enqueue(command);
                return false;
            }

            Interlocked.Increment(ref unit.Counters(command.RingIndex).WritesInFlight);
            return true;
        }
    }

    private bool TryEnterAlone(ScsiCommand command)
    {
        lock (_lock)
        {
            if (_closed)
            {
                _waiting.Enqueue(command);
                return false;
            }

            Volatile.Write(ref _closed, true);
            Interlocked.MemoryBarrier();
            if (!unit.HasWritesInFlight) return true;
            _closing = command;
            return false;
        }
    }

    /// <summary>Gives the closed gate to whoever closed it, once the last write has left.</summary>
    private void HandOver()
    {
        ScsiCommand? holder;
        lock (_lock)
        {
            if (unit.HasWritesInFlight) return;
            (holder, _closing) = (_closing, null);
        }

        holder?.PostGateOpen(WriteAccess.Exclusive);
    }

    private void Open()
    {
        ScsiCommand[] waiting;
        lock (_lock)
        {
            Volatile.Write(ref _closed, false);
            waiting = [.. _waiting];
            _waiting.Clear();
        }

        foreach (ScsiCommand command in waiting) command.PostGateOpen(WriteAccess.None);
    }
}
