using System.Runtime.CompilerServices;
using VSan.Iscsi.Pdu;

namespace VSan.Tests.Fuzz.Oracles;

/// <summary>The target's PDUs (RFC 7143, 11): their form, their numbers, and whether somebody asked.</summary>
internal sealed partial class Conversation
{
    private const byte Overflow = 0x04, Underflow = 0x02, Status = 0x01, Good = 0x00, CheckCondition = 0x02;

    /// <summary>Bytes of ping data that the target keeps (docs/limits.md).</summary>
    private const int PingBytesMax = 8192;

    private const uint CommandsInWindowMax = 128;

    private readonly PduStream _fromTarget = new();
    private byte[] _ping = [];
    private byte[]? _answer;
    private uint? _statSN;
    private uint? _maxCmdSN;

    /// <summary>Transfer tag of the text answer that goes on.</summary>
    public uint TextTag { get; private set; } = BasicHeader.ReservedTag;

    /// <summary>PDUs of the target so far.</summary>
    public int Answers { get; private set; }

    /// <summary>These bytes came from the target: whole PDUs, as it sends no others.</summary>
    public void OnReceived(ReadOnlySpan<byte> bytes)
    {
        OnArrived(bytes);
        Check(_fromTarget.Left == 0 && _answer is null, "The target sent half a PDU.");
    }

    /// <summary>The same where a network is between, which cuts anywhere.</summary>
    public void OnArrived(ReadOnlySpan<byte> bytes)
    {
        _fromTarget.Append(bytes);
        while (TakeAnswer())
        {
        }
    }

    private bool TakeAnswer()
    {
        if (_answer is null)
        {
            if (!_fromTarget.TryTakeHeader(out byte[] header, out bool headerIntact)) return false;
            Check(headerIntact, "A header digest of the target is wrong.");
            _answer = header;
        }

        if (!_fromTarget.TryTakeData(_answer, out byte[] data, out bool dataIntact)) return false;
        Check(dataIntact, "A data digest of the target is wrong.");
        byte[] whole = _answer;
        _answer = null;
        Answers++;
        OnAnswer(new BasicHeader(whole), data);
        return true;
    }

    private void OnAnswer(BasicHeader header, byte[] data)
    {
        Check(header.AdditionalBytes == 0, "The target sent an additional header segment.");
        Check(data.Length <= _keys.SegmentBytes, $"{header.Opcode} has {data.Length} bytes of data, the initiator takes {_keys.SegmentBytes}.");
        if (header.Opcode is not (Opcode.DataIn or Opcode.LoginResponse or Opcode.TextResponse)) Check(header.Final, $"{header.Opcode} without F.");
        CheckNumbers(header);
        switch (header.Opcode)
        {
            case Opcode.LoginResponse:
                OnLogin(header, data);
                break;
            case Opcode.ScsiResponse:
                OnResponse(header, data);
                break;
            case Opcode.DataIn:
                OnDataIn(header, data.Length);
                break;
            case Opcode.ReadyToTransfer:
                OnReadyToTransfer(header);
                break;
            case Opcode.TextResponse:
                OnText(header);
                break;
            case Opcode.NopIn:
                if (header.InitiatorTaskTag != BasicHeader.ReservedTag) OnPong(header, data);
                break;
            case Opcode.TaskManagementResponse:
                Close(Opcode.TaskManagementRequest, header.InitiatorTaskTag);
                break;
            case Opcode.LogoutResponse:
                Close(Opcode.LogoutRequest, header.InitiatorTaskTag);
                break;
            case Opcode.Reject:
                OnReject(data);
                break;
            case Opcode.AsyncMessage:
                break;
            default:
                throw new FindingException($"The target sent operation code {header.Raw[0]:X2}.");
        }
    }

    /// <summary>StatSN runs; ExpCmdSN says what was taken; MaxCmdSN never goes back (RFC 7143, 4.2.2).</summary>
    private void CheckNumbers(BasicHeader header)
    {
        uint statSN = header.UInt32(24), expCmdSN = header.UInt32(28), maxCmdSN = header.UInt32(32);
        bool isBorrowed = header.Opcode == Opcode.ReadyToTransfer || (header.Opcode == Opcode.NopIn && header.InitiatorTaskTag == BasicHeader.ReservedTag);
        bool hasNone = header.Opcode == Opcode.DataIn && (header.Flags & Status) == 0;
        if (hasNone) Check(statSN == 0, "A Data-In without status has a StatSN.");
        else Check(_statSN is null || statSN == _statSN, $"{header.Opcode} has StatSN {statSN}, {_statSN} is next.");
        if (!hasNone) _statSN = isBorrowed ? statSN : statSN + 1;
        if (_blind)
        {
            foreach (Conversation one in _session) one.Learn(expCmdSN);
            return;
        }

        // A login that names a session is told of that session's numbers.
        if (_joins) return;
        Check(expCmdSN - _expCmdSNBefore <= _expCmdSN - _expCmdSNBefore, $"{header.Opcode} has ExpCmdSN {expCmdSN}, {_expCmdSN} is next.");
        Check(maxCmdSN - expCmdSN + 1 <= CommandsInWindowMax, $"The window {expCmdSN} to {maxCmdSN} is no window.");
        Check(_maxCmdSN is not { } before || maxCmdSN - before < int.MaxValue || !_loggedIn, "MaxCmdSN went back.");
        _maxCmdSN = maxCmdSN;
    }

    private void OnLogin(BasicHeader header, byte[] data)
    {
        Close(Opcode.LoginRequest, header.InitiatorTaskTag);
        bool success = header.Raw[36] == 0, transits = header.Final && !header.Continue;
        Check(!header.Final || !header.Continue, "A login answer has T and C.");
        Check(success || data.Length == 0, "A refused login has keys.");
        _keys.OnAnswered(data, login: true);
        if (!success || !transits || (header.Flags & 3) != 3) return;
        ushort tsih = header.UInt16(14);
        Check(tsih != 0, "A session has TSIH 0.");
        _loggedIn = true;
        _session = sessions.Join(tsih, this);
        foreach (Conversation one in _session) one._blind |= _session.Count > 1;
        _blind |= _joins;
        _toTarget.HeaderDigest = _fromTarget.HeaderDigest = _keys.Answers.GetValueOrDefault("HeaderDigest") == "CRC32C";
        _toTarget.DataDigest = _fromTarget.DataDigest = _keys.Answers.GetValueOrDefault("DataDigest") == "CRC32C";
    }

    /// <summary>What the target takes next, where it cannot be counted.</summary>
    private void Learn(uint expCmdSN)
    {
        if (_blind && expCmdSN - _expCmdSN < int.MaxValue) _expCmdSN = expCmdSN;
    }

    private void OnDataIn(BasicHeader header, int length)
    {
        if (Find(Opcode.ScsiCommand, header.InitiatorTaskTag, "Data-In") is not { } command) return;
        Check(command.Reads && length > 0, $"{command} is sent data that it does not read.");
        Check(header.UInt32(36) == command.DataInSN++, $"A Data-In of {command} has DataSN {header.UInt32(36)}.");
        Check(header.UInt32(40) == command.DataInBytes, $"A Data-In of {command} has offset {header.UInt32(40)}, {command.DataInBytes} is next.");
        command.DataInBytes += (uint)length;
        Check(command.DataInBytes <= command.Expected, $"{command} is sent more than it expects.");
        if ((header.Flags & Status) == 0)
        {
            Check((header.Flags & (Overflow | Underflow)) == 0 && header.UInt32(44) == 0, "A Data-In without status has a residual.");
            return;
        }

        Check(header.Final, "A Data-In with status has no F.");
        CheckEnd(command, header);
        _open.Remove(command);
    }

    private void OnResponse(BasicHeader header, byte[] data)
    {
        if (Find(Opcode.ScsiCommand, header.InitiatorTaskTag, "SCSI Response") is not { } command) return;
        Check(header.Raw[2] == 0, "A SCSI Response has a response code.");
        Check(header.UInt32(36) == command.DataInSN, $"{command} had {command.DataInSN} Data-In PDUs, its response says {header.UInt32(36)}.");
        bool sensed = header.Raw[3] == CheckCondition;
        Check(sensed == data.Length > 0 && (!sensed || data.Length == 2 + ((data[0] << 8) | data[1])), "Sense data and status do not fit.");
        Check(command.ReadyToTransfers.Count == 0 || command.IsExcused, $"{command} was answered before the data that it was asked for.");
        CheckEnd(command, header);
        _open.Remove(command);
    }

    /// <summary>The residual against the bytes that went by (RFC 7143, 11.4.5); lost data against GOOD (7.9).</summary>
    private static void CheckEnd(Request command, BasicHeader header)
    {
        int flags = header.Flags & (Overflow | Underflow);
        uint residual = header.UInt32(44), status = header.Raw[3];
        Check((flags == 0) == (residual == 0), $"The residual of {command} has a flag and no count, or a count and no flag.");
        Check(flags != (Overflow | Underflow), $"The residual of {command} goes both ways.");
        Check(flags != Underflow || residual <= command.Expected, $"{command} lacks more than it expects.");
        uint moved = command.Expected - (flags == Underflow ? residual : 0);
        Check(!command.Reads || command.DataInBytes == moved, $"{command} was sent {command.DataInBytes} bytes, by its residual {moved}.");
        Check(status != Good || !command.IsSequenceBroken, $"{command} is GOOD, with a DataSN that was not the next.");
    }

    private void OnReadyToTransfer(BasicHeader header)
    {
        if (Find(Opcode.ScsiCommand, header.InitiatorTaskTag, "R2T") is not { } command) return;
        uint offset = header.UInt32(40), length = header.UInt32(44), burst = _keys.Number("MaxBurstLength", 262144);
        Check(header.TargetTransferTag != BasicHeader.ReservedTag, "An R2T has the reserved tag.");
        Check(command.Writes && length > 0 && length <= burst, $"{command} is asked for {length} bytes, a burst is {burst}.");
        Check(header.UInt32(36) == command.R2TSN++, $"An R2T of {command} has R2TSN {header.UInt32(36)}.");
        Check(offset + (ulong)length <= command.Expected, $"{command} is asked for more than it has.");
        command.ReadyToTransfers.Add(new ReadyToTransferSeen(header.TargetTransferTag, offset, length));
        Check(command.ReadyToTransfers.Count <= _keys.Number("MaxOutstandingR2T", 1), $"{command} has {command.ReadyToTransfers.Count} R2Ts.");
    }

    private void OnText(BasicHeader header)
    {
        Check(!header.Final || !header.Continue, "A text answer has F and C.");
        Check(header.Final == (header.TargetTransferTag == BasicHeader.ReservedTag), "A text answer's tag and F do not fit.");
        TextTag = header.TargetTransferTag;
        Close(Opcode.TextRequest, header.InitiatorTaskTag);
    }

    private void OnPong(BasicHeader header, byte[] data)
    {
        Close(Opcode.NopOut, header.InitiatorTaskTag);
        Check(header.TargetTransferTag == BasicHeader.ReservedTag, "The answer to a ping has a transfer tag.");
        if (_blind || _breath.Count != 1) return;
        Check(_ping.AsSpan(0, Math.Min(_ping.Length, PingBytesMax)).StartsWith(data), "A ping came back changed.");
    }

    /// <summary>The header that is refused comes back whole (RFC 7143, 11.17).</summary>
    private void OnReject(byte[] data)
    {
        Check(data.Length == BasicHeader.Bytes, $"A Reject has {data.Length} bytes.");
        if (_blind) return;
        Check(_breath.Exists(header => header.AsSpan().SequenceEqual(data)), "A Reject of a PDU that was not sent.");
        int at = _open.FindLastIndex(one => one.Header.AsSpan().SequenceEqual(data));
        if (at >= 0) _open.RemoveAt(at);
    }

    private void Close(Opcode opcode, uint tag)
    {
        if (Find(opcode, tag, $"An answer to {opcode}") is { } request) _open.Remove(request);
    }

    private Request? Find(Opcode opcode, uint tag, string what)
    {
        if (_blind) return null;
        return Newest(opcode, tag) ?? throw new FindingException($"{what} for task tag {tag:X}, which nobody asked.");
    }

    private static void Check(bool holds, string what)
    {
        if (!holds) throw new FindingException(what);
    }

    private static void Check(bool holds, [InterpolatedStringHandlerArgument("holds")] FindingText what)
    {
        if (!holds) throw new FindingException(what.ToString());
    }
}
