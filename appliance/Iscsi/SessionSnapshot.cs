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
    long Commands);
