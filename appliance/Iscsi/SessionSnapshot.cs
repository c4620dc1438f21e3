namespace VSan.Iscsi;

/// <summary>One session, for people to look at.</summary>
/// <param name="InitiatorName">Who.</param>
/// <param name="TargetName">On which target; null for a discovery session.</param>
/// <param name="Tsih">Target session identifying handle.</param>
/// <param name="Peer">Address of the other end.</param>
/// <param name="RingIndex">The ring that serves it.</param>
/// <param name="InFlight">Commands not answered yet.</param>
/// <param name="Commands">Commands since login.</param>
public sealed record SessionSnapshot(
    string InitiatorName,
    string? TargetName,
    ushort Tsih,
    string Peer,
    int RingIndex,
    int InFlight,
    long Commands)
{
    /// <summary>Since login.</summary>
    public TimeSpan Age { get; init; }

    /// <summary>What was agreed at login, as key=value pairs.</summary>
    public string Parameters { get; init; } = "";

    /// <summary>The access list's entry by which it came in: a name of the configuration, or <see cref="TargetAccess.Anybody"/>; null for discovery.</summary>
    public string? AccessName { get; init; }

    /// <summary>What it counted.</summary>
    public Scsi.CommandTotals Totals { get; init; } = new();
}
