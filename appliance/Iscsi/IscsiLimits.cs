namespace VSan.Iscsi;

/// <summary>Every bound of the iSCSI layer, with its unit and its reason. What exceeds one gets the RFC's refusal, never more memory.</summary>
public sealed record IscsiLimits
{
    /// <summary>Connections of one ring; one more is closed at once. The transport has this bound too and gives its own, so that there is one figure.</summary>
    public required int ConnectionsPerRing { get; init; }

    /// <summary>Connections of one session (MaxConnections): as many as a host has ports to spread over. All live on one ring.</summary>
    public int ConnectionsPerSession { get; init; } = 8;

    /// <summary>
    /// Bytes of one ring that were received behind a command whose turn has not come, as an earlier one is still under way on another
    /// connection of its session. With more the session ends. A ring's receive buffers hold 4 MiB, and a connection that waits is not read from.
    /// </summary>
    public int BacklogBytesPerRing { get; init; } = 16 * 1024 * 1024;

    /// <summary>Time that a command waits for an earlier one of its session; after it the earlier one is taken for lost, and the session ends.</summary>
    public TimeSpan MissingCommandTime { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Task management functions that wait until the initiator has seen the statuses of one connection; with one more the session ends.</summary>
    public int FencesPerConnection { get; init; } = 64;

    /// <summary>Commands in flight of one session: the CmdSN window. 128 fills the pipe of 4 KiB reads of a stock initiator.</summary>
    public int CommandsPerSession { get; init; } = 128;

    /// <summary>Command slots of one ring, made at start (about 600 bytes each). None left: TASK SET FULL.</summary>
    public int CommandsPerRing { get; init; } = 4096;

    /// <summary>Bytes of one text or login negotiation, over all its PDUs (a stock login is under 1 KiB).</summary>
    public int NegotiationBytesMax { get; init; } = 64 * 1024;

    /// <summary>Text and login PDUs of one negotiation: endless empty continuations end here.</summary>
    public int NegotiationPdusMax { get; init; } = 64;

    /// <summary>MaxRecvDataSegmentLength that we declare: large, as segments land in the command's buffer and not in ours.</summary>
    public int MaxRecvDataSegmentLength { get; init; } = 256 * 1024;

    /// <summary>MaxBurstLength that we want; an initiator may bring it down.</summary>
    public int MaxBurstLength { get; init; } = 1024 * 1024;

    /// <summary>FirstBurstLength that we want: most writes then need no R2T round trip.</summary>
    public int FirstBurstLength { get; init; } = 256 * 1024;

    /// <summary>R2Ts that may be outstanding for one command.</summary>
    public int MaxOutstandingR2T { get; init; } = 8;

    /// <summary>Bytes of NOP-Out ping data that are kept and returned.</summary>
    public int PingBytesMax { get; init; } = 8 * 1024;

    /// <summary>From accept to full feature phase; half-open logins end here.</summary>
    public TimeSpan LoginTime { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Connections of one ring that have not logged in. One more closes the oldest of them, so that a flood of half-open logins takes no
    /// more than a quarter of the places, and none of those that work; a login takes milliseconds and is long through.
    /// </summary>
    public int HalfOpenPerRing { get; init; } = 128;

    /// <summary>Silence of a session after which a NOP-In asks for a sign of life.</summary>
    public TimeSpan SilenceBeforePing { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Silence of a session after which its connection is dropped.</summary>
    public TimeSpan SilenceBeforeDrop { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Time in which one write's data must make progress; after it the connection is dropped, and its buffers are free for others.</summary>
    public TimeSpan DataOutTime { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Sessions of the whole server.</summary>
    public int SessionsMax { get; init; } = 8192;
}
