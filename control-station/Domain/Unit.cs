using System.Collections.ObjectModel;

namespace VSan.Station.Domain;

/// <summary>An IP SAN unit as the station remembers it. Whether it is within reach is not kept here: that is found, not stored.</summary>
/// <param name="Id">The member's own identity; its certificate's subject.</param>
/// <param name="Name">System name; unique.</param>
/// <param name="Phase">How far it has come into the pool.</param>
/// <param name="KeyHash">SHA-256 of its public key (SPKI), lower-case hexadecimal; unique. The key is the unit.</param>
/// <param name="ShortCode">First digits of the key's hash, for a person's comparison.</param>
/// <param name="SerialNumber">Serial number of the machine, or empty.</param>
/// <param name="ImageVersion">Software version.</param>
/// <param name="Addresses">IP addresses it reported.</param>
/// <param name="Portals">iSCSI portals it reported, <c>address:port</c>.</param>
/// <param name="WantedGeneration">Generation of the configuration it is to serve; 0 before its first enquiry.</param>
/// <param name="EnrolledAt">First startup packet.</param>
/// <param name="JoinMilliseconds">From the first startup packet to ready; null until then.</param>
public sealed record Unit(
    Guid Id,
    string Name,
    UnitPhase Phase,
    string KeyHash,
    string ShortCode,
    string SerialNumber,
    string ImageVersion,
    IReadOnlyList<string> Addresses,
    IReadOnlyList<string> Portals,
    long WantedGeneration,
    DateTimeOffset EnrolledAt,
    long? JoinMilliseconds) : Entity(Id)
{
    /// <summary>What a person or its token says of it: rack, site, anything. Failure domains and scopes go by them.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>True: placement puts nothing new here. What lies here is served on.</summary>
    public bool Cordoned { get; init; }

    /// <summary>True while its certificate opens the link: it was admitted, and neither set aside nor retired since.</summary>
    public bool IsAdmitted => Phase is UnitPhase.Joining or UnitPhase.Ready or UnitPhase.Draining or UnitPhase.Drained;

    /// <summary>How it described itself for kinds of service other than blocks.</summary>
    public IReadOnlyList<ServiceOffer> Services { get; init; } = [];

    /// <summary>Weight of a unit that takes its share of new legs, and no more.</summary>
    public const int WeightDefault = 100;

    /// <summary>Its share of new legs against other units of the same capacity, in hundredths; 0 makes it a spare, which takes none.</summary>
    public int Weight { get; init; } = WeightDefault;

    /// <summary>The lost unit for which it was taken into service by itself when it was a spare; null when it was not.</summary>
    public Guid? StandsInFor { get; init; }

    /// <summary>The value of one label, or null.</summary>
    public string? Label(string name) => Labels.TryGetValue(name, out string? value) ? value : null;

    /// <summary>iSCSI name of the unit's one target: the first 12 hexadecimal digits of its identity (48 random bits of a version 4 id).</summary>
    public string TargetName => $"iqn.2026-11.io.vsan-appliance:unit.{Id.ToString("N")[..12]}";
}
