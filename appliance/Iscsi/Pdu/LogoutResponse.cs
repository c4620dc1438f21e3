namespace VSan.Iscsi.Pdu;

/// <summary>
/// Logout Response (RFC 7143, 11.15): 0 done, 1 no such connection, 2 recovery is not supported.
/// <code>
///    0 | 26h |1 . . . . . . .| response | 16 ITT | 24 StatSN | 28 ExpCmdSN | 32 MaxCmdSN | 40 Time2Wait (2) | 42 Time2Retain (2)
/// </code>
/// </summary>
internal static class LogoutResponse
{
    public const byte Closed = 0, ConnectionNotFound = 1, RecoveryNotSupported = 2;

    public static void Format(Span<byte> to, byte response, uint tag)
    {
        BasicHeader.Begin(to, Opcode.LogoutResponse, 0x80, 0, tag);
        to[2] = response;
    }
}
