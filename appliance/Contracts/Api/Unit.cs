using System.Text.Json.Serialization;
using VSan.Contracts.UnitLink;

namespace VSan.Contracts.Api;

/// <summary>An IP SAN unit.</summary>
/// <param name="Id">Identity.</param>
/// <param name="Name">System name; unique.</param>
/// <param name="State">Where it stands.</param>
/// <param name="ShortCode">What a person compares with the unit's screen before approving it.</param>
/// <param name="Addresses">IP addresses that it reported.</param>
/// <param name="Portals">iSCSI portals.</param>
/// <param name="Stores">Its stores, with promised space.</param>
/// <param name="CapacityBytes">Sum over its stores.</param>
/// <param name="FreeBytes">What the stores can still take, as the unit measured it.</param>
/// <param name="PromisedBytes">What volumes were promised, written or not.</param>
/// <param name="Generation">Configuration generation that is wanted.</param>
/// <param name="AppliedGeneration">Configuration generation that it serves.</param>
/// <param name="Sessions">Logged-in iSCSI sessions.</param>
/// <param name="ImageVersion">Software version.</param>
/// <param name="Conditions">What is wrong; empty when all is well.</param>
/// <param name="EnrolledAt">When it was first seen.</param>
/// <param name="LastSeenAt">Last report, or null.</param>
/// <param name="JoinMilliseconds">From its first startup packet to ready, or null.</param>
/// <param name="Labels">Rack, site, anything; what a person or its token says of it.</param>
/// <param name="Cordoned">True: nothing new is placed on it.</param>
public sealed record Unit(
    Guid Id,
    string Name,
    UnitState State,
    string ShortCode,
    IReadOnlyList<string> Addresses,
    IReadOnlyList<string> Portals,
    IReadOnlyList<Store> Stores,
    long CapacityBytes,
    long FreeBytes,
    long PromisedBytes,
    long Generation,
    long AppliedGeneration,
    int Sessions,
    string ImageVersion,
    IReadOnlyList<UnitCondition> Conditions,
    DateTimeOffset EnrolledAt,
    DateTimeOffset? LastSeenAt,
    long? JoinMilliseconds,
    IReadOnlyDictionary<string, string>? Labels = null,
    bool Cordoned = false)
{
    /// <summary>Its share of new legs, in hundredths; 0 is a spare, which takes none until it is given weight.</summary>
    public int Weight { get; init; } = 100;

    /// <summary>The lost unit for which it was taken into service by itself when it was a spare; null when it was not.</summary>
    public Guid? StandsInFor { get; init; }
}

/// <summary>Labels of a unit, whole: <c>POST /units/{id}:label</c>.</summary>
public sealed record LabelSet(IReadOnlyDictionary<string, string> Labels);

/// <summary>One store of a unit, as the pool counts it.</summary>
public sealed record Store(Guid Id, string Name, long CapacityBytes, long FreeBytes, long PromisedBytes)
{
    /// <summary>Its media class: <c>hdd</c>, <c>ssd</c>, <c>nvme</c> or <c>memory</c>; null when its unit cannot tell.</summary>
    public string? Media { get; init; }
}

/// <summary>One store of the pool.</summary>
/// <param name="UnitId">Its unit.</param>
/// <param name="UnitName">The unit's name.</param>
/// <param name="Store">The store.</param>
public sealed record PoolStore(Guid UnitId, string UnitName, Store Store);

/// <summary>One page of stores.</summary>
public sealed record StorePage(IReadOnlyList<PoolStore> Items, string? NextCursor);

/// <summary>A unit's share of new legs: <c>POST /units/{id}:weight</c>.</summary>
/// <param name="Weight">In hundredths of the share of a unit of this capacity, 0 to 1000; 0 makes it a spare, which takes none.</param>
public sealed record WeightSet(int Weight);

/// <summary>Where a unit stands.</summary>
[JsonConverter(typeof(WireEnumConverter<UnitState>))]
public enum UnitState
{
    /// <summary>Asked to join; waits for a person.</summary>
    Pending,

    /// <summary>Admitted; its link or inventory is not there yet.</summary>
    Joining,

    /// <summary>Serves and takes new volumes.</summary>
    Ready,

    /// <summary>Silent for 3 s.</summary>
    Suspect,

    /// <summary>Silent for 10 s. Its volumes may still be served: the station is not on the data path.</summary>
    Unreachable,

    /// <summary>Serves, and is being emptied.</summary>
    Draining,

    /// <summary>Empty, and safe to stop; nothing new is placed on it.</summary>
    Drained,

    /// <summary>Taken out of service.</summary>
    Retired,

    /// <summary>Set aside: two machines were alive with its identity.</summary>
    Quarantined,
}

/// <summary>One page of units.</summary>
public sealed record UnitPage(IReadOnlyList<Unit> Items, string? NextCursor);
