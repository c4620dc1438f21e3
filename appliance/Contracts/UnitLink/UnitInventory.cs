using System.Text.Json.Serialization;

namespace VSan.Contracts.UnitLink;

/// <summary>Answer to the station's enquiry: what this unit can serve. <c>GET /link/v1/inventory</c>.</summary>
/// <param name="UnitId">The unit.</param>
/// <param name="Portals">iSCSI portals as <c>address:port</c>; IPv6 in brackets.</param>
/// <param name="Stores">Places where legs can live.</param>
/// <param name="Clock">The unit's clock, UTC.</param>
/// <param name="Disks">Its disks; null when it does not look at disks.</param>
public sealed record UnitInventory(Guid UnitId, IReadOnlyList<string> Portals, IReadOnlyList<StoreInventory> Stores, DateTimeOffset Clock, IReadOnlyList<DiskInventory>? Disks = null)
{
    /// <summary>How it describes itself for kinds of service other than blocks.</summary>
    public IReadOnlyList<ServiceOffer> Services { get; init => field = value ?? []; } = [];

    /// <summary>Legs on the stores of which the accepted document says nothing, so that no newer document deletes them either; null when the unit does not say.</summary>
    public IReadOnlyList<Guid>? IdleLegs { get; init; }

    /// <summary>The greatest lock epoch that the unit has heard of.</summary>
    public long LockEpoch { get; init; }

    /// <summary>The image that it runs; null from a unit that does not say.</summary>
    public ImageInventory? Image { get; init; }
}

/// <summary>One store of a unit.</summary>
/// <param name="StoreId">Identity, kept in the store itself, so that it survives a move to another path.</param>
/// <param name="Name">Name for people.</param>
/// <param name="CapacityBytes">Size of the filesystem, or the limit that the unit was given for it.</param>
/// <param name="FreeBytes">What the store can still take.</param>
/// <param name="Reflink">True when snapshots by reflink work here.</param>
/// <param name="LegIds">Legs that lie on it now.</param>
public sealed record StoreInventory(Guid StoreId, string Name, long CapacityBytes, long FreeBytes, bool Reflink, IReadOnlyList<Guid> LegIds)
{
    /// <summary>Shares that lie on it now.</summary>
    public IReadOnlyList<Guid> ShareIds { get; init => field = value ?? []; } = [];

    /// <summary>What lies below it.</summary>
    public MediaClass Media { get; init; }
}

/// <summary>What a store is made of, by which policies choose.</summary>
[JsonConverter(typeof(WireEnumConverter<MediaClass>))]
public enum MediaClass
{
    /// <summary>The unit cannot tell.</summary>
    Unknown,

    /// <summary>Turning platters, or a device with one below it.</summary>
    Hdd,

    /// <summary>Flash behind SATA, SAS or a virtual bus.</summary>
    Ssd,

    /// <summary>Flash behind NVMe.</summary>
    Nvme,

    /// <summary>A filesystem in memory: tests, and gone with the power.</summary>
    Memory,
}
