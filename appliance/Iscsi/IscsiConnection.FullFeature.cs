using System.Buffers;
using VSan.Iscsi.Pdu;

namespace VSan.Iscsi;

/// <summary>Full feature phase: dispatch by operation code, CmdSN order, NOP, logout.</summary>
public sealed partial class IscsiConnection
{
    /// <summary>Target transfer tag of our pings; one is outstanding at most.</summary>
    private const uint PingTag = 1;

    /// <summary>The PDU is outside the CmdSN window, a repetition or refused: its segment is dropped, nothing is done at its end.</summary>
    private bool _ignored;

    /// <summary>Data of the NOP-Out that is being received.</summary>
    private ArrayBufferWriter<byte>? _ping;

    /// <summary>A header is there, its segment is not: decides where the segment goes.</summary>
    private void OnHeader(BasicHeader header)
    {
        _ignored = false;
        if (_state != ConnectionState.FullFeature)
        {
            OnLoginHeader(header);
            return;
        }

        NoteAcknowledgement(header);
        switch (header.Opcode)
        {
            case Opcode.ScsiCommand:
                if (TakeCmdSN(header)) OnScsiCommand(header);
                break;
            case Opcode.DataOut:
                OnDataOut(header);
                break;
            case Opcode.TextRequest:
                if (TakeCmdSN(header)) OnTextHeader(header);
                break;
            case Opcode.NopOut:
                OnNopOutHeader(header);
                break;
            case Opcode.TaskManagementRequest:
            case Opcode.LogoutRequest:
                TakeCmdSN(header);
                break;
            case Opcode.SnackRequest:
                // Only ErrorRecoveryLevel 1 and 2 may ask again (RFC 7143, 11.16).
                Ignore(header, RejectReason.SnackReject, "RFC 7143, 11.16");
                break;
            case Opcode.LoginRequest:
                Refuse(header, new Violation(ViolationScope.Connection, RejectReason.ProtocolError, "RFC 7143, 6.3"));
                break;
            default:
                Ignore(header, RejectReason.CommandNotSupported, "RFC 7143, 11.2.1.2");
                break;
        }
    }

    /// <summary>The PDU is there to its last byte.</summary>
    private void OnPdu(BasicHeader header)
    {
        if (_ignored) return;
        if (_state != ConnectionState.FullFeature)
        {
            OnLoginRequest(header);
            return;
        }

        switch (header.Opcode)
        {
            case Opcode.ScsiCommand:
            case Opcode.DataOut:
                OnSegmentReceived();
                break;
            case Opcode.TextRequest:
                OnTextRequest(header);
                break;
            case Opcode.NopOut:
                OnNopOut(header);
                break;
            case Opcode.TaskManagementRequest:
                OnTaskManagement(header);
                break;
            case Opcode.LogoutRequest:
                OnLogout(header);
                break;
        }
    }

    private void Ignore(BasicHeader header, RejectReason reason, string clause)
    {
        _ignored = true;
        Refuse(header, new Violation(ViolationScope.Command, reason, clause));
    }

    /// <summary>
    /// Commands of one connection come in order (RFC 7143, 4.2.2.1), so one that is ahead in a session with no other means that one was lost,
    /// which at ErrorRecoveryLevel 0 ends the session; what lies outside the window is silently ignored.
    /// </summary>
    private bool TakeCmdSN(BasicHeader header)
    {
        if (header.Immediate) return true;
        IscsiSession session = _session!;
        if (header.CmdSN == session.ExpCmdSN && !SerialNumber.IsBefore(session.MaxCmdSN, header.CmdSN))
        {
            session.ExpCmdSN++;
            return true;
        }

        _ignored = true;
        bool inWindow = SerialNumber.IsBefore(session.ExpCmdSN, header.CmdSN) && !SerialNumber.IsBefore(session.MaxCmdSN, header.CmdSN);
        if (inWindow) Refuse(header, new Violation(ViolationScope.Connection, RejectReason.ProtocolError, "RFC 7143, 4.2.2.1"));
        return false;
    }

    private void OnNopOutHeader(BasicHeader header)
    {
        // An answer to our ping, or a sign of life: it must be immediate, has no CmdSN of its own and wants nothing (RFC 7143, 11.18.1).
        if (header.InitiatorTaskTag == BasicHeader.ReservedTag) _ignored = true;
        else if (TakeCmdSN(header) && header.DataSegmentLength > 0) _segmentSink = _ping = new ArrayBufferWriter<byte>();
    }

    private void OnNopOut(BasicHeader header)
    {
        ReadOnlySpan<byte> data = _ping is null ? default : _ping.WrittenSpan;
        data = data[..Math.Min(data.Length, _parameters.SendSegmentBytesMax)];
        _ping = null;
        Span<byte> pdu = stackalloc byte[BasicHeader.Bytes];
        NopIn.Format(pdu, data.Length, header.InitiatorTaskTag, BasicHeader.ReservedTag);
        SendWithStatus(pdu, data);
    }

    private void OnLogout(BasicHeader header)
    {
        const int closeSession = 0, closeConnection = 1;
        int reason = header.Flags & 0x7F;
        IscsiConnection? leaving = reason == closeConnection ? _session!.Find(header.UInt16(20)) : null;

        // 2 would keep tasks for recovery (RFC 7143, 11.14).
        byte response = reason switch
        {
            closeSession => LogoutResponse.Closed,
            closeConnection => leaving is null ? LogoutResponse.ConnectionNotFound : LogoutResponse.Closed,
            _ => LogoutResponse.RecoveryNotSupported,
        };
        Span<byte> pdu = stackalloc byte[BasicHeader.Bytes];
        LogoutResponse.Format(pdu, response, header.InitiatorTaskTag);
        SendWithStatus(pdu, default);
        if (reason == closeSession) Close(afterSend: true);
        else leaving?.LogOut();
    }
}
