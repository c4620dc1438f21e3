using System.Buffers.Binary;

namespace VSan.Iscsi.Pdu;

/// <summary>
/// Ready To Transfer (RFC 7143, 11.8). StatSN is the next one and is not consumed.
/// <code>
///    0 | 31h |1 . . . . . . .| reserved            |   8 | LUN
///   16 | ITT | 20 TTT, never FFFFFFFFh | 24 StatSN | 28 ExpCmdSN | 32 MaxCmdSN
///   36 | R2TSN | 40 Buffer Offset | 44 Desired Data Transfer Length, never 0
/// </code>
/// </summary>
internal static class ReadyToTransfer
{
    public static void Format(Span<byte> to, ulong lun, uint tag, uint transferTag, uint r2tSN, uint offset, uint length)
    {
        BasicHeader.Begin(to, Opcode.ReadyToTransfer, 0x80, 0, tag);
        BinaryPrimitives.WriteUInt64BigEndian(to[8..], lun);
        BinaryPrimitives.WriteUInt32BigEndian(to[20..], transferTag);
        BinaryPrimitives.WriteUInt32BigEndian(to[36..], r2tSN);
        BinaryPrimitives.WriteUInt32BigEndian(to[40..], offset);
        BinaryPrimitives.WriteUInt32BigEndian(to[44..], length);
    }
}
