using System.Text;
using VSan.Iscsi.Login;
using VSan.Iscsi.Pdu;

namespace VSan.Iscsi;

/// <summary>Text requests: SendTargets (RFC 7143, appendix C), the answer split to what the initiator takes.</summary>
public sealed partial class IscsiConnection
{
    /// <summary>Target transfer tag of a text answer that goes on; one negotiation is open at most.</summary>
    private const uint TextTag = 2;

    private byte[] _answer = [];
    private int _answerSent;
    private uint _textInitiatorTag;

    private void OnTextHeader(BasicHeader header)
    {
        if (header.TargetTransferTag == BasicHeader.ReservedTag) EndText();
        BeginText();
    }

    private void OnTextRequest(BasicHeader header)
    {
        // A continuation names the negotiation that is open; a fresh request has dropped any other (RFC 7143, 11.10.4).
        bool goesOn = header.TargetTransferTag != BasicHeader.ReservedTag;
        bool known = header.TargetTransferTag == TextTag && header.InitiatorTaskTag == _textInitiatorTag && _negotiationPdus > 0;
        if ((goesOn && !known) || (header.Continue && header.Final) || ++_negotiationPdus > Ring.Limits.NegotiationPdusMax)
        {
            EndText();
            Refuse(header, new Violation(ViolationScope.Command, RejectReason.ProtocolError, "RFC 7143, 11.10"));
            return;
        }

        _textInitiatorTag = header.InitiatorTaskTag;
        if (header.Continue)
        {
            SendText(header, 0, default, TextTag);
            return;
        }

        if (_answerSent == _answer.Length && !TryAnswerText())
        {
            EndText();
            Refuse(header, new Violation(ViolationScope.Command, RejectReason.ProtocolError, "RFC 7143, 6.1"));
            return;
        }

        ReadOnlySpan<byte> left = _answer.AsSpan(_answerSent);
        int length = Math.Min(left.Length, _parameters.SendSegmentBytesMax);
        bool whole = length == left.Length;
        _answerSent += length;
        SendText(header, whole ? TextResponse.Final : TextResponse.Continue, left[..length], whole ? BasicHeader.ReservedTag : TextTag);
        if (whole) EndText();
    }

    private bool TryAnswerText()
    {
        var pairs = new List<KeyValuePair<string, string>>();
        if (!TextKeys.TryParse(Text, pairs)) return false;
        _text?.ResetWrittenCount();
        var answer = new StringBuilder();
        foreach ((string key, string value) in pairs)
        {
            if (key == "SendTargets") AnswerSendTargets(value, answer);
            else if (key == "MaxRecvDataSegmentLength") _ = new KeyNegotiation(_session!.Parameters, _parameters, Ring.Limits, LoginKind.Joining).Answer(key, value);
            else TextKeys.Append(answer, key, KeyNegotiation.NotUnderstood);
        }

        (_answer, _answerSent) = (Encoding.UTF8.GetBytes(answer.ToString()), 0);
        return true;
    }

    /// <summary>All in a discovery session only; a name; or nothing, which is the session's own target. Never a target that is not for this initiator.</summary>
    private void AnswerSendTargets(string value, StringBuilder answer)
    {
        string? own = _session!.Target?.Name;
        if (value == "All" && own is not null)
        {
            TextKeys.Append(answer, "SendTargets", KeyNegotiation.Reject);
            return;
        }

        foreach (IscsiTarget target in Ring.Catalog.Targets)
        {
            bool asked = value == "All" || target.Name == (value.Length == 0 ? own : value.ToLowerInvariant());
            if (!asked || target.AccessFor(_session.InitiatorName) is null) continue;
            TextKeys.Append(answer, "TargetName", target.Name);
            foreach (TargetPortal portal in target.Portals.DefaultIfEmpty(LocalPortal)) TextKeys.Append(answer, "TargetAddress", $"{portal}");
        }
    }

    private void EndText() => (_answer, _answerSent, _negotiationPdus, _text) = ([], 0, 0, null);

    private void SendText(BasicHeader header, byte flags, ReadOnlySpan<byte> text, uint transferTag)
    {
        Span<byte> pdu = stackalloc byte[BasicHeader.Bytes];
        TextResponse.Format(pdu, flags, text.Length, header.InitiatorTaskTag, transferTag);
        SendWithStatus(pdu, text);
    }
}
