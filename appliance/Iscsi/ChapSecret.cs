namespace VSan.Iscsi;

/// <summary>What an initiator must prove to know (RFC 7143, 12.1.3).</summary>
/// <param name="UserName">CHAP_N.</param>
/// <param name="Secret">The shared secret, ASCII. Never logged.</param>
public sealed record ChapSecret(string UserName, string Secret)
{
    /// <summary>The secret before, which proves as well while it is being replaced; null for none.</summary>
    public string? FormerSecret { get; init; }

    /// <summary>Names the user only, so that a log line cannot leak the secret.</summary>
    public override string ToString() => $"ChapSecret {{ UserName = {UserName} }}";
}
