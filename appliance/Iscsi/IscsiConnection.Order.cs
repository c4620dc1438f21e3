using VSan.Iscsi.Pdu;

namespace VSan.Iscsi;

/// <summary>
/// What a header says before it is acted on: the connection belongs to another ring, or the command is ahead of its turn. Commands of one
/// session are delivered in the order of CmdSN, whichever connection they come on (RFC 7143, 4.2.2.1), so this connection then waits: its
/// header stays where it is, what came behind it is kept, and nothing more is read until the missing commands have come.
/// </summary>
public sealed partial class IscsiConnection
{
    private readonly ReceiveBacklog _backlog = new();
    private IscsiRing? _movesTo;
    private long? _heldSince;
    private int _heldHeaderBytes;

    /// <summary>Goes on when the command that waits here is the next one.</summary>
    /// <returns><c>false</c>: nothing has changed.</returns>
    internal bool TryResume()
    {
        if (_heldSince is null || !IsOpen || SerialNumber.IsBefore(_session!.ExpCmdSN, new BasicHeader(_header).CmdSN)) return false;
        _heldSince = null;
        BeginPdu(_header.AsSpan(0, _heldHeaderBytes));
        ParseBacklog();
        if (_heldSince is null) Transport.PauseReceive(false);
        return true;
    }

    /// <summary>Holds the header back where it must not be acted on here and now.</summary>
    /// <param name="bytes">Header with its additional segments and digest.</param>
    private bool HoldsBack(ReadOnlySpan<byte> bytes)
    {
        var header = new BasicHeader(bytes);
        if (IsAheadOfTurn(header))
        {
            _heldSince = Ring.Meter.Now;
            Transport.PauseReceive(true);
        }
        else if (_state == ConnectionState.LoggingIn && _login is null && RingOf(header) is { } ring)
        {
            _movesTo = ring;
            _state = ConnectionState.Moving;
        }
        else
        {
            return false;
        }

        if (!bytes.Overlaps(_header)) bytes.CopyTo(_header);
        _heldHeaderBytes = bytes.Length;
        return true;
    }

    private bool IsAheadOfTurn(BasicHeader header)
    {
        if (_session is not { HasSeveralConnections: true } session || _state != ConnectionState.FullFeature) return false;
        if (header.Opcode is Opcode.DataOut or Opcode.SnackRequest) return false;

        // A function that ends tasks concerns all that were sent before it, so that it waits for them although it is immediate (RFC 7143, 4.2.3.3).
        if (header.Immediate && header.Opcode != Opcode.TaskManagementRequest) return false;
        return SerialNumber.IsBefore(session.ExpCmdSN, header.CmdSN) && !SerialNumber.IsBefore(session.MaxCmdSN, header.CmdSN);
    }

    /// <summary>Another ring, when the session that the login names lives there.</summary>
    private IscsiRing? RingOf(BasicHeader header)
    {
        var request = new LoginRequest(header);
        if (header.Opcode != Opcode.LoginRequest || request.Tsih == 0) return null;
        IscsiRing? ring = Ring.Sessions.Find(request.Tsih)?.Ring;
        return ReferenceEquals(ring, Ring) ? null : ring;
    }

    /// <summary>Keeps what came behind a header that waits.</summary>
    private void Keep(ReadOnlySpan<byte> bytes)
    {
        if (Ring.TryKeep(bytes.Length)) _backlog.Append(bytes);
        else Drop(DropReason.BacklogFull, null);
    }

    private void ParseBacklog()
    {
        ReadOnlySpan<byte> unread = _backlog.Unread;
        int consumed = unread.Length - Parse(unread).Length;
        if (!IsOpen) return;
        _backlog.Consume(consumed);
        Ring.Unkeep(consumed);
    }

    private void ForgetBacklog()
    {
        Ring.Unkeep(_backlog.Length);
        _backlog.Consume(_backlog.Length);
        _heldSince = null;
    }
}
