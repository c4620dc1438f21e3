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
        foreach (IscsiConnection connection in _connections)
        {
            if (connection.IsOf(which)) connection.RequestLogout(withinSeconds);
        }

        return CountSessions(which);
    }

    /// <summary>Sessions that have not ended.</summary>
    public int CountSessions(SessionSelection which) => _connections.Count(connection => connection.IsOf(which));

    /// <summary>Ends sessions, and says so to their initiators.</summary>
    /// <returns>How many.</returns>
    public int DropSessions(SessionSelection which)
    {
        List<IscsiConnection> dropped = _connections.FindAll(connection => connection.IsOf(which));
        foreach (IscsiConnection connection in dropped) connection.DropSession();
        return dropped.Count;
    }
}
