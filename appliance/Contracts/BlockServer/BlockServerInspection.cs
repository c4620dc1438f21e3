namespace VSan.Contracts.BlockServer;

/// <summary>A block server seen from outside.</summary>
/// <param name="Portals">Addresses that listen; with port 0 asked, the port that was given.</param>
/// <param name="Volumes">What is served.</param>
/// <param name="Sessions">Who is logged in.</param>
/// <param name="Rings">One for each core.</param>
public sealed record BlockServerInspection(
    IReadOnlyList<string> Portals,
    IReadOnlyList<VolumeInspection> Volumes,
    IReadOnlyList<SessionInspection> Sessions,
    IReadOnlyList<RingInspection> Rings)
{
    /// <summary>Commands that are not answered, the oldest first; at most 100 of them.</summary>
    public IReadOnlyList<CommandInspection> OldestCommands { get; init; } = [];

    /// <summary>What went wrong with peers since start, by event and reason; what never happened is left out.</summary>
    public IReadOnlyList<EventInspection> Events { get; init; } = [];
}

/// <summary>One volume and its counters since start.</summary>
public sealed record VolumeInspection(Guid Id, long SizeBytes, string State, long ReadCommands, long WriteCommands, long ReadBytes, long WrittenBytes, long Errors)
{
    /// <summary><c>thin</c> or <c>thick</c>; null when it could not be opened.</summary>
    public string? Provisioning { get; init; }

    /// <summary>Bytes that it takes on its store; blocks that it shares with snapshots count in full. Null where nobody can tell.</summary>
    public long? AllocatedBytes { get; init; }

    /// <summary>The disk behind it, as the configuration can ask for it; null for one that is not on a device.</summary>
    public string? DeviceIdentity { get; init; }

    /// <summary>Commands not answered yet.</summary>
    public int CommandsInFlight { get; init; }

    /// <summary>Times from a command's arrival to its answer; operations that never happened are left out.</summary>
    public IReadOnlyList<LatencyInspection> Latencies { get; init; } = [];

    /// <summary>The same of reads and writes together, as a histogram; null when there was none.</summary>
    public LatencyCounts? ReadWriteLatencies { get; init; }

    /// <summary>Commands that ended otherwise than well, by sense key or status; what never happened is left out.</summary>
    public IReadOnlyList<EventInspection> BadEnds { get; init; } = [];

    /// <summary>Of a thin volume in a file: its store's space; else null.</summary>
    public SpaceInspection? Space { get; init; }

    /// <summary>Its limits as they are kept; null for none.</summary>
    public LimitConfiguration? Limits { get; init; }

    /// <summary>Requests that had to wait for a limit since the volume was opened.</summary>
    public long LimitedRequests { get; init; }

    /// <summary>Requests that wait for the limit now.</summary>
    public int WaitingRequests { get; init; }
}

/// <summary>What a thin volume takes of its store, as of the last second.</summary>
/// <param name="UsedBytes">Bytes that it takes.</param>
/// <param name="AvailableBytes">Bytes that the store has left for all of its volumes.</param>
/// <param name="ThresholdBytes">Once no more than this is left, initiators and the log are warned; null while there is no threshold.</param>
/// <param name="Low">True from that moment on until there is room again.</param>
public sealed record SpaceInspection(long UsedBytes, long AvailableBytes, long? ThresholdBytes, bool Low);

/// <summary>One iSCSI session.</summary>
public sealed record SessionInspection(string InitiatorName, string TargetName, int Tsih, string Peer, int CommandsInFlight, long Commands)
{
    /// <summary>The ring that serves it, 0-based.</summary>
    public int Ring { get; init; }

    /// <summary>Since login.</summary>
    public double AgeSeconds { get; init; }

    /// <summary>What was agreed at login, as key=value pairs.</summary>
    public string Parameters { get; init; } = "";

    /// <summary>Bytes handed to the initiator.</summary>
    public long ReadBytes { get; init; }

    /// <summary>Bytes taken from it.</summary>
    public long WrittenBytes { get; init; }

    /// <inheritdoc cref="VolumeInspection.Latencies"/>
    public IReadOnlyList<LatencyInspection> Latencies { get; init; } = [];

    /// <inheritdoc cref="VolumeInspection.BadEnds"/>
    public IReadOnlyList<EventInspection> BadEnds { get; init; } = [];
}

/// <summary>One ring.</summary>
/// <param name="Index">0-based.</param>
/// <param name="Connections">Connections that live on it.</param>
/// <param name="FreeBufferBytes">Data buffers not in use.</param>
/// <param name="Enters">Calls since start that hand over and wait: io_uring_enter, or epoll_wait.</param>
public sealed record RingInspection(int Index, int Connections, long FreeBufferBytes, long Enters)
{
    /// <summary>Data buffers in all.</summary>
    public long BufferBytes { get; init; }

    /// <summary>False: it has not answered within a second, and its commands are not shown.</summary>
    public bool Responding { get; init; } = true;

    /// <summary>Commands not answered yet, by what they wait for.</summary>
    public IReadOnlyList<EventInspection> CommandsInFlight { get; init; } = [];
}

/// <summary>How long commands of one operation took, since start.</summary>
/// <param name="Operation"><c>read</c>, <c>write</c>, <c>flush</c>, <c>unmap</c> or <c>other</c>.</param>
/// <param name="Commands">How many.</param>
/// <param name="P50Seconds">Half of them took no longer; at most a quarter too large.</param>
/// <param name="P99Seconds">99 in 100 took no longer.</param>
/// <param name="P999Seconds">999 in 1,000 took no longer.</param>
/// <param name="LongestSeconds">The longest one.</param>
public sealed record LatencyInspection(string Operation, long Commands, double P50Seconds, double P99Seconds, double P999Seconds, double LongestSeconds);

/// <summary>A command that is not answered.</summary>
/// <param name="AgeSeconds">Since its first byte was seen.</param>
/// <param name="Command">The standard's name.</param>
/// <param name="Phase">What it waits for: a <c>buffer</c>, <c>data</c> of the initiator, the <c>gate</c> of an atomic command, the <c>volume</c>, its <c>answer</c>.</param>
/// <param name="VolumeId">The volume; null where the LUN has none.</param>
/// <param name="Lun">LUN as the initiator has it; -1 for a field that is none.</param>
/// <param name="InitiatorName">Who sent it.</param>
/// <param name="Tsih">In which session.</param>
/// <param name="Tag">Initiator task tag.</param>
/// <param name="Ring">On which ring, 0-based.</param>
/// <param name="OutstandingR2T">R2Ts that the initiator has not met.</param>
public sealed record CommandInspection(
    double AgeSeconds, string Command, string Phase, Guid? VolumeId, int Lun, string InitiatorName, int Tsih, uint Tag, int Ring, int OutstandingR2T);

/// <summary>How often something happened, or how many there are.</summary>
/// <param name="Name">What.</param>
/// <param name="Count">How often.</param>
public sealed record EventInspection(string Name, long Count);
