using VSan.Iscsi.Login;
using VSan.Iscsi.Pdu;

namespace VSan.Iscsi;

/// <summary>
/// The connections of a session (RFC 7143, 4.2.2): who may join, whose command is next, how they leave and end. At ErrorRecoveryLevel 0 a
/// connection that fails takes the session with it; only one that logs out, or is reinstated, leaves the others alone.
/// </summary>
internal sealed partial class IscsiSession
{
    // A new array for each change, as people look from other threads.
    private IscsiConnection[] _connections;
    private readonly ushort _portalGroupTag;
    private bool _ended;

    /// <summary>The leading one, unless it left, and those that joined. Any thread.</summary>
    public IReadOnlyList<IscsiConnection> Connections => Volatile.Read(ref _connections);

    /// <summary>Commands may overtake each other on the way, so that one that is ahead waits.</summary>
    public bool HasSeveralConnections => _connections.Length > 1;

    /// <summary>The connection with this CID, or null.</summary>
    public IscsiConnection? Find(ushort connectionId) => Array.Find(_connections, each => each.ConnectionId == connectionId);

    /// <summary>May <paramref name="connection"/>, which has logged in, join?</summary>
    public LoginStatus Admits(IscsiConnection connection, LoginNegotiation login, ulong isid)
    {
        bool isOurs = !_ended && ReferenceEquals(connection.Ring, Ring) && isid == Isid
            && login.InitiatorName == InitiatorName && login.Target is { } target && target.Name == Target?.Name;
        if (!isOurs) return LoginStatus.SessionDoesNotExist;

        // A session is between an initiator and one portal group (RFC 7143, 4.4.3).
        if (connection.LocalPortal.GroupTag != _portalGroupTag) return LoginStatus.CannotIncludeInSession;
        bool isReinstated = Find(connection.ConnectionId) is not null;
        return isReinstated || _connections.Length < Parameters.MaxConnections ? LoginStatus.Success : LoginStatus.TooManyConnections;
    }

    /// <summary>Adds a connection that is admitted.</summary>
    public void Join(IscsiConnection connection) => Volatile.Write(ref _connections, [.. _connections, connection]);

    /// <summary>Takes a connection out; the session goes on.</summary>
    public void Leave(IscsiConnection connection) => Volatile.Write(ref _connections, [.. _connections.Where(each => !ReferenceEquals(each, connection))]);

    public bool Has(IscsiConnection connection) => Array.IndexOf(_connections, connection) >= 0;

    /// <summary>Lets each connection go on whose next command has its turn, until there is none.</summary>
    public void ResumeInOrder()
    {
        for (bool any = true; any;)
        {
            any = false;
            foreach (IscsiConnection connection in _connections) any |= connection.TryResume();
        }
    }

    /// <summary>
    /// Runs <paramref name="then"/> when the initiator has seen every status that was sent on connections other than <paramref name="by"/>, so that
    /// nothing of before overtakes what is said next (response fence: RFC 7143, 4.2.2.3.2).
    /// </summary>
    public void WhenAcknowledged(IscsiConnection by, Action then)
    {
        var fence = new PendingFunction(then);
        foreach (IscsiConnection connection in _connections)
        {
            if (!ReferenceEquals(connection, by)) connection.AwaitAcknowledgement(fence);
        }

        fence.Done();
    }

    /// <summary>Ends the session with all of its connections.</summary>
    /// <param name="afterSend">Behind what each has still to send.</param>
    public void End(bool afterSend)
    {
        if (_ended) return;
        _ended = true;
        Ring.Sessions.Leave(this);
        foreach (IscsiConnection connection in _connections) connection.Shut(afterSend);
        Nexus.End();
    }

    /// <summary>Ends for a session of the same initiator port; <paramref name="onQuiet"/> runs when nothing of this one can touch a volume.</summary>
    public void GiveWay(Action onQuiet)
    {
        End(afterSend: false);
        Outstanding.WhenNone(onQuiet);
    }
}
