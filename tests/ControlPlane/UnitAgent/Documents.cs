using VSan.Contracts.UnitLink;

namespace VSan.Tests.ControlPlane.UnitAgent;

/// <summary>Configuration documents as a station makes them.</summary>
internal static class Documents
{
    public const string Initiator = "iqn.2026-11.io.example:host";

    public const string Secret = "a secret of 24 bytes....";

    public static LegSpec Leg(Guid legId, Guid storeId, long sizeBytes = 1 << 20, bool thin = true) =>
        new(legId, Guid.NewGuid(), "data", storeId, sizeBytes, 4096, thin, "6" + legId.ToString("N")[1..], legId.ToString("N")[..12]);

    public static ConfigurationPush Push(Guid unitId, long generation, params LegSpec[] legs) => new(
        new UnitConfiguration(unitId, generation, legs, [new TargetSpec("iqn.2026-11.io.example:unit", [Access(legs)])]),
        new Dictionary<string, string> { ["secret-1"] = Secret });

    private static AccessSpec Access(LegSpec[] legs) =>
        new(Initiator, "host", "secret-1", [.. legs.Select((leg, index) => new LunSpec(index, leg.LegId, ReadOnly: false))]);
}
