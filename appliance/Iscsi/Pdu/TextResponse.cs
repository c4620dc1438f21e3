using System.Buffers.Binary;

namespace VSan.Iscsi.Pdu;

/// <summary>
/// Text Response (RFC 7143, 11.11).
/// <code>
///    0 | 24h |F C . . . . . .| reserved | 8 LUN | 16 ITT | 20 TTT, reserved when F | 24 StatSN | 28 ExpCmdSN | 32 MaxCmdSN | keys
/// </code>
/// </summary>
internal static class TextResponse
{
    public const byte Final = 0x80, Continue = 0x40;

    public static void Format(Span<byte> to, byte flags, int length, uint tag, uint transferTag)
    {
        BasicHeader.Begin(to, Opcode.TextResponse, flags, length, tag);
        BinaryPrimitives.WriteUInt32BigEndian(to[20..], transferTag);
    }
}
