using System.Buffers.Binary;

namespace VSan.Iscsi.Pdu;

/// <summary>
/// SCSI Data-In (RFC 7143, 11.7).
/// <code>
///    0 | 25h |F A 0 0 0 O U S| reserved | status  |
///    4 | 0 | DataSegmentLength                    |   8 | LUN (only with A)
///   16 | ITT | 20 TTT = FFFFFFFFh | 24 StatSN (S) | 28 ExpCmdSN | 32 MaxCmdSN
///   36 | DataSN | 40 Buffer Offset | 44 Residual Count (S)
/// </code>
/// </summary>
internal static class DataIn
{
    public const byte Final = 0x80, Status = 0x01;

    public static void Format(Span<byte> to, byte flags, byte status, int length, uint tag, uint dataSN, uint offset, uint residual)
    {
        BasicHeader.Begin(to, Opcode.DataIn, flags, length, tag);
        to[3] = status;
        BinaryPrimitives.WriteUInt32BigEndian(to[20..], BasicHeader.ReservedTag);
        BinaryPrimitives.WriteUInt32BigEndian(to[36..], dataSN);
        BinaryPrimitives.WriteUInt32BigEndian(to[40..], offset);
        BinaryPrimitives.WriteUInt32BigEndian(to[44..], residual);
    }
}
