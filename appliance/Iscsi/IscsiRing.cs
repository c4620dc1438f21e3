using VSan.Scsi;

namespace VSan.Iscsi;

/// <summary>
/// iSCSI's share of one ring: its connections, its fixed array of task slots, the targets as of the last <see cref="Apply"/>. All
/// members on the ring's thread, which is the thread of <see cref="IRingMailbox"/>.
/// </summary>
public sealed partial class IscsiRing
{
    private readonly List<IscsiConnection> _connections = [];
    private IscsiTask? _free;
    private int _slotCount;
    private int _keptBytes;

    /// <summary>Starts without a connection.</summary>
    public IscsiRing(ScsiRing scsi, SessionRegistry sessions, IRingMailbox mailbox, IscsiLimits limits, TimeProvider time)
    {
        (Scsi, Sessions, Mailbox, Limits, Time) = (scsi, sessions, mailbox, limits, time);
        Meter = new CommandMeter(time);
        scsi.Post = mailbox.Post;
        scsi.AbortCommands = (unit, affected, done) => sessions.AbortOf(this, unit, affected, done);
        sessions.Add(this);
    }

    /// <summary>Who hears what goes wrong with peers; null for nobody. Set once, before the first connection.</summary>
    public IIncidentLog? Incidents { get; set; }

    /// <summary>What this ring counts beside its commands. Any thread may read it, a little late.</summary>
    public IscsiCounters Counters { get; } = new();

    internal CommandMeter Meter { get; }

    internal ScsiRing Scsi { get; }

    internal SessionRegistry Sessions { get; }

    internal IRingMailbox Mailbox { get; }

    internal IscsiLimits Limits { get; }

    internal TimeProvider Time { get; }

    internal TargetCatalog Catalog { get; private set; } = TargetCatalog.Empty;

    internal int RingIndex => Scsi.RingIndex;

    /// <summary>Takes a new TCP connection. Beyond the bound it is told to close at once, and answers like any other until it has.</summary>
    /// <param name="transport">The way out.</param>
    /// <param name="peer">Address of the other end, for people.</param>
    /// <param name="localPortal">What was dialled; SendTargets names it for targets without portals of their own.</param>
    public IscsiConnection Accept(IConnectionTransport transport, string peer, TargetPortal localPortal)
    {
        var connection = new IscsiConnection(this, transport, peer, localPortal);
        bool full = _connections.Count >= Limits.ConnectionsPerRing;
        _connections.Add(connection);
        if (full) connection.Close(afterSend: false);
        else MakeRoomForLogins();
        return connection;
    }

    /// <summary>Serves <paramref name="catalog"/> from now on; sessions that it does not change are not disturbed.</summary>
    public void Apply(TargetCatalog catalog)
    {
        Catalog = catalog;
        foreach (IscsiConnection connection in _connections.ToArray()) connection.Resolve(catalog);
    }

    /// <summary>After the completions and receives of a turn, before the transports send.</summary>
    public void EndOfTurn()
    {
        Scsi.EndOfTurn();
        Meter.EndOfTurn();
    }

    /// <summary>About once a second: login times, keep-alive.</summary>
    public void Tick()
    {
        for (int i = _connections.Count - 1; i >= 0; i--) _connections[i].Tick();
    }

    internal void Remove(IscsiConnection connection) => _connections.Remove(connection);

    /// <summary>Takes the place of bytes that wait for the turn of a command before them.</summary>
    internal bool TryKeep(int bytes)
    {
        if (bytes > Limits.BacklogBytesPerRing - _keptBytes) return false;
        _keptBytes += bytes;
        return true;
    }

    internal void Unkeep(int bytes) => _keptBytes -= bytes;

    /// <summary>A slot for a command; null past the bound. Slots are made as they are first needed and used again ever after.</summary>
    internal IscsiTask? TakeTask()
    {
        IscsiTask? task = _free;
        if (task is null) return _slotCount < Limits.CommandsPerRing ? new IscsiTask(Scsi, _slotCount++) : null;
        _free = task.NextFree;
        return task;
    }

    internal void Free(IscsiTask task)
    {
        task.NextFree = _free;
        _free = task;
    }

    /// <summary>Ends every command of this ring on <paramref name="unit"/>, whoever sent it; <paramref name="waiting"/> hears of each end.</summary>
    /// <remarks>Initiators other than <paramref name="by"/> get no status for them, but a unit attention.</remarks>
    internal void AbortAll(LogicalUnit unit, IscsiConnection by, PendingFunction waiting)
    {
        foreach (IscsiConnection connection in _connections) connection.AbortTasks(unit, waiting, by);
    }

    /// <summary>Ends the commands of this ring on <paramref name="unit"/> that <paramref name="affected"/> nexuses sent (PREEMPT AND ABORT).</summary>
    internal void AbortOf(LogicalUnit unit, Func<ScsiNexus, bool> affected, PendingFunction waiting)
    {
        foreach (IscsiConnection connection in _connections) connection.AbortTasksOf(unit, affected, waiting);
    }

    /// <summary>In the order of accepting, so the first half-open one is the oldest.</summary>
    private void MakeRoomForLogins()
    {
        int halfOpen = _connections.Count(static connection => connection.IsLoggingIn);
        if (halfOpen > Limits.HalfOpenPerRing) _connections.Find(static connection => connection.IsLoggingIn)!.DropCrowdedOut();
    }
}
