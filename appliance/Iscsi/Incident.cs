namespace VSan.Iscsi;

/// <summary>What went wrong with a peer, once, for people.</summary>
/// <param name="Kind">What it led to.</param>
/// <param name="Reason">Which one, in a word of a closed set; never the peer's own text.</param>
/// <param name="Clause">Where the standard says so; null where the bound is ours.</param>
/// <param name="Peer">Address and port of the other end.</param>
/// <param name="InitiatorName">As the peer gave it, hostile or not; empty before it did.</param>
public readonly record struct Incident(IncidentKind Kind, string Reason, string? Clause, string Peer, string InitiatorName);

/// <summary>What an <see cref="Incident"/> led to.</summary>
public enum IncidentKind
{
    /// <summary>A PDU was refused; the session goes on.</summary>
    PduRejected,

    /// <summary>The connection ended, and with it the session.</summary>
    ConnectionDropped,

    /// <summary>A login was answered with a status that is not success.</summary>
    LoginRefused,
}

/// <summary>Who hears of incidents. Ring thread: it takes the value and returns, whatever the disk of a log does.</summary>
public interface IIncidentLog
{
    /// <summary>Once for each refused PDU, dropped connection and refused login.</summary>
    void OnIncident(in Incident incident);
}
