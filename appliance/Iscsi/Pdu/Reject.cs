namespace VSan.Iscsi.Pdu;

/// <summary>Why a PDU is refused (RFC 7143, 11.17.1).</summary>
internal enum RejectReason : byte
{
    DataDigestError = 0x02,
    SnackReject = 0x03,
    ProtocolError = 0x04,
    CommandNotSupported = 0x05,
    TooManyImmediateCommands = 0x06,
    TaskInProgress = 0x07,
    InvalidPduField = 0x09,
}

/// <summary>
/// Reject (RFC 7143, 11.17). The data segment is the header that is refused.
/// <code>
///    0 | 3Fh |1 . . . . . . .| reason | 16 FFFFFFFFh | 24 StatSN | 28 ExpCmdSN | 32 MaxCmdSN | 36 DataSN/R2TSN | 48 the header (48)
/// </code>
/// </summary>
internal static class Reject
{
    public static void Format(Span<byte> to, RejectReason reason)
    {
        BasicHeader.Begin(to, Opcode.Reject, 0x80, BasicHeader.Bytes, BasicHeader.ReservedTag);
        to[2] = (byte)reason;
    }
}
