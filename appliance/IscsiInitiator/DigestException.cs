namespace VSan.IscsiInitiator;

/// <summary>A PDU whose CRC32C does not match: at ErrorRecoveryLevel 0 the session ends (RFC 7143, 7.8).</summary>
internal sealed class DigestException() : IOException("A digest does not match.");
