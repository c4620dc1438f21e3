using System.Diagnostics;
using VSan.Block;

namespace VSan.Scsi;

/// <summary>
/// SCSI's share of one ring: the buffer pool, and the commands that wait for a piece of it, first come first served. Ring thread only.
/// </summary>
public sealed class ScsiRing
{
    private readonly BufferPool _pool;
    private ScsiCommand? _firstWaiting;
    private ScsiCommand? _lastWaiting;
    private bool _returned;

    /// <summary>Takes the pool; nothing else may have rented from it yet.</summary>
    public ScsiRing(int ringIndex, BufferPool pool)
    {
        RingIndex = ringIndex;
        _pool = pool;
        LeasedBytesPerNexusMax = Math.Max(pool.FreeBytes / 4, BufferPool.PieceBytesMax);
    }

    /// <summary>Runs work on this ring's thread, from any thread; set once by the ring's owner. Alone on one thread it may run at once.</summary>
    public Action<Action> Post { get; set; } = static work => work();

    /// <summary>
    /// Ends the commands of some nexuses on a logical unit, on all rings, without a status; the last argument runs on this ring's thread when the
    /// medium is at rest. Set once by the transport.
    /// </summary>
    public Action<LogicalUnit, Func<ScsiNexus, bool>, Action> AbortCommands { get; set; } = static (_, _, done) => done();

    /// <summary>0-based.</summary>
    public int RingIndex { get; }

    /// <summary>
    /// Buffer bytes of one nexus: a quarter of the pool, so that one slow initiator leaves most of it to others; at least the largest transfer.
    /// </summary>
    internal int LeasedBytesPerNexusMax { get; }

    /// <summary>Serves commands that wait for a buffer. After the completions of a turn, before the transports send.</summary>
    public void EndOfTurn()
    {
        if (!_returned) return;
        _returned = false;
        ScsiCommand? command = _firstWaiting;
        while (command is not null)
        {
            // A nexus at its own bound is passed over; an empty pool ends the walk, so that a large transfer is not starved by small ones.
            ScsiCommand? next = command.NextWaiting;
            if (!OverBound(command))
            {
                if (!_pool.TryRent(command.RentBytes, out BufferLease lease)) return;
                StopWaiting(command);
                command.OnLease(lease);
            }

            command = next;
        }
    }

    internal void Rent(ScsiCommand command)
    {
        if (_firstWaiting is null && !OverBound(command) && _pool.TryRent(command.RentBytes, out BufferLease lease))
        {
            command.OnLease(lease);
            return;
        }

        // Not behind a command of another nexus that waits for its own bound only: the walk of this turn's end decides.
        _returned = true;
        command.PreviousWaiting = _lastWaiting;
        if (_lastWaiting is null) _firstWaiting = command;
        else _lastWaiting.NextWaiting = command;
        _lastWaiting = command;
    }

    internal void StopWaiting(ScsiCommand command)
    {
        if (command.PreviousWaiting is null) _firstWaiting = command.NextWaiting;
        else command.PreviousWaiting.NextWaiting = command.NextWaiting;
        if (command.NextWaiting is null) _lastWaiting = command.PreviousWaiting;
        else command.NextWaiting.PreviousWaiting = command.PreviousWaiting;
        command.NextWaiting = command.PreviousWaiting = null;
    }

    internal void Return(ScsiNexus nexus, BufferLease lease)
    {
        nexus.LeasedBytes -= lease.LengthBytes;
        Debug.Assert(nexus.LeasedBytes >= 0);
        _pool.Return(lease);
        _returned = true;
    }

    private bool OverBound(ScsiCommand command) =>
        command.Nexus.LeasedBytes > 0 && command.Nexus.LeasedBytes + command.RentBytes > LeasedBytesPerNexusMax;
}
