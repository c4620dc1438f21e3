using VSan.Iscsi.Pdu;

namespace VSan.Iscsi;

/// <summary>Asynchronous messages by which the session is seen off (RFC 7143, 11.9.1).</summary>
public sealed partial class IscsiConnection
{
    /// <summary>What DefaultTime2Wait is agreed to at least: until then the initiator stays away.</summary>
    private const ushort ReconnectAfterSeconds = 2;

    /// <summary>The session that it is in, or was.</summary>
    internal IscsiSession? Session => _session;

    /// <summary>It logs in where nobody may at present.</summary>
    private bool IsBeingDrained => Ring.Draining?.Includes(_login!.Target, LocalPortal) == true;

    internal bool IsOf(SessionSelection which) => IsOpen && _session is { } session && which.Includes(session.Target, LocalPortal);

    /// <summary>Each connection is asked on its own, as it may be one of several that stay (RFC 7143, 11.9.1).</summary>
    internal void RequestLogout(ushort withinSeconds)
    {
        if (_state != ConnectionState.FullFeature) return;
        Span<byte> pdu = stackalloc byte[BasicHeader.Bytes];
        AsyncMessage.FormatLogoutRequest(pdu, withinSeconds);
        SendWithStatus(pdu, default);
    }

    /// <summary>Ends the session with a word to its initiator: at ErrorRecoveryLevel 0 none outlives a connection that is dropped.</summary>
    internal void DropSession()
    {
        if (_state == ConnectionState.FullFeature)
        {
            Span<byte> pdu = stackalloc byte[BasicHeader.Bytes];
            AsyncMessage.FormatSessionDropped(pdu, ReconnectAfterSeconds);
            SendWithStatus(pdu, default);
        }

        Close(afterSend: true);
    }
}
