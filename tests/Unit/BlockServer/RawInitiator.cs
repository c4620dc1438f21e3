using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace VSan.Tests.Unit.BlockServer;

/// <summary>How a command ended at the initiator.</summary>
/// <param name="Status">SCSI status.</param>
/// <param name="Sense">Sense key, ASC and ASCQ as one number, 0xKKAAQQ; 0 with GOOD.</param>
internal readonly record struct CommandEnd(byte Status, int Sense);

/// <summary>An initiator of few words on a real socket: one session, and a number of reads or writes of the same size in flight.</summary>
internal sealed class RawInitiator : IDisposable
{
    internal const int BlockBytes = 512;

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = 20_000, SendTimeout = 20_000 };
    private readonly byte[] _header = new byte[48];
    private readonly byte[] _data = new byte[256 * 1024];
    private uint _cmdSN = 1;
    private uint _expStatSN;

    private RawInitiator()
    {
    }

    /// <summary>Logs in; the unit attention that greets a session is taken.</summary>
    /// <exception cref="UnauthorizedAccessException">The login was refused.</exception>
    internal static RawInitiator LogIn(IPEndPoint portal, string target, string name, (string User, string Secret)? chap = null)
    {
        var initiator = new RawInitiator();
        try
        {
            initiator._socket.Connect(portal);
            initiator.Negotiate(target, name, chap);
            _ = initiator.Run(0x00, 0, 0, 0, []);
            return initiator;
        }
        catch
        {
            initiator.Dispose();
            throw;
        }
    }

    /// <summary>Runs READ(10).</summary>
    internal CommandEnd Read(uint lba, Span<byte> data)
    {
        CommandEnd end = Run(0x28, lba, data.Length, 0x40, []);
        _data.AsSpan(0, data.Length).CopyTo(data);
        return end;
    }

    /// <summary>Runs WRITE(10).</summary>
    internal CommandEnd Write(uint lba, ReadOnlySpan<byte> data, bool durable = false) => Run(0x2A, lba, data.Length, 0x20, data, durable ? (byte)0x08 : (byte)0);

    /// <summary>Runs SYNCHRONIZE CACHE(10) of all blocks.</summary>
    internal CommandEnd Flush() => Run(0x35, 0, 0, 0, []);

    /// <summary>Runs any CDB of 16 bytes or fewer; what it reads is lost.</summary>
    internal CommandEnd Execute(ReadOnlySpan<byte> cdb, int readBytes, ReadOnlySpan<byte> write)
    {
        byte[] pdu = new byte[48 + write.Length];
        byte flags = (byte)((readBytes > 0 ? 0x40 : 0) | (write.Length > 0 ? 0x20 : 0));
        FillCommand(pdu.AsSpan(0, 48), 0, 0, Math.Max(readBytes, write.Length), flags, write.Length, 0);
        cdb.CopyTo(pdu.AsSpan(32));
        write.CopyTo(pdu.AsSpan(48));
        Send(pdu);
        return ReceiveEnd();
    }

    /// <summary>READ CAPACITY(10): bytes.</summary>
    internal long Capacity()
    {
        CommandEnd end = Run(0x25, 0, 8, 0x40, []);
        if (end.Sense >> 16 == 6) end = Run(0x25, 0, 8, 0x40, []);
        Xunit.Assert.Equal(0, end.Status);
        return ((long)BinaryPrimitives.ReadUInt32BigEndian(_data) + 1) * BinaryPrimitives.ReadUInt32BigEndian(_data.AsSpan(4));
    }

    /// <summary>So many commands of the same size, always <paramref name="depth"/> in flight: each turn sends one batch and takes its ends.</summary>
    internal void Pump(bool write, int commands, int depth, int lengthBytes)
    {
        byte[] batch = new byte[depth * (48 + (write ? lengthBytes : 0))];
        for (int done = 0; done < commands; done += depth)
        {
            int at = 0;
            for (int i = 0; i < depth; i++)
            {
                uint lba = (uint)((done + i) % 64 * (lengthBytes / BlockBytes));
                FillCommand(batch.AsSpan(at, 48), write ? (byte)0x2A : (byte)0x28, lba, lengthBytes, write ? (byte)0x20 : (byte)0x40, write ? lengthBytes : 0, 0);
                at += 48 + (write ? lengthBytes : 0);
            }

            Send(batch);
            for (int i = 0; i < depth; i++) Xunit.Assert.Equal(new CommandEnd(0, 0), ReceiveEnd());
        }
    }

    public void Dispose() => _socket.Dispose();

    private CommandEnd Run(byte operation, uint lba, int lengthBytes, byte flags, ReadOnlySpan<byte> write, byte cdbFlags = 0)
    {
        byte[] pdu = new byte[48 + write.Length];
        FillCommand(pdu.AsSpan(0, 48), operation, lba, lengthBytes, flags, write.Length, cdbFlags);
        write.CopyTo(pdu.AsSpan(48));
        Send(pdu);
        return ReceiveEnd();
    }

    private void FillCommand(Span<byte> header, byte operation, uint lba, int lengthBytes, byte flags, int dataBytes, byte cdbFlags)
    {
        header.Clear();
        (header[0], header[1]) = (0x01, (byte)(0x80 | flags));
        BinaryPrimitives.WriteInt32BigEndian(header[4..], dataBytes);
        BinaryPrimitives.WriteUInt32BigEndian(header[16..], _cmdSN);
        BinaryPrimitives.WriteInt32BigEndian(header[20..], lengthBytes);
        BinaryPrimitives.WriteUInt32BigEndian(header[24..], _cmdSN++);
        BinaryPrimitives.WriteUInt32BigEndian(header[28..], _expStatSN);
        (header[32], header[33]) = (operation, cdbFlags);
        if (operation is not (0x28 or 0x2A)) return;
        BinaryPrimitives.WriteUInt32BigEndian(header[34..], lba);
        BinaryPrimitives.WriteUInt16BigEndian(header[39..], (ushort)(lengthBytes / BlockBytes));
    }

    // Data-In up to its status, or a SCSI Response; what comes between belongs to nobody here.
    private CommandEnd ReceiveEnd()
    {
        while (true)
        {
            int length = ReceivePdu(out int offset);
            bool isData = _header[0] == 0x25;
            if (isData && (_header[1] & 1) == 0) continue;
            if (!isData && _header[0] != 0x21) continue;
            _expStatSN = BinaryPrimitives.ReadUInt32BigEndian(_header.AsSpan(24)) + 1;
            if (isData || length == 0) return new CommandEnd(_header[3], 0);
            ReadOnlySpan<byte> sense = _data.AsSpan(offset + 2);
            return new CommandEnd(_header[3], ((sense[2] & 0x0F) << 16) | (sense[12] << 8) | sense[13]);
        }
    }

    private int ReceivePdu(out int offset)
    {
        ReceiveExactly(_header);
        int length = (_header[5] << 16) | (_header[6] << 8) | _header[7];
        offset = _header[0] == 0x25 ? BinaryPrimitives.ReadInt32BigEndian(_header.AsSpan(40)) : 0;
        ReceiveExactly(_data.AsSpan(offset, (length + 3) & ~3));
        return length;
    }

    private void Negotiate(string target, string name, (string User, string Secret)? chap)
    {
        string names = $"InitiatorName={name}\nTargetName={target}\nSessionType=Normal\n";
        const string Operational = "InitialR2T=No\nImmediateData=Yes\nMaxRecvDataSegmentLength=262144\n";
        if (chap is not { } who)
        {
            _ = Login(0x87, names + Operational);
            return;
        }

        _ = Login(0x00, names + "AuthMethod=CHAP\n");
        string challenge = Login(0x00, "CHAP_A=7\n");
        byte identifier = byte.Parse(Value(challenge, "CHAP_I="), System.Globalization.CultureInfo.InvariantCulture);
        byte[] random = Convert.FromHexString(Value(challenge, "CHAP_C=0x"));
        byte[] response = SHA256.HashData([identifier, .. Encoding.ASCII.GetBytes(who.Secret), .. random]);
        _ = Login(0x81, $"CHAP_N={who.User}\nCHAP_R=0x{Convert.ToHexString(response)}\n");
        _ = Login(0x87, Operational);
    }

    private static string Value(string text, string key) => text.Split('\n').Single(pair => pair.StartsWith(key, StringComparison.Ordinal))[key.Length..];

    private string Login(byte flags, string keys)
    {
        byte[] data = Encoding.ASCII.GetBytes(keys.Replace('\n', '\0'));
        byte[] pdu = new byte[48 + ((data.Length + 3) & ~3)];
        (pdu[0], pdu[1], pdu[8]) = (0x43, flags, 0x80);
        BitConverter.TryWriteBytes(pdu.AsSpan(9), GetHashCode());
        BinaryPrimitives.WriteInt32BigEndian(pdu.AsSpan(4), data.Length);
        BinaryPrimitives.WriteUInt32BigEndian(pdu.AsSpan(24), _cmdSN);
        BinaryPrimitives.WriteUInt32BigEndian(pdu.AsSpan(28), _expStatSN);
        data.CopyTo(pdu, 48);
        Send(pdu);
        int length = ReceivePdu(out _);
        if (_header[36] != 0) throw new UnauthorizedAccessException($"Login status {_header[36]:x2}{_header[37]:x2}.");
        _expStatSN = BinaryPrimitives.ReadUInt32BigEndian(_header.AsSpan(24)) + 1;
        return Encoding.ASCII.GetString(_data, 0, length).Replace('\0', '\n');
    }

    private void Send(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty) bytes = bytes[_socket.Send(bytes)..];
    }

    private void ReceiveExactly(Span<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int count = _socket.Receive(bytes);
            if (count == 0) throw new IOException("The target closed the connection.");
            bytes = bytes[count..];
        }
    }
}
