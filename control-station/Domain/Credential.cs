namespace VSan.Station.Domain;

/// <summary>
/// What one host proves to one unit by CHAP, and the unit to the host when it is asked to.
/// <code>
///   one secret ──rotate──► new and former, told: former ──the unit serves both──► told: new ──the overlap is over──► one secret
/// </code>
/// A unit goes from the former secret alone to both, and only then to the new one alone; a running session never notices.
/// </summary>
/// <param name="Id">Identity; the secrets' reference in configurations.</param>
/// <param name="HostId">The host.</param>
/// <param name="UnitId">The unit.</param>
/// <param name="UserName">CHAP user name.</param>
/// <param name="ProtectedSecret">The secret, encrypted under a key that is not in the store.</param>
public sealed record Credential(Guid Id, Guid HostId, Guid UnitId, string UserName, byte[] ProtectedSecret) : Entity(Id)
{
    /// <summary>What the unit proves, encrypted likewise; null in what was made before mutual CHAP.</summary>
    public byte[]? ProtectedTargetSecret { get; init; }

    /// <summary>The rotation that is under way; null for none.</summary>
    public SecretRotation? Rotation { get; init; }

    /// <summary>When the secret was made.</summary>
    public DateTimeOffset MadeAt { get; init; }

    /// <summary>The secret that a host is to be told: one that the unit admits for certain.</summary>
    public byte[] ProtectedToldSecret => Rotation is { AcceptedAt: null } rotation ? rotation.ProtectedFormerSecret : ProtectedSecret;

    /// <summary>The unit's secret that belongs to it.</summary>
    public byte[]? ProtectedToldTargetSecret => Rotation is { AcceptedAt: null } rotation ? rotation.ProtectedFormerTargetSecret : ProtectedTargetSecret;
}

/// <summary>A secret on its way out.</summary>
/// <param name="ProtectedFormerSecret">The host's secret before.</param>
/// <param name="ProtectedFormerTargetSecret">The unit's secret before, or null.</param>
/// <param name="UnitGeneration">The unit's configuration from which on both are admitted.</param>
/// <param name="Overlap">How long the former one is admitted after that.</param>
/// <param name="AcceptedAt">Since when the unit is known to admit both; null until then.</param>
public sealed record SecretRotation(byte[] ProtectedFormerSecret, byte[]? ProtectedFormerTargetSecret, long UnitGeneration, TimeSpan Overlap, DateTimeOffset? AcceptedAt);
