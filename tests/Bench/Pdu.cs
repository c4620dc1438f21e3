using System.Buffers.Binary;
using System.Text;

namespace VSan.Tests.Bench;

/// <summary>The few iSCSI PDUs that a load generator sends and meets (RFC 7143, 11), without their digests. No additional header segments.</summary>
internal static class Pdu
{
    public const int HeaderBytes = 48;
    public const uint ReservedTag = 0xffffffff;

    public const byte NopIn = 0x20;
    public const byte ScsiResponse = 0x21;
    public const byte LoginResponse = 0x23;
    public const byte DataIn = 0x25;
    public const byte ReadyToTransfer = 0x31;

    public static byte Opcode(ReadOnlySpan<byte> header) => (byte)(header[0] & 0x3f);

    public static int DataLength(ReadOnlySpan<byte> header) => (header[5] << 16) | (header[6] << 8) | header[7];

    public static int PaddedLength(int dataLength) => (dataLength + 3) & ~3;

    public static uint Word(ReadOnlySpan<byte> header, int offset) => BinaryPrimitives.ReadUInt32BigEndian(header[offset..]);

    /// <summary>Login Request (11.12): the text keys follow the header, each ended by a zero byte.</summary>
    public static byte[] Login(int stage, int nextStage, ReadOnlySpan<byte> isid, ushort tsih, uint cmdSn, uint expStatSn, params string[] keys)
    {
        byte[] text = Encoding.ASCII.GetBytes(string.Concat(keys.Select(key => key + '\0')));
        byte[] pdu = new byte[HeaderBytes + PaddedLength(text.Length)];
        pdu[0] = 0x43;
        pdu[1] = (byte)(0x80 | (stage << 2) | nextStage);
        SetDataLength(pdu, text.Length);
        isid.CopyTo(pdu.AsSpan(8));
        BinaryPrimitives.WriteUInt16BigEndian(pdu.AsSpan(14), tsih);
        BinaryPrimitives.WriteUInt32BigEndian(pdu.AsSpan(16), 1);
        BinaryPrimitives.WriteUInt32BigEndian(pdu.AsSpan(24), cmdSn);
        BinaryPrimitives.WriteUInt32BigEndian(pdu.AsSpan(28), expStatSn);
        text.CopyTo(pdu, HeaderBytes);
        return pdu;
    }

    /// <summary>SCSI Command (11.3).</summary>
    /// <param name="header">48 bytes, cleared here.</param>
    /// <param name="flags">F, R, W bits and the task attribute.</param>
    /// <param name="lun">0 to 255.</param>
    /// <param name="tag">Initiator task tag.</param>
    /// <param name="transferBytes">Expected data transfer length.</param>
    /// <param name="immediateBytes">Length of the data segment that follows.</param>
    /// <param name="cmdSn">Command sequence number.</param>
    /// <param name="expStatSn">Next status expected.</param>
    public static void Command(Span<byte> header, byte flags, byte lun, uint tag, int transferBytes, int immediateBytes, uint cmdSn, uint expStatSn)
    {
        header.Clear();
        header[0] = 0x01;
        header[1] = flags;
        SetDataLength(header, immediateBytes);
        header[9] = lun;
        BinaryPrimitives.WriteUInt32BigEndian(header[16..], tag);
        BinaryPrimitives.WriteInt32BigEndian(header[20..], transferBytes);
        BinaryPrimitives.WriteUInt32BigEndian(header[24..], cmdSn);
        BinaryPrimitives.WriteUInt32BigEndian(header[28..], expStatSn);
    }

    /// <summary>READ(16) 88h or WRITE(16) 8Ah in the header's CDB (SBC-4, 5.16 and 5.38).</summary>
    public static void SetTransferCdb(Span<byte> header, bool read, ulong lba, uint blocks)
    {
        header[32] = read ? (byte)0x88 : (byte)0x8a;
        BinaryPrimitives.WriteUInt64BigEndian(header[34..], lba);
        BinaryPrimitives.WriteUInt32BigEndian(header[42..], blocks);
    }

    /// <summary>SCSI Data-Out (11.7).</summary>
    public static void DataOut(Span<byte> header, bool final, byte lun, uint tag, uint transferTag, uint expStatSn, uint dataSn, int offset, int length)
    {
        header.Clear();
        header[0] = 0x05;
        header[1] = final ? (byte)0x80 : (byte)0;
        SetDataLength(header, length);
        header[9] = lun;
        BinaryPrimitives.WriteUInt32BigEndian(header[16..], tag);
        BinaryPrimitives.WriteUInt32BigEndian(header[20..], transferTag);
        BinaryPrimitives.WriteUInt32BigEndian(header[28..], expStatSn);
        BinaryPrimitives.WriteUInt32BigEndian(header[36..], dataSn);
        BinaryPrimitives.WriteInt32BigEndian(header[40..], offset);
    }

    /// <summary>NOP-Out as the answer to a NOP-In that asks for one (11.18).</summary>
    public static void NopOut(Span<byte> header, ReadOnlySpan<byte> nopIn, uint cmdSn, uint expStatSn)
    {
        header.Clear();
        header[0] = 0x40;
        header[1] = 0x80;
        nopIn.Slice(8, 8).CopyTo(header[8..]);
        BinaryPrimitives.WriteUInt32BigEndian(header[16..], ReservedTag);
        nopIn.Slice(20, 4).CopyTo(header[20..]);
        BinaryPrimitives.WriteUInt32BigEndian(header[24..], cmdSn);
        BinaryPrimitives.WriteUInt32BigEndian(header[28..], expStatSn);
    }

    private static void SetDataLength(Span<byte> header, int length)
    {
        header[5] = (byte)(length >> 16);
        header[6] = (byte)(length >> 8);
        header[7] = (byte)length;
    }
}
