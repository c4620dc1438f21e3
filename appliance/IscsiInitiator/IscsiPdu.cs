using System.Buffers.Binary;
using System.Numerics;

namespace VSan.IscsiInitiator;

/// <summary>One PDU as bytes: a basic header segment and a data segment (RFC 7143, 11.2). It says nothing of whether it is legal.</summary>
internal sealed class IscsiPdu(byte opcode, byte flags = IscsiPdu.Final)
{
    public const int HeaderBytes = 48;
    public const int DigestBytes = 4;
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

    /// <param name="stream">The connection.</param>
    /// <param name="digests">Both digests follow what they cover, and are checked.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<IscsiPdu> ReadAsync(Stream stream, bool digests = false, CancellationToken cancellation = default)
    {
        IscsiPdu pdu = new(0);
        int digest = digests ? DigestBytes : 0;
        await stream.ReadExactlyAsync(pdu.Header, cancellation);
        byte[] additional = new byte[(pdu.Header[4] * 4) + digest];
        await stream.ReadExactlyAsync(additional, cancellation);
        if (digests) Check([.. pdu.Header, .. additional]);
        int length = (int)(pdu.Word(4) & 0xffffff);
        byte[] segment = new byte[length > 0 ? Padded(length) + digest : 0];
        await stream.ReadExactlyAsync(segment, cancellation);
        if (digests && length > 0) Check(segment);
        pdu.Data = segment[..length];
        return pdu;
    }

    /// <summary>The bytes on the wire; DataSegmentLength is set from the data unless the caller lies on purpose.</summary>
    public byte[] ToBytes(int? declaredLength = null, byte additionalWords = 0, bool digests = false)
    {
        int digest = digests ? DigestBytes : 0;
        byte[] bytes = new byte[HeaderBytes + digest + (Data.Length > 0 ? Padded(Data.Length) + digest : 0)];
        Header.CopyTo(bytes, 0);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4), (uint)(declaredLength ?? Data.Length) | ((uint)additionalWords << 24));
        Data.CopyTo(bytes, HeaderBytes + digest);
        if (!digests) return bytes;
        Sign(bytes.AsSpan(0, HeaderBytes + digest));
        if (Data.Length > 0) Sign(bytes.AsSpan(HeaderBytes + digest));
        return bytes;
    }

    private static void Sign(Span<byte> covered) => BinaryPrimitives.WriteUInt32LittleEndian(covered[^DigestBytes..], Crc32C(covered[..^DigestBytes]));

    private static void Check(ReadOnlySpan<byte> covered)
    {
        uint expected = Crc32C(covered[..^DigestBytes]);
        if (BinaryPrimitives.ReadUInt32LittleEndian(covered[^DigestBytes..]) != expected) throw new DigestException();
    }

    /// <summary>CRC32C as RFC 7143, 13.1 has it: all ones before, inverted after, least significant byte first on the wire.</summary>
    private static uint Crc32C(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..]) crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (byte one in bytes) crc = BitOperations.Crc32C(crc, one);
        return ~crc;
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
