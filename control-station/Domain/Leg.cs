namespace VSan.Station.Domain;

/// <summary>The part of a volume that one unit serves.</summary>
/// <param name="Id">Identity, from which serial number and NAA name follow: they never change.</param>
/// <param name="VolumeId">The volume.</param>
/// <param name="UnitId">The unit.</param>
/// <param name="StoreId">The store on it.</param>
/// <param name="Index">Its place in the volume, 0-based: the order in which the host puts legs together.</param>
/// <param name="Role">What it is of the volume.</param>
/// <param name="SizeBytes">Capacity; what the store promised.</param>
public sealed record Leg(Guid Id, Guid VolumeId, Guid UnitId, Guid StoreId, int Index, LegRole Role, long SizeBytes) : Entity(Id)
{
    /// <summary>The snapshot's leg that it began as a copy of, which may be gone by now; null when it began empty.</summary>
    public Guid? OriginId { get; init; }
}

/// <summary>What a leg is of its volume.</summary>
public enum LegRole
{
    /// <summary>All of it, alone.</summary>
    Whole,

    /// <summary>All of it, beside others.</summary>
    Copy,

    /// <summary>Every n-th chunk.</summary>
    Stripe,

    /// <summary>A contiguous part.</summary>
    Segment,
}
