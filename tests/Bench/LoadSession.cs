using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace VSan.Tests.Bench;

/// <summary>
/// One iSCSI session under load, on a thread of its own: takes in all that has arrived, parses every complete PDU, and sends all new commands in
/// one call. Data read is counted and dropped, its digests unseen; data written is the same block each time.
/// </summary>
internal sealed class LoadSession : IDisposable
{
    private const int ReceiveBytes = 1 << 20;
    private const int ReceiveSegmentBytesMax = 262144;

    private readonly TargetAddress _address;
    private readonly Workload _workload;
    private readonly Random _random;
    private readonly Socket _socket;
    private readonly byte[] _received = new byte[ReceiveBytes + ReceiveSegmentBytesMax + Pdu.HeaderBytes];
    private readonly byte[] _payload;
    private readonly long[] _startedAt;
    private readonly Stack<int> _idle;
    private byte[] _sending = new byte[1 << 16];
    private int _sendingLength;
    private int _receivedLength;
    private int _skipBytes;

    private uint _cmdSn = 1;
    private uint _maxCmdSn;
    private uint _expStatSn;
    private int _digestBytes;
    private bool _immediateData = true;
    private bool _initialR2T = true;
    private int _firstBurst = 65536;
    private int _targetSegmentMax = 8192;

    private ulong _slots;
    private ulong _nextSlot;
    private uint _blocksPerIo;
    private int _pendingTag = -1;

    public LoadSession(TargetAddress address, Workload workload, int index)
    {
        (_address, _workload) = (address, workload);
        // The seed is fixed: two targets are asked for the same blocks.
#pragma warning disable RS0030
        _random = new Random(index + 1);
#pragma warning restore RS0030
        _payload = new byte[workload.BlockBytes];
        _random.NextBytes(_payload);
        _startedAt = new long[workload.Depth];
        _idle = new Stack<int>(Enumerable.Range(0, workload.Depth).Reverse());
        _socket = new Socket(address.Portal.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = 30_000 };
        _socket.Connect(address.Portal);
        LogIn(index);
        ReadCapacity(index);
    }

    /// <summary>Commands that did not end GOOD.</summary>
    public long Errors { get; private set; }

    /// <summary>Latencies of the measured part.</summary>
    public LatencyHistogram Latencies { get; } = new();

    /// <summary>Keeps the queue full until <paramref name="endAt"/>; I/Os that end after <paramref name="measureFrom"/> count.</summary>
    public void Run(long measureFrom, long endAt)
    {
        while (Stopwatch.GetTimestamp() < endAt)
        {
            SubmitAll();
            Flush();
            Receive();
            ParseAll(measureFrom);
        }
    }

    public void Dispose() => _socket.Dispose();

    private void LogIn(int index)
    {
        byte[] isid = [0x80, 0, 0, 1, 0, (byte)index];
        string initiator = string.Create(CultureInfo.InvariantCulture, $"InitiatorName=iqn.2026-11.io.vsan-appliance:bench-{Environment.ProcessId}-{index}");
        _ = LeaveStage(0, 1, isid, initiator, $"TargetName={_address.TargetName}", "SessionType=Normal", "AuthMethod=None");
        Dictionary<string, string> answers = LeaveStage(
            1, 3, isid,
            $"HeaderDigest={Digest}", $"DataDigest={Digest}", "MaxConnections=1", "InitialR2T=No", "ImmediateData=Yes", "MaxBurstLength=1048576", "FirstBurstLength=262144",
            string.Create(CultureInfo.InvariantCulture, $"MaxRecvDataSegmentLength={ReceiveSegmentBytesMax}"),
            "DefaultTime2Wait=2", "DefaultTime2Retain=0", "MaxOutstandingR2T=1", "DataPDUInOrder=Yes", "DataSequenceInOrder=Yes", "ErrorRecoveryLevel=0");
        _digestBytes = _workload.Digests ? sizeof(uint) : 0;
        if (answers.GetValueOrDefault("HeaderDigest", Digest) != Digest) throw new InvalidDataException($"{_address.TargetName} refuses HeaderDigest={Digest}.");
        _immediateData = answers.GetValueOrDefault("ImmediateData", "Yes") == "Yes";
        _initialR2T = answers.GetValueOrDefault("InitialR2T", "Yes") == "Yes";
        _firstBurst = int.Parse(answers.GetValueOrDefault("FirstBurstLength", "65536"), CultureInfo.InvariantCulture);
    }

    private string Digest => _workload.Digests ? "CRC32C" : "None";

    /// <summary>Sends the keys, and then empty requests until the target has said all and agrees to the next stage (11.13.2).</summary>
    private Dictionary<string, string> LeaveStage(int stage, int nextStage, byte[] isid, params string[] keys)
    {
        Dictionary<string, string> answers = [];
        while (!TryExchange(Pdu.Login(stage, nextStage, isid, 0, _cmdSn, _expStatSn, keys), answers)) keys = [];
        return answers;
    }

    private bool TryExchange(byte[] request, Dictionary<string, string> answers)
    {
        _socket.Send(request);
        Span<byte> header = stackalloc byte[Pdu.HeaderBytes];
        ReceiveExactly(header);
        byte[] data = new byte[Pdu.PaddedLength(Pdu.DataLength(header))];
        ReceiveExactly(data);
        if (Pdu.Opcode(header) != Pdu.LoginResponse || header[36] != 0)
        {
            throw new InvalidDataException($"{_address.TargetName} refused the login: opcode {Pdu.Opcode(header):x2}, status {header[36]:x2}{header[37]:x2}.");
        }

        _expStatSn = Pdu.Word(header, 24) + 1;
        _maxCmdSn = Pdu.Word(header, 32);
        foreach (string pair in Encoding.ASCII.GetString(data, 0, Pdu.DataLength(header)).Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = pair.Split('=', 2);
            answers[parts[0]] = parts[1];
        }

        if (answers.TryGetValue("MaxRecvDataSegmentLength", out string? segment)) _targetSegmentMax = int.Parse(segment, CultureInfo.InvariantCulture);
        return (header[1] & 0x80) != 0;
    }

    /// <summary>READ CAPACITY(16), after the unit attentions of a new session are read away.</summary>
    private void ReadCapacity(int index)
    {
        Span<byte> capacity = stackalloc byte[32];
        for (int attempt = 0; attempt < 20; attempt++)
        {
            if (TrySendInquiry(capacity) != 0) continue;
            ulong blocks = BinaryPrimitives.ReadUInt64BigEndian(capacity) + 1;
            uint blockSize = BinaryPrimitives.ReadUInt32BigEndian(capacity[8..]);
            _blocksPerIo = (uint)_workload.BlockBytes / blockSize;
            _slots = blocks / _blocksPerIo;
            _nextSlot = _slots / (ulong)_workload.Sessions * (ulong)index;
            return;
        }

        throw new InvalidDataException("The target keeps refusing READ CAPACITY(16).");
    }

    private byte TrySendInquiry(Span<byte> capacity)
    {
        Span<byte> request = Reserve(Pdu.HeaderBytes);
        Pdu.Command(request, 0xc1, _address.Lun, 0x7fff0000, capacity.Length, 0, _cmdSn++, _expStatSn);
        request[32] = 0x9e;
        request[33] = 0x10;
        request[45] = (byte)capacity.Length;
        AppendDigest(Pdu.HeaderBytes);
        Flush();
        Span<byte> header = stackalloc byte[Pdu.HeaderBytes];
        Span<byte> digest = stackalloc byte[_digestBytes];
        while (true)
        {
            ReceiveExactly(header);
            ReceiveExactly(digest);
            byte[] data = new byte[Pdu.PaddedLength(Pdu.DataLength(header))];
            ReceiveExactly(data);
            if (data.Length > 0) ReceiveExactly(digest);
            byte opcode = Pdu.Opcode(header);
            if (opcode == Pdu.DataIn) data.AsSpan(0, Math.Min(data.Length, capacity.Length)).CopyTo(capacity);
            if (opcode != Pdu.ScsiResponse && (opcode != Pdu.DataIn || (header[1] & 1) == 0)) continue;
            _expStatSn = Pdu.Word(header, 24) + 1;
            _maxCmdSn = Pdu.Word(header, 32);
            return header[3];
        }
    }

    private void SubmitAll()
    {
        long now = Stopwatch.GetTimestamp();
        while (_idle.Count > 0 && (int)(_maxCmdSn - _cmdSn) >= 0)
        {
            int tag = _idle.Pop();
            _startedAt[tag] = now;
            ulong slot = _workload.Sequential ? _nextSlot++ % _slots : (ulong)_random.NextInt64((long)_slots);
            bool read = _workload.ReadPercent == 100 || (_workload.ReadPercent > 0 && _random.Next(100) < _workload.ReadPercent);
            if (read) SubmitRead((uint)tag, slot);
            else SubmitWrite((uint)tag, slot);
        }
    }

    private void SubmitRead(uint tag, ulong slot)
    {
        Span<byte> header = Reserve(Pdu.HeaderBytes);
        Pdu.Command(header, 0xc1, _address.Lun, tag, _workload.BlockBytes, 0, _cmdSn++, _expStatSn);
        Pdu.SetTransferCdb(header, read: true, slot * _blocksPerIo, _blocksPerIo);
        AppendDigest(Pdu.HeaderBytes);
    }

    private void SubmitWrite(uint tag, ulong slot)
    {
        int first = Math.Min(_firstBurst, _workload.BlockBytes);
        int immediate = _immediateData ? Math.Min(first, _targetSegmentMax) : 0;
        int unsolicited = _initialR2T ? 0 : first - immediate;
        Span<byte> header = Reserve(Pdu.HeaderBytes);
        Pdu.Command(header, (byte)(unsolicited > 0 ? 0x21 : 0xa1), _address.Lun, tag, _workload.BlockBytes, immediate, _cmdSn++, _expStatSn);
        Pdu.SetTransferCdb(header, read: false, slot * _blocksPerIo, _blocksPerIo);
        AppendDigest(Pdu.HeaderBytes);
        AppendPayload(0, immediate);
        SendData(tag, Pdu.ReservedTag, immediate, unsolicited);
    }

    private void SendData(uint tag, uint transferTag, int offset, int length)
    {
        for (uint dataSn = 0; length > 0; dataSn++)
        {
            int segment = Math.Min(length, _targetSegmentMax);
            Pdu.DataOut(Reserve(Pdu.HeaderBytes), segment == length, _address.Lun, tag, transferTag, _expStatSn, dataSn, offset, segment);
            AppendDigest(Pdu.HeaderBytes);
            AppendPayload(offset, segment);
            offset += segment;
            length -= segment;
        }
    }

    private void AppendPayload(int offset, int length)
    {
        if (length == 0) return;
        _payload.AsSpan(offset, length).CopyTo(Reserve(length));
        AppendDigest(length);
    }

    /// <summary>CRC32C of the bytes that were reserved last, where digests were agreed (RFC 7143, 13.1).</summary>
    private void AppendDigest(int coveredBytes)
    {
        if (_digestBytes == 0) return;
        uint crc = uint.MaxValue;
        foreach (ulong word in MemoryMarshal.Cast<byte, ulong>(_sending.AsSpan(_sendingLength - coveredBytes, coveredBytes))) crc = BitOperations.Crc32C(crc, word);
        BinaryPrimitives.WriteUInt32LittleEndian(Reserve(_digestBytes), ~crc);
    }

    private void ParseAll(long measureFrom)
    {
        long now = Stopwatch.GetTimestamp();
        int at = 0;
        while (true)
        {
            int skipped = Math.Min(_skipBytes, _receivedLength - at);
            at += skipped;
            _skipBytes -= skipped;
            if (_skipBytes > 0) break;
            if (_pendingTag >= 0) End(_pendingTag, 0, now, measureFrom);
            _pendingTag = -1;
            if (_receivedLength - at < Pdu.HeaderBytes + _digestBytes) break;
            ReadOnlySpan<byte> header = _received.AsSpan(at, Pdu.HeaderBytes);
            at += Pdu.HeaderBytes + _digestBytes;
            _skipBytes = Pdu.DataLength(header) == 0 ? 0 : Pdu.PaddedLength(Pdu.DataLength(header)) + _digestBytes;
            Apply(header, now, measureFrom);
        }

        Buffer.BlockCopy(_received, at, _received, 0, _receivedLength - at);
        _receivedLength -= at;
    }

    private void Apply(ReadOnlySpan<byte> header, long now, long measureFrom)
    {
        uint maxCmdSn = Pdu.Word(header, 32);
        if ((int)(maxCmdSn - _maxCmdSn) > 0) _maxCmdSn = maxCmdSn;
        uint tag = Pdu.Word(header, 16);
        switch (Pdu.Opcode(header))
        {
            case Pdu.DataIn when (header[1] & 1) != 0:
                _expStatSn = Pdu.Word(header, 24) + 1;
                if (header[3] != 0) Errors++;
                _pendingTag = (int)tag;
                break;
            case Pdu.DataIn:
                break;
            case Pdu.ScsiResponse:
                _expStatSn = Pdu.Word(header, 24) + 1;
                End((int)tag, header[2] | header[3], now, measureFrom);
                break;
            case Pdu.ReadyToTransfer:
                SendData(tag, Pdu.Word(header, 20), (int)Pdu.Word(header, 40), (int)Pdu.Word(header, 44));
                break;
            case Pdu.NopIn when Pdu.Word(header, 20) != Pdu.ReservedTag:
                Pdu.NopOut(Reserve(Pdu.HeaderBytes), header, _cmdSn, _expStatSn);
                AppendDigest(Pdu.HeaderBytes);
                break;
            case Pdu.NopIn:
                break;
            default:
                throw new InvalidDataException($"Unexpected opcode {Pdu.Opcode(header):x2} from {_address.TargetName}.");
        }
    }

    private void End(int tag, int status, long now, long measureFrom)
    {
        if (status != 0) Errors++;
        if (now >= measureFrom) Latencies.Add(now - _startedAt[tag]);
        _idle.Push(tag);
    }

    private Span<byte> Reserve(int length)
    {
        if (_sendingLength + length > _sending.Length) Array.Resize(ref _sending, Math.Max(_sending.Length * 2, _sendingLength + length));
        Span<byte> reserved = _sending.AsSpan(_sendingLength, length);
        _sendingLength += length;
        return reserved;
    }

    private void Flush()
    {
        for (int sent = 0; sent < _sendingLength;) sent += _socket.Send(_sending.AsSpan(sent, _sendingLength - sent));
        _sendingLength = 0;
    }

    private void Receive()
    {
        int count = _socket.Receive(_received.AsSpan(_receivedLength, ReceiveBytes));
        if (count == 0) throw new InvalidDataException($"{_address.TargetName} closed the connection.");
        _receivedLength += count;
    }

    private void ReceiveExactly(Span<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            int count = _socket.Receive(buffer);
            if (count == 0) throw new InvalidDataException($"{_address.TargetName} closed the connection.");
            buffer = buffer[count..];
        }
    }
}
