namespace VSan.Station.Domain;

/// <summary>The permission of one host to use one volume.</summary>
/// <param name="Id">Identity.</param>
/// <param name="VolumeId">The volume.</param>
/// <param name="HostId">The host.</param>
/// <param name="ReadOnly">The host may only read.</param>
/// <param name="State">Where it stands.</param>
public sealed record Mapping(Guid Id, Guid VolumeId, Guid HostId, bool ReadOnly, MappingState State) : Entity(Id);

/// <summary>One leg of a mapped volume, as the host sees it.</summary>
/// <param name="Id">Identity.</param>
/// <param name="MappingId">The mapping.</param>
/// <param name="LegId">The leg.</param>
/// <param name="HostId">The mapping's host.</param>
/// <param name="UnitId">The leg's unit.</param>
/// <param name="Lun">Number on the unit's target, as this host sees it.</param>
public sealed record MappedLeg(Guid Id, Guid MappingId, Guid LegId, Guid HostId, Guid UnitId, int Lun) : Entity(Id);

/// <summary>Where a mapping stands: <c>Pending → Active → Removing → gone</c>, and <c>Pending → Removing</c>.</summary>
public enum MappingState
{
    /// <summary>Wanted, not served yet.</summary>
    Pending,

    /// <summary>Served.</summary>
    Active,

    /// <summary>No longer wanted; units may still serve it.</summary>
    Removing,
}

/// <summary>A number that a host used on a unit until lately; giving it to another volume too soon could hand the host the wrong data.</summary>
/// <param name="Id">Identity.</param>
/// <param name="HostId">The host.</param>
/// <param name="UnitId">The unit.</param>
/// <param name="Lun">The number.</param>
/// <param name="FreedAt">When the unit stopped serving it; <see cref="StillServed"/> while the unit is away and may serve it yet.</param>
public sealed record LunTombstone(Guid Id, Guid HostId, Guid UnitId, int Lun, DateTimeOffset FreedAt) : Entity(Id)
{
    /// <summary>The unit was away when the mapping was removed.</summary>
    public static readonly DateTimeOffset StillServed = DateTimeOffset.MaxValue;
}
