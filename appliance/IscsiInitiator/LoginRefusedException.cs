namespace VSan.IscsiInitiator;

/// <summary>The target refused a login (RFC 7143, 11.13.5).</summary>
internal sealed class LoginRefusedException(byte statusClass, byte detail) : Exception($"Login refused: {statusClass:x2}{detail:x2}.")
{
    public const int AuthenticationFailure = 0x0201;
    public const int AuthorizationFailure = 0x0202;
    public const int NotFound = 0x0203;
    public const int TooManyConnections = 0x0206;

    /// <summary>Status class and detail as one number, as the RFC writes them.</summary>
    public int Status { get; } = (statusClass << 8) | detail;
}
