using System.Buffers.Binary;

namespace VSan.Iscsi.Pdu;

/// <summary>
/// Asynchronous Message (RFC 7143, 11.9). Event 1 asks the initiator to log out within Parameter3 seconds; event 3 says that all connections of the
/// session are dropped, and that it may come again after Parameter2 seconds, to a session of which nothing is kept (Parameter3, Time2Retain 0).
/// <code>
///    0 | 32h |1 . . . . . . .| reserved | 8 LUN | 16 FFFFFFFFh | 24 StatSN | 28 ExpCmdSN | 32 MaxCmdSN
///   36 | AsyncEvent | AsyncVCode | 38 Parameter1 | 40 Parameter2 | 42 Parameter3
/// </code>
/// </summary>
internal static class AsyncMessage
{
    private const byte LogoutRequest = 1, SessionDropped = 3;

    public static void FormatLogoutRequest(Span<byte> to, ushort withinSeconds)
    {
        Begin(to, LogoutRequest);
        BinaryPrimitives.WriteUInt16BigEndian(to[42..], withinSeconds);
    }

    public static void FormatSessionDropped(Span<byte> to, ushort waitSeconds)
    {
        Begin(to, SessionDropped);
        BinaryPrimitives.WriteUInt16BigEndian(to[40..], waitSeconds);
    }

    private static void Begin(Span<byte> to, byte asyncEvent)
    {
        BasicHeader.Begin(to, Opcode.AsyncMessage, 0x80, 0, BasicHeader.ReservedTag);
        to[36] = asyncEvent;
    }
}
