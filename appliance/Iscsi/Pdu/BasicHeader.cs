using System.Buffers.Binary;

namespace VSan.Iscsi.Pdu;

/// <summary>
/// The basic header segment of every PDU (RFC 7143, 11.2.1).
/// <code>
///    0 |.I| opcode |F| opcode-specific (3)     |
///    4 | TotalAHSLength | DataSegmentLength (3) |
///    8 | LUN or opcode-specific (8)             |
///   16 | Initiator Task Tag (4)                 |
///   20 | opcode-specific (28)                   |
/// </code>
/// </summary>
internal readonly ref struct BasicHeader(ReadOnlySpan<byte> bytes)
{
    /// <summary>Size of the segment.</summary>
    public const int Bytes = 48;

    /// <summary>A task tag that names nothing.</summary>
    public const uint ReservedTag = 0xFFFFFFFF;

    /// <summary>The bytes as they came.</summary>
    public ReadOnlySpan<byte> Raw { get; } = bytes;

    public Opcode Opcode => (Opcode)(Raw[0] & 0x3F);

    /// <summary>Delivered at once, without a CmdSN of its own.</summary>
    public bool Immediate => (Raw[0] & 0x40) != 0;

    public byte Flags => Raw[1];

    /// <summary>F, or T of a login.</summary>
    public bool Final => (Raw[1] & 0x80) != 0;

    /// <summary>C of login and text: the keys go on in the next PDU.</summary>
    public bool Continue => (Raw[1] & 0x40) != 0;

    /// <summary>Additional header segments, in bytes.</summary>
    public int AdditionalBytes => Raw[4] * 4;

    public int DataSegmentLength => (Raw[5] << 16) | (Raw[6] << 8) | Raw[7];

    public ulong Lun => BinaryPrimitives.ReadUInt64BigEndian(Raw[8..]);

    public uint InitiatorTaskTag => UInt32(16);

    /// <summary>Target Transfer Tag of Data-Out, NOP-Out and Text; referenced task tag of a task management request.</summary>
    public uint TargetTransferTag => UInt32(20);

    public uint CmdSN => UInt32(24);

    public uint ExpStatSN => UInt32(28);

    public uint UInt32(int at) => BinaryPrimitives.ReadUInt32BigEndian(Raw[at..]);

    public ushort UInt16(int at) => BinaryPrimitives.ReadUInt16BigEndian(Raw[at..]);

    /// <summary>Bytes that follow data to the next four-byte boundary (RFC 7143, 11.1).</summary>
    public static int Padding(int length) => -length & 3;

    /// <summary>Starts a PDU of ours: zeroes, operation code, F, length and task tag.</summary>
    public static void Begin(Span<byte> to, Opcode opcode, byte flags, int dataLength, uint initiatorTaskTag)
    {
        to[..Bytes].Clear();
        BinaryPrimitives.WriteUInt32BigEndian(to[4..], (uint)dataLength);
        to[0] = (byte)opcode;
        to[1] = flags;
        BinaryPrimitives.WriteUInt32BigEndian(to[16..], initiatorTaskTag);
    }
}
