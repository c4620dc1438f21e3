using System.Buffers;
using VSan.Iscsi.Pdu;

namespace VSan.Iscsi;

/// <summary>
/// From bytes to PDUs, split anywhere. A header that lies whole in what came is read in place; a data segment goes straight to where it
/// is wanted: a command's buffer, the text of a negotiation, or nowhere.
/// <code>
///   Header (BHS, AHS, digest) ──► Segment ──► Trailer (padding, digest) ──► Header
/// </code>
/// </summary>
public sealed partial class IscsiConnection
{
    private const int DigestBytes = 4;

    /// <summary>The longest header: 255 words of AHS.</summary>
    private const int HeaderBytesMax = BasicHeader.Bytes + (255 * 4) + DigestBytes;

    /// <summary>Before the end of the login a segment has at most the default length (RFC 7143, 13.12).</summary>
    private const int LoginSegmentBytesMax = 8192;

    private readonly byte[] _header = new byte[HeaderBytesMax];
    private readonly byte[] _trailer = new byte[3 + DigestBytes];
    private ReceivePhase _phase;
    private int _headerFilled;
    private int _segmentLength;
    private int _segmentFilled;
    private int _trailerLength;
    private int _trailerFilled;
    private uint _segmentCrc;

    // Where the segment goes: a task's buffer from an offset on, or the text of a negotiation or ping, or (neither) nowhere.
    private IscsiTask? _segmentTask;
    private int _segmentTaskOffset;
    private ArrayBufferWriter<byte>? _segmentSink;

    private enum ReceivePhase
    {
        Header,
        Segment,
        Trailer,
    }

    /// <summary>Takes what came from the socket, all of it. Answers and closes through the transport, possibly from inside.</summary>
    public void OnReceived(ReadOnlySpan<byte> bytes)
    {
        _heard = true;
        ReadOnlySpan<byte> rest = _heldSince is null ? Parse(bytes) : bytes;
        if (_heldSince is not null) Keep(rest);
        else if (_state == ConnectionState.Moving) Transport.MoveTo(_movesTo!.RingIndex, _header.AsSpan(0, _heldHeaderBytes), rest);
        if (_session is { HasSeveralConnections: true } session) session.ResumeInOrder();
    }

    /// <returns>What is not acted on: nothing, but of a connection that waits, moves or ends.</returns>
    private ReadOnlySpan<byte> Parse(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty && IsOpen && _heldSince is null)
        {
            bytes = _phase switch
            {
                ReceivePhase.Header => ReceiveHeader(bytes),
                ReceivePhase.Segment => ReceiveSegment(bytes),
                ReceivePhase.Trailer => ReceiveTrailer(bytes),
            };
        }

        return bytes;
    }

    private ReadOnlySpan<byte> ReceiveHeader(ReadOnlySpan<byte> bytes)
    {
        int digest = _headerDigest ? DigestBytes : 0;
        if (_headerFilled == 0 && bytes.Length >= BasicHeader.Bytes + digest && bytes[4] == 0)
        {
            BeginPdu(bytes[..(BasicHeader.Bytes + digest)]);
            return bytes[(BasicHeader.Bytes + digest)..];
        }

        // The AHS length is known once the first 48 bytes are there.
        int wanted = _headerFilled < BasicHeader.Bytes
            ? BasicHeader.Bytes
            : BasicHeader.Bytes + new BasicHeader(_header).AdditionalBytes + digest;
        int taken = Math.Min(wanted - _headerFilled, bytes.Length);
        bytes[..taken].CopyTo(_header.AsSpan(_headerFilled));
        _headerFilled += taken;
        if (_headerFilled >= BasicHeader.Bytes && _headerFilled == BasicHeader.Bytes + new BasicHeader(_header).AdditionalBytes + digest)
        {
            int length = _headerFilled;
            _headerFilled = 0;
            BeginPdu(_header.AsSpan(0, length));
        }

        return bytes[taken..];
    }

    private void BeginPdu(ReadOnlySpan<byte> bytes)
    {
        if (_headerDigest)
        {
            // A header that cannot be trusted has no length to go on from (RFC 7143, 7.7).
            ReadOnlySpan<byte> covered = bytes[..^DigestBytes];
            if (!Crc32C.Matches(bytes[^DigestBytes..], Crc32C.Append(Crc32C.Seed, covered)))
            {
                Drop(DropReason.HeaderDigestError, "RFC 7143, 7.8");
                return;
            }
        }

        var header = new BasicHeader(bytes[..BasicHeader.Bytes]);
        _segmentLength = header.DataSegmentLength;
        if (_segmentLength > (_state == ConnectionState.FullFeature ? Ring.Limits.MaxRecvDataSegmentLength : LoginSegmentBytesMax))
        {
            Refuse(header, new Violation(ViolationScope.Connection, RejectReason.ProtocolError, "RFC 7143, 13.12"));
            return;
        }

        if (HoldsBack(bytes)) return;
        (_segmentTask, _segmentSink) = (null, null);
        if (_segmentLength == 0)
        {
            OnHeader(header);
            if (IsOpen) OnPdu(header);
            return;
        }

        // The header is needed again behind the segment.
        if (!header.Raw.Overlaps(_header)) header.Raw.CopyTo(_header);
        (_segmentFilled, _trailerFilled, _segmentCrc, _phase) = (0, 0, Crc32C.Seed, ReceivePhase.Segment);
        _trailerLength = BasicHeader.Padding(_segmentLength) + (_dataDigest ? DigestBytes : 0);
        OnHeader(header);
    }

    private ReadOnlySpan<byte> ReceiveSegment(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> taken = bytes[..Math.Min(_segmentLength - _segmentFilled, bytes.Length)];
        if (_dataDigest) _segmentCrc = Crc32C.Append(_segmentCrc, taken);
        if (_segmentTask is { } task) FillTask(task, taken);
        else if (_segmentSink is { } sink) FillText(sink, taken);
        _segmentFilled += taken.Length;
        if (_segmentFilled == _segmentLength)
        {
            _phase = ReceivePhase.Trailer;
            if (_trailerLength == 0 && IsOpen) EndPdu();
        }

        return bytes[taken.Length..];
    }

    private void FillTask(IscsiTask task, ReadOnlySpan<byte> bytes)
    {
        // What the CDB does not ask for is dropped: the residual tells.
        int room = Math.Max(0, task.Command.DataOutLength - _segmentTaskOffset);
        ReadOnlySpan<byte> kept = bytes[..Math.Min(room, bytes.Length)];
        if (!kept.IsEmpty) kept.CopyTo(task.Command.DataOut(_segmentTaskOffset, kept.Length));
        _segmentTaskOffset += bytes.Length;
    }

    private void FillText(ArrayBufferWriter<byte> sink, ReadOnlySpan<byte> bytes)
    {
        bool isPing = ReferenceEquals(sink, _ping);
        int room = (isPing ? Ring.Limits.PingBytesMax : Ring.Limits.NegotiationBytesMax) - sink.WrittenCount;
        if (bytes.Length > room && !isPing) Drop(DropReason.NegotiationTooLong, null);
        else sink.Write(bytes[..Math.Min(room, bytes.Length)]);
    }

    private ReadOnlySpan<byte> ReceiveTrailer(ReadOnlySpan<byte> bytes)
    {
        int taken = Math.Min(_trailerLength - _trailerFilled, bytes.Length);
        bytes[..taken].CopyTo(_trailer.AsSpan(_trailerFilled));
        _trailerFilled += taken;
        if (_trailerFilled == _trailerLength) EndPdu();
        return bytes[taken..];
    }

    private void EndPdu()
    {
        _phase = ReceivePhase.Header;
        var header = new BasicHeader(_header.AsSpan(0, BasicHeader.Bytes));
        int padding = BasicHeader.Padding(_segmentLength);
        if (_dataDigest && !Sabotage.IgnoresDataDigest && !Crc32C.Matches(_trailer.AsSpan(padding), Crc32C.Append(_segmentCrc, _trailer.AsSpan(0, padding))))
        {
            // At ErrorRecoveryLevel 0 the session is what recovers (RFC 7143, 7.8 and 7.12).
            Refuse(header, new Violation(ViolationScope.Connection, RejectReason.DataDigestError, "RFC 7143, 7.8"));
            return;
        }

        OnPdu(header);
    }
}
