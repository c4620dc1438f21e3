using System.Buffers.Binary;

namespace VSan.Iscsi.Pdu;

/// <summary>
/// SCSI Response (RFC 7143, 11.4).
/// <code>
///    0 | 21h |1 . . o u O U .| response | status  |
///    4 | 0 | DataSegmentLength                    |   16 | ITT | 20 SNACK tag (0)
///   24 | StatSN | 28 ExpCmdSN | 32 MaxCmdSN
///   36 | ExpDataSN | 40 bidirectional residual | 44 residual count | 48 SenseLength (2), sense data
/// </code>
/// </summary>
internal static class ScsiResponse
{
    /// <summary>O of the flags: the initiator expected less than the command moves.</summary>
    public const byte Overflow = 0x04;

    /// <summary>U of the flags: it expected more.</summary>
    public const byte Underflow = 0x02;

    public static void Format(Span<byte> to, byte residualFlags, byte status, int length, uint tag, uint expDataSN, uint residual)
    {
        BasicHeader.Begin(to, Opcode.ScsiResponse, (byte)(0x80 | residualFlags), length, tag);
        to[3] = status;
        BinaryPrimitives.WriteUInt32BigEndian(to[36..], expDataSN);
        BinaryPrimitives.WriteUInt32BigEndian(to[44..], residual);
    }
}
