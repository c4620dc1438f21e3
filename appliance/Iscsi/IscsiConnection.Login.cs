using System.Buffers;
using System.Text;
using VSan.Iscsi.Login;
using VSan.Iscsi.Pdu;

namespace VSan.Iscsi;

/// <summary>Login phase: continuation of key text, the answers, the step into full feature phase.</summary>
public sealed partial class IscsiConnection
{
    private LoginNegotiation? _login;
    private ArrayBufferWriter<byte>? _text;
    private int _negotiationPdus;
    private uint _loginCmdSN;
    private uint _loginTag;
    private ushort _loginTsih;
    private ulong _isid;

    /// <summary>The session that the login names, where it names one.</summary>
    private IscsiSession? _joins;

    private void OnLoginHeader(BasicHeader header)
    {
        // Anything else before the login ends the connection without a word (RFC 7143, 6.3): no reject, nothing to negotiate with.
        if (header.Opcode != Opcode.LoginRequest || _state == ConnectionState.Joining) Drop(DropReason.NotALogin, "RFC 7143, 6.3");
        else BeginText();
    }

    private void BeginText() => _segmentSink = _text ??= new ArrayBufferWriter<byte>();

    private ReadOnlySpan<byte> Text => _text is null ? default : _text.WrittenSpan;

    private void OnLoginRequest(BasicHeader header)
    {
        var request = new LoginRequest(header);
        if (_login is null)
        {
            _login = new LoginNegotiation(Ring.Catalog, LocalPortal.GroupTag, Ring.Limits, isJoining: request.Tsih != 0);
            (_loginCmdSN, _loginTag, _isid, _loginTsih) = (header.CmdSN, header.InitiatorTaskTag, request.Isid, request.Tsih);
            ConnectionId = request.ConnectionId;
            _joins = Ring.Sessions.Find(request.Tsih) is { } session && ReferenceEquals(session.Ring, Ring) ? session : null;
        }

        // One login has one task tag and one name (RFC 7143, 11.12).
        bool same = _loginTag == header.InitiatorTaskTag && _isid == request.Isid && _loginTsih == request.Tsih && ConnectionId == request.ConnectionId;
        if (!same || ++_negotiationPdus > Ring.Limits.NegotiationPdusMax || (request.Continue && request.Transit))
        {
            RefuseLogin(request, LoginStatus.InitiatorError);
            return;
        }

        if (request.Tsih != 0 && _joins is null)
        {
            RefuseLogin(request, LoginStatus.SessionDoesNotExist);
            return;
        }

        if (request.Continue)
        {
            SendLogin(request, (byte)(request.CurrentStage << 2), default, LoginStatus.Success);
            return;
        }

        var answer = new StringBuilder();
        LoginStatus status = _login.Next(request, Text, answer, out byte flags);
        _text?.ResetWrittenCount();
        if (status != LoginStatus.Success) RefuseLogin(request, status);
        else if (answer.Length > LoginSegmentBytesMax) RefuseLogin(request, LoginStatus.InitiatorError);
        else if ((flags & 0x83) == 0x83 && IsBeingDrained) RefuseLogin(request, LoginStatus.ServiceUnavailable);
        else if ((flags & 0x83) == 0x83 && _joins is not null) Join(_joins, request, flags, answer);
        else if ((flags & 0x83) == 0x83) BeginSession(request, flags, answer);
        else SendLogin(request, flags, Encoding.UTF8.GetBytes(answer.ToString()), status);
    }

    private void BeginSession(LoginRequest request, byte flags, StringBuilder answer)
    {
        var session = new IscsiSession(this, _login!, _isid, _loginCmdSN);
        if (!Ring.Sessions.TryJoin(session, out IscsiSession? replaced))
        {
            RefuseLogin(request, LoginStatus.OutOfResources);
            return;
        }

        _session = session;
        byte[] text = Encoding.UTF8.GetBytes(answer.ToString());
        if (replaced is null)
        {
            EnterFullFeature(flags, text);
            return;
        }

        // The new session answers when no write of the old one can land any more, whichever ring that was on.
        _state = ConnectionState.Joining;
        replaced.Ring.Mailbox.Post(() => replaced.GiveWay(() => EnterFullFeatureLater(flags, text)));
    }

    /// <summary>One more connection of a session, or the successor of one that it has.</summary>
    private void Join(IscsiSession session, LoginRequest request, byte flags, StringBuilder answer)
    {
        LoginStatus status = session.Admits(this, _login!, _isid);
        if (status != LoginStatus.Success)
        {
            RefuseLogin(request, status);
            return;
        }

        IscsiConnection? replaced = session.Find(ConnectionId);
        session.Join(this);
        _session = session;
        byte[] text = Encoding.UTF8.GetBytes(answer.ToString());
        if (replaced is null)
        {
            EnterFullFeature(flags, text);
            return;
        }

        _state = ConnectionState.Joining;
        replaced.GiveWay(() => EnterFullFeatureLater(flags, text));
    }

    private void EnterFullFeatureLater(byte flags, byte[] text) => Ring.Mailbox.Post(() =>
    {
        if (_state == ConnectionState.Joining) EnterFullFeature(flags, text);
    });

    private void EnterFullFeature(byte flags, byte[] text)
    {
        Span<byte> pdu = stackalloc byte[BasicHeader.Bytes];
        LoginResponse.Format(pdu, flags, text.Length, _isid, _session!.Tsih, _loginTag, LoginStatus.Success);
        SendWithStatus(pdu, text);
        _parameters = _login!.Connection;
        (_headerDigest, _dataDigest, _state) = (_parameters.HeaderDigest, _parameters.DataDigest, ConnectionState.FullFeature);
        (_login, _joins, _text, _negotiationPdus) = (null, null, null, 0);

        Ring.Counters.CountLogin();

        // The configuration may have changed since the login began.
        Resolve(Ring.Catalog);
    }

    private void RefuseLogin(LoginRequest request, LoginStatus status)
    {
        Ring.Counters.CountRefusal(status);
        Report(IncidentKind.LoginRefused, $"{status}", "RFC 7143, 11.13.5");
        SendLogin(request, (byte)(request.CurrentStage << 2), default, status);
        Close(afterSend: true);
    }

    private void SendLogin(LoginRequest request, byte flags, ReadOnlySpan<byte> text, LoginStatus status)
    {
        Span<byte> pdu = stackalloc byte[BasicHeader.Bytes];
        LoginResponse.Format(pdu, flags, text.Length, request.Isid, request.Tsih, request.InitiatorTaskTag, status);
        SendWithStatus(pdu, text);
    }
}
