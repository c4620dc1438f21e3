using System.Buffers.Binary;

namespace VSan.Iscsi.Pdu;

/// <summary>
/// Asynchronous Message (RFC 7143, 11.9); event 1 asks the initiator to log out within Parameter3 seconds.
/// <code>
///    0 | 32h |1 . . . . . . .| reserved | 8 LUN | 16 FFFFFFFFh | 24 StatSN | 28 ExpCmdSN | 32 MaxCmdSN
///   36 | AsyncEvent | AsyncVCode | 38 Parameter1 | 40 Parameter2 | 42 Parameter3
/// </code>
/// </summary>
internal static class AsyncMessage
{
    public static void FormatLogoutRequest(Span<byte> to, ushort withinSeconds)
    {
        BasicHeader.Begin(to, Opcode.AsyncMessage, 0x80, 0, BasicHeader.ReservedTag);
        to[36] = 1;
        BinaryPrimitives.WriteUInt16BigEndian(to[42..], withinSeconds);
    }
}
