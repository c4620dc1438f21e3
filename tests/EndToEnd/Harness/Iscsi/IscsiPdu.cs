using System.Buffers.Binary;

namespace VSan.Tests.EndToEnd.Harness.Iscsi;

/// <summary>One PDU as bytes: a basic header segment and a data segment (RFC 7143, 11.2). It says nothing of whether it is legal.</summary>
internal sealed class IscsiPdu(byte opcode, byte flags = IscsiPdu.Final)
{
    public const int HeaderBytes = 48;
    public const byte Final = 0x80;
    public const uint NoTag = 0xffffffff;

    public byte[] Header { get; private set; } = CreateHeader(opcode, flags);

    public byte[] Data { get; set; } = [];

    public byte Opcode => (byte)(Header[0] & 0x3f);

    public byte Flags => Header[1];

    public uint InitiatorTaskTag { get => Word(16); set => SetWord(16, value); }

    public uint TargetTransferTag { get => Word(20); set => SetWord(20, value); }

    public uint this[int offset] { get => Word(offset); set => SetWord(offset, value); }

    /// <summary>Single-level LUN in the flat space up to 16383 (SAM-5, 4.7.3: peripheral method below 256).</summary>
    public int Lun
    {
        set
        {
            Header[8] = (byte)(value < 256 ? 0 : 0x40 | (value >> 8));
            Header[9] = (byte)value;
        }
    }

    public static async Task<IscsiPdu> ReadAsync(Stream stream, CancellationToken cancellation = default)
    {
        IscsiPdu pdu = new(0);
        await stream.ReadExactlyAsync(pdu.Header, cancellation);
        int additional = pdu.Header[4] * 4;
        int length = (int)(pdu.Word(4) & 0xffffff);
        byte[] rest = new byte[additional + Padded(length)];
        await stream.ReadExactlyAsync(rest, cancellation);
        pdu.Data = rest[additional..(additional + length)];
        return pdu;
    }

    /// <summary>The bytes on the wire; DataSegmentLength is set from the data unless the caller lies on purpose.</summary>
    public byte[] ToBytes(int? declaredLength = null, byte additionalWords = 0)
    {
        byte[] bytes = new byte[HeaderBytes + Padded(Data.Length)];
        Header.CopyTo(bytes, 0);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4), (uint)(declaredLength ?? Data.Length) | ((uint)additionalWords << 24));
        Data.CopyTo(bytes, HeaderBytes);
        return bytes;
    }

    private static byte[] CreateHeader(byte opcode, byte flags)
    {
        byte[] header = new byte[HeaderBytes];
        header[0] = opcode;
        header[1] = flags;
        return header;
    }

    private static int Padded(int length) => (length + 3) & ~3;

    private uint Word(int offset) => BinaryPrimitives.ReadUInt32BigEndian(Header.AsSpan(offset));

    private void SetWord(int offset, uint value) => BinaryPrimitives.WriteUInt32BigEndian(Header.AsSpan(offset), value);
}
