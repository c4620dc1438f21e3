namespace VSan.Iscsi;

/// <summary>
/// How sessions are seen off, for maintenance and before the process ends (RFC 7143, 11.9): asked to log out, and dropped with a word.
/// </summary>
public sealed partial class IscsiRing
{
    /// <summary>Those that are being seen off: none of them may log in. Null: nobody is.</summary>
    public SessionSelection? Draining { get; set; }

    /// <summary>Asks initiators to log out.</summary>
    /// <returns>How many sessions are meant.</returns>
    public int RequestLogout(SessionSelection which, ushort withinSeconds)
    {
        List<IscsiConnection> asked = Of(which);
        foreach (IscsiConnection connection in asked) connection.RequestLogout(withinSeconds);
        return SessionsOf(asked);
    }

    /// <summary>Sessions that have a connection which is meant.</summary>
    public int CountSessions(SessionSelection which) => SessionsOf(Of(which));

    /// <summary>Ends sessions that have a connection which is meant, and says so to their initiators.</summary>
    /// <returns>How many.</returns>
    public int DropSessions(SessionSelection which)
    {
        List<IscsiConnection> dropped = Of(which);
        int sessions = SessionsOf(dropped);
        foreach (IscsiConnection connection in dropped) connection.DropSession();
        return sessions;
    }

    private List<IscsiConnection> Of(SessionSelection which) => _connections.FindAll(connection => connection.IsOf(which));

    private static int SessionsOf(List<IscsiConnection> connections) => connections.Select(connection => connection.Session).Distinct().Count();
}
