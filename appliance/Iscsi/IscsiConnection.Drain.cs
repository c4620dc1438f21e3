using VSan.Iscsi.Pdu;

namespace VSan.Iscsi;

/// <summary>Asynchronous messages by which the session is seen off (RFC 7143, 11.9.1).</summary>
public sealed partial class IscsiConnection
{
    /// <summary>What DefaultTime2Wait is agreed to at least: until then the initiator stays away.</summary>
    private const ushort ReconnectAfterSeconds = 2;

    internal bool IsOf(SessionSelection which) => IsOpen && _session is { } session && which.Includes(session.Target, LocalPortal);

    internal void RequestLogout(ushort withinSeconds)
    {
        if (_state != ConnectionState.FullFeature) return;
        Span<byte> pdu = stackalloc byte[BasicHeader.Bytes];
        AsyncMessage.FormatLogoutRequest(pdu, withinSeconds);
        SendWithStatus(pdu, default);
    }

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
