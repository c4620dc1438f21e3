using VSan.Iscsi.Login;
using VSan.Scsi;

namespace VSan.Iscsi;

/// <summary>
/// A session in full feature phase: its connections, the CmdSN window that they share, the tasks in flight. Owned by the ring's thread on which
/// all of its connections live.
/// </summary>
internal sealed partial class IscsiSession
{
    private const int Buckets = 256;

    private readonly IscsiTask?[] _tasks = new IscsiTask?[Buckets];
    private long _commands;
    private int _inFlight;
    private int _inWindow;
    private uint _maxCmdSN;

    public IscsiSession(IscsiConnection leading, LoginNegotiation login, ulong isid, uint cmdSN)
    {
        (Ring, _connections, _portalGroupTag) = (leading.Ring, [leading], leading.LocalPortal.GroupTag);
        (InitiatorName, Target, Access, Isid) = (login.InitiatorName, login.Target, login.Access, isid);
        (Parameters, ExpCmdSN) = (login.Parameters, cmdSN);
        Nexus = new ScsiNexus(new NexusIdentity(InitiatorName, isid, Target?.Name ?? string.Empty, _portalGroupTag));
        if (Target is { Ports.Count: > 0 }) Nexus.ShowTargetPorts(Target.Ports);
        _maxCmdSN = cmdSN - 1;
        LoggedInAt = Ring.Time.GetTimestamp();
        foreach ((int lun, TargetLun mapped) in login.Access?.Luns ?? new Dictionary<int, TargetLun>())
        {
            Nexus.Map(lun, mapped.Unit, mapped.ReadOnly);
        }
    }

    public IscsiRing Ring { get; }

    public string InitiatorName { get; }

    /// <summary>Null in a discovery session.</summary>
    public IscsiTarget? Target { get; private set; }

    public TargetAccess? Access { get; private set; }

    public ulong Isid { get; }

    public ushort Tsih { get; set; }

    public SessionParameters Parameters { get; }

    public ScsiNexus Nexus { get; }

    /// <summary>When it began; a timestamp of the ring's clock.</summary>
    public long LoggedInAt { get; }

    /// <summary>What its commands cost and how they ended.</summary>
    public CommandMeasures Measures { get; } = new();

    public uint ExpCmdSN { get; set; }

    /// <summary>Tasks of all of its connections, also of those that left it.</summary>
    public OutstandingTasks Outstanding { get; } = new();

    /// <summary>Commands that are not answered. Any thread, a little late.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Commands since login. Any thread, a little late.</summary>
    public long Commands => Volatile.Read(ref _commands);

    /// <summary>The last CmdSN that we take: it never goes back (RFC 7143, 4.2.2.1), and leaves room for what is unanswered.</summary>
    public uint MaxCmdSN
    {
        get
        {
            uint now = ExpCmdSN + (uint)Math.Max(0, Ring.Limits.CommandsPerSession - _inWindow) - 1;
            if (SerialNumber.IsBefore(_maxCmdSN, now)) _maxCmdSN = now;
            return _maxCmdSN;
        }
    }

    public void Add(IscsiTask task)
    {
        ref IscsiTask? bucket = ref _tasks[Bucket(task.Tag)];
        task.NextSameBucket = bucket;
        bucket = task;
        Outstanding.Begin();
        _commands++;
        _inFlight++;
        if (!task.Immediate) _inWindow++;
    }

    /// <summary>The answer is queued, or will never be: the place in the window is free, the tag may be used again.</summary>
    public void OnAnswered(IscsiTask task)
    {
        ref IscsiTask? link = ref _tasks[Bucket(task.Tag)];
        while (!ReferenceEquals(link, task)) link = ref link!.NextSameBucket;
        link = task.NextSameBucket;
        task.NextSameBucket = null;
        _inFlight--;
        if (!task.Immediate) _inWindow--;
    }

    public IscsiTask? Find(uint tag)
    {
        IscsiTask? task = _tasks[Bucket(tag)];
        while (task is not null && task.Tag != tag) task = task.NextSameBucket;
        return task;
    }

    /// <summary>The unanswered tasks as they are now; for task management, which ends some while it walks.</summary>
    public List<IscsiTask> Tasks()
    {
        var tasks = new List<IscsiTask>();
        foreach (IscsiTask? first in _tasks)
        {
            for (IscsiTask? task = first; task is not null; task = task.NextSameBucket) tasks.Add(task);
        }

        return tasks;
    }

    /// <summary>True when a write of <paramref name="connection"/> has waited too long for data that the initiator owes, however alive it is otherwise.</summary>
    /// <remarks>Once a second for each session, so it makes no list of the tasks.</remarks>
    public bool HasStalledDataOut(IscsiConnection connection, long now)
    {
        bool stalled = false;
        foreach (IscsiTask? first in _tasks)
        {
            for (IscsiTask? task = first; task is not null; task = task.NextSameBucket)
            {
                if (!ReferenceEquals(task.Connection, connection) || !task.OwesData || task.NotesProgress(now)) continue;
                stalled |= Ring.Time.GetElapsedTime(task.ProgressAt, now) >= Ring.Limits.DataOutTime;
            }
        }

        return stalled;
    }

    /// <summary>Shows the LUNs of a new configuration, by difference.</summary>
    /// <returns>Logical units that this session sees no more.</returns>
    public List<LogicalUnit> Resolve(IscsiTarget target, TargetAccess access)
    {
        var gone = new List<LogicalUnit>();
        bool changed = false;
        IReadOnlyDictionary<int, TargetLun> before = Access?.Luns ?? new Dictionary<int, TargetLun>();
        foreach ((int lun, TargetLun old) in before)
        {
            if (access.Luns.TryGetValue(lun, out TargetLun? now) && ReferenceEquals(now.Unit, old.Unit)) continue;
            gone.Add(old.Unit);
            changed |= Nexus.Unmap(lun);
        }

        foreach ((int lun, TargetLun now) in access.Luns) changed |= Nexus.Map(lun, now.Unit, now.ReadOnly);
        (Target, Access) = (target, access);
        if (target.Ports.Count > 0) Nexus.ShowTargetPorts(target.Ports);
        if (changed) Nexus.ReportLunsChanged();
        return gone;
    }

    private static int Bucket(uint tag) => (int)(tag % Buckets);
}
