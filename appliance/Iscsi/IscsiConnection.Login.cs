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
    private ulong _isid;

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
            _login = new LoginNegotiation(Ring.Catalog, LocalPortal.GroupTag, Ring.Limits);
            (_loginCmdSN, _loginTag, _isid) = (header.CmdSN, header.InitiatorTaskTag, request.Isid);
        }

        // One login has one task tag and one name (RFC 7143, 11.12).
        bool same = _loginTag == header.InitiatorTaskTag && _isid == request.Isid;
        if (!same || ++_negotiationPdus > Ring.Limits.NegotiationPdusMax || (request.Continue && request.Transit))
        {
            RefuseLogin(request, LoginStatus.InitiatorError);
            return;
        }

        if (request.Tsih != 0)
        {
            // MaxConnections=1: a session that exists has its connection.
            RefuseLogin(request, Ring.Sessions.Exists(request.Tsih) ? LoginStatus.TooManyConnections : LoginStatus.SessionDoesNotExist);
            return;
        }

        if (request.Continue)
        {
            SendLogin(request, (byte)(request.CurrentStage << 2), 0, default, LoginStatus.Success);
            return;
        }

        var answer = new StringBuilder();
        LoginStatus status = _login.Next(request, Text, answer, out byte flags);
        _text?.ResetWrittenCount();
        if (status != LoginStatus.Success) RefuseLogin(request, status);
        else if (answer.Length > LoginSegmentBytesMax) RefuseLogin(request, LoginStatus.InitiatorError);
        else if ((flags & 0x83) == 0x83) Join(request, flags, answer);
        else SendLogin(request, flags, 0, Encoding.UTF8.GetBytes(answer.ToString()), status);
    }

    private void Join(LoginRequest request, byte flags, StringBuilder answer)
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
        replaced.Connection.Ring.Mailbox.Post(() => replaced.Connection.GiveWay(() => Ring.Mailbox.Post(() =>
        {
            if (_state == ConnectionState.Joining) EnterFullFeature(flags, text);
        })));
    }

    private void EnterFullFeature(byte flags, byte[] text)
    {
        Span<byte> pdu = stackalloc byte[BasicHeader.Bytes];
        LoginResponse.Format(pdu, flags, text.Length, _isid, _session!.Tsih, _loginTag, LoginStatus.Success);
        SendWithStatus(pdu, text);
        SessionParameters agreed = _session.Parameters;
        (_headerDigest, _dataDigest, _state) = (agreed.HeaderDigest, agreed.DataDigest, ConnectionState.FullFeature);
        (_login, _text, _negotiationPdus) = (null, null, 0);

        Ring.Counters.CountLogin();

        // The configuration may have changed since the login began.
        Resolve(Ring.Catalog);
    }

    private void RefuseLogin(LoginRequest request, LoginStatus status)
    {
        Ring.Counters.CountRefusal(status);
        Report(IncidentKind.LoginRefused, $"{status}", "RFC 7143, 11.13.5");
        SendLogin(request, (byte)(request.CurrentStage << 2), request.Tsih, default, status);
        Close(afterSend: true);
    }

    private void SendLogin(LoginRequest request, byte flags, ushort tsih, ReadOnlySpan<byte> text, LoginStatus status)
    {
        Span<byte> pdu = stackalloc byte[BasicHeader.Bytes];
        LoginResponse.Format(pdu, flags, text.Length, request.Isid, tsih, _loginTag, status);
        SendWithStatus(pdu, text);
    }
}
