using VSan.Iscsi.Pdu;

namespace VSan.Tests.Fuzz.Oracles;

/// <summary>
/// Watches one connection from both sides, knows nothing of the target's code, and says when the target breaks RFC 7143: numbers that do not run,
/// an answer to nothing or two to one, residuals that contradict the bytes. Its other half, <c>Conversation.Answers.cs</c>, takes the target's PDUs.
/// </summary>
/// <remarks>
/// After something that it cannot follow (a PDU in the same breath as the end of a login, whose digests it does not know yet) it is blind: from there on it
/// looks at the form of the target's PDUs only. So it is in a session of several connections, whose commands may wait for each other.
/// </remarks>
internal sealed partial class Conversation(SessionsSeen sessions, Action onTaskManagement)
{
    private readonly PduStream _toTarget = new();
    private readonly List<Request> _open = [];
    private readonly List<byte[]> _breath = [];
    private readonly LoginKeys _keys = new();
    private byte[]? _header;
    private uint _expCmdSN;
    private uint _expCmdSNBefore;
    private bool _loggedIn;
    private bool _begun;
    private bool _joins;
    private bool _blind;
    private IReadOnlyList<Conversation> _session = [];

    /// <summary>The CmdSN that the target takes next.</summary>
    public uint NextCmdSN => _expCmdSN;

    /// <summary>The TSIH that the target gave last, to whichever connection.</summary>
    public ushort Tsih => sessions.LastTsih;

    public bool HeaderDigest => _toTarget.HeaderDigest;

    public bool DataDigest => _toTarget.DataDigest;

    /// <summary>The oldest R2T whose data is owed, and its command.</summary>
    public (Request Command, ReadyToTransferSeen Asked)? OldestR2T =>
        _open.Find(one => one.ReadyToTransfers.Count > 0) is { } command ? (command, command.ReadyToTransfers[0]) : null;

    /// <summary>Keys of the login.</summary>
    public LoginKeys Keys => _keys;

    /// <summary>Commands may be without an answer from now on.</summary>
    public void ExcuseCommands()
    {
        foreach (Request request in _open) request.IsExcused |= request.Opcode == Opcode.ScsiCommand;
    }

    /// <summary>What is owed, when everything around the target is at rest.</summary>
    /// <param name="buffersScarce">Commands may wait for buffers that others hold.</param>
    public void AssertNothingOwed(bool buffersScarce)
    {
        if (_blind || _header is not null || _toTarget.Left > 0) return;
        foreach (Request request in _open)
        {
            bool waits = request.Opcode == Opcode.ScsiCommand && (request.OwesData || buffersScarce);
            if (!request.IsExcused && !waits) throw new FindingException($"{request} has no answer.");
        }
    }

    /// <summary>These bytes go to the target now.</summary>
    public void OnSending(ReadOnlySpan<byte> bytes)
    {
        _toTarget.Append(bytes);
        _breath.Clear();
        if (_header is not null) _breath.Add(_header);
        _expCmdSNBefore = _expCmdSN;
        while (!_blind && TakePdu())
        {
            if (!_loggedIn && _toTarget.Left > 0) _blind = true;
        }
    }

    private bool TakePdu()
    {
        if (_header is null)
        {
            if (!_toTarget.TryTakeHeader(out byte[] header, out bool intact)) return false;
            _breath.Add(header);

            // Nothing after it counts: the connection has to end.
            if (!intact) return false;
            _header = header;
            OnHeader(new BasicHeader(header));
        }

        if (!_toTarget.TryTakeData(_header, out byte[] data, out bool dataIntact)) return false;
        if (dataIntact) OnData((Opcode)(_header[0] & 0x3F), data);
        _header = null;
        return true;
    }

    private void OnHeader(BasicHeader header)
    {
        if (!_loggedIn)
        {
            if (!_begun) (_begun, _joins, _expCmdSN, _expCmdSNBefore) = (true, new LoginRequest(header).Tsih != 0, header.CmdSN, header.CmdSN);
            _open.Add(new Request(header.Raw.ToArray()));
            return;
        }

        switch (header.Opcode)
        {
            case Opcode.DataOut:
                OnDataOut(header);
                break;
            case Opcode.NopOut when header.InitiatorTaskTag == BasicHeader.ReservedTag:
                break;
            case Opcode.ScsiCommand or Opcode.TextRequest or Opcode.NopOut or Opcode.TaskManagementRequest or Opcode.LogoutRequest:
                if (IsTaken(header)) OnTaken(header);
                break;
            default:
                _open.Add(new Request(header.Raw.ToArray()));
                break;
        }
    }

    /// <summary>In order, or immediate. A script never fills the window, so that its end needs no guess.</summary>
    private bool IsTaken(BasicHeader header)
    {
        if (header.Immediate) return true;
        if (header.CmdSN != _expCmdSN) return false;
        _expCmdSN++;
        return true;
    }

    private void OnTaken(BasicHeader header)
    {
        const byte persistentReserveOut = 0x5F, preemptAndAbort = 0x05;
        ReadOnlySpan<byte> cdb = header.Raw[32..];
        bool aborts = header.Opcode == Opcode.ScsiCommand && cdb[0] == persistentReserveOut && (cdb[1] & 0x1F) == preemptAndAbort;
        if (aborts || header.Opcode == Opcode.TaskManagementRequest) onTaskManagement();
        _open.Add(new Request(header.Raw.ToArray()));
    }

    private void OnDataOut(BasicHeader header)
    {
        uint tag = header.InitiatorTaskTag, transferTag = header.TargetTransferTag, dataSN = header.UInt32(36);
        if (Newest(Opcode.ScsiCommand, tag) is not { } command) return;
        bool solicited = transferTag != BasicHeader.ReservedTag;
        if (solicited && command.ReadyToTransfers.Find(one => one.TransferTag == transferTag) is { } asked)
        {
            command.IsSequenceBroken |= dataSN != command.DataOutSN;
            asked.Offset += (uint)header.DataSegmentLength;
            asked.Left -= Math.Min(asked.Left, (uint)header.DataSegmentLength);
            if (header.Final) command.ReadyToTransfers.Remove(asked);
        }
        else if (!solicited && header.Final)
        {
            command.UnsolicitedOpen = false;
        }

        command.DataOutSN = header.Final ? 0 : command.DataOutSN + 1;
    }

    /// <summary>An older one of the same tag was ended without an answer: were it still there, this one would have been rejected.</summary>
    private Request? Newest(Opcode opcode, uint tag) => _open.FindLast(one => one.Opcode == opcode && one.Tag == tag);

    private void OnData(Opcode opcode, byte[] data)
    {
        if (opcode is Opcode.LoginRequest or Opcode.TextRequest) _keys.OnOffered(data);
        if (opcode == Opcode.NopOut) _ping = data;
    }
}
