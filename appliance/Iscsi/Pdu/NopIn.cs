using System.Buffers.Binary;

namespace VSan.Iscsi.Pdu;

/// <summary>
/// NOP-In (RFC 7143, 11.19): the answer to a ping (ITT of the NOP-Out, TTT reserved) or a ping of ours (ITT reserved, TTT ours).
/// <code>
///    0 | 20h |1 . . . . . . .| reserved | 8 LUN | 16 ITT | 20 TTT | 24 StatSN | 28 ExpCmdSN | 32 MaxCmdSN | data
/// </code>
/// </summary>
internal static class NopIn
{
    public static void Format(Span<byte> to, int length, uint tag, uint transferTag)
    {
        BasicHeader.Begin(to, Opcode.NopIn, 0x80, length, tag);
        BinaryPrimitives.WriteUInt32BigEndian(to[20..], transferTag);
    }
}
