using VSan.Block;
using VSan.Iscsi;
using VSan.Reactor;
using VSan.Scsi;
using VSan.Volumes;

namespace VSan.BlockServer.Serving;

/// <summary>Everything that one ring serves: its buffers, its SCSI and iSCSI, its side of the volumes. The ring's thread owns it.</summary>
internal sealed class RingFrontEnd : IRingApplication, IRingMailbox
{
    private readonly BufferPool _pool;
    private int _links;

    private RingFrontEnd(int index, RingOptions options, SessionRegistry sessions, TimeProvider time)
    {
        Ring = new Ring(index, options) { Application = this };
        Volumes = new VolumeRing(Ring);
        _pool = new BufferPool(Ring.Arena.Address, options.ArenaBytes);
        var limits = new IscsiLimits { ConnectionsPerRing = options.ConnectionCount };
        Iscsi = new IscsiRing(new ScsiRing(index, _pool), sessions, this, limits, time);
    }

    /// <summary>Makes the front ends of a server, which know each other.</summary>
    internal static RingFrontEnd[] Create(int count, RingOptions options, SessionRegistry sessions, TimeProvider time)
    {
        RingFrontEnd[] all = [.. Enumerable.Range(0, count).Select(index => new RingFrontEnd(index, options, sessions, time))];
        foreach (RingFrontEnd each in all) each.Siblings = all;
        return all;
    }

    internal Ring Ring { get; }

    /// <summary>The front ends of all rings by index, this one among them.</summary>
    internal IReadOnlyList<RingFrontEnd> Siblings { get; private set; } = [];

    internal VolumeRing Volumes { get; }

    internal IscsiRing Iscsi { get; }

    /// <summary>Connections that were handed here and have not ended. Any thread.</summary>
    internal int Links => Volatile.Read(ref _links);

    /// <summary>Data buffers not lent, in bytes; a little late when another thread asks.</summary>
    internal int FreeBufferBytes => _pool.FreeBytes;

    public void Post(Action work) => Ring.Post(work);

    public void OnEndOfTurn() => Iscsi.EndOfTurn();

    public void OnTick() => Iscsi.Tick();

    /// <summary>Takes a socket that a portal of this group accepted. Any thread.</summary>
    /// <param name="fd">The descriptor; this ring's from now on.</param>
    /// <param name="groupTag">Tag of the portal group.</param>
    /// <param name="received">What another ring had received on it and not acted on.</param>
    internal void Take(int fd, ushort groupTag, ReadOnlyMemory<byte> received = default)
    {
        Interlocked.Increment(ref _links);
        Ring.Post(() =>
        {
            IscsiLink? link = null;
            if (!Ring.TryAdopt(fd, tcp => link = new IscsiLink(this, tcp, groupTag))) OnLinkClosed();
            else if (!received.IsEmpty) link!.OnReceived(received.Span);
        });
    }

    internal void OnLinkClosed() => Interlocked.Decrement(ref _links);

    /// <summary>Runs work on the ring and tells when it is done. Any thread but a ring's.</summary>
    internal Task RunAsync(Action work)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Ring.Post(() =>
        {
            work();
            done.SetResult();
        });
        return done.Task;
    }
}
