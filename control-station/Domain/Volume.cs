namespace VSan.Station.Domain;

/// <summary>What a host gets.</summary>
/// <param name="Id">Identity.</param>
/// <param name="Name">Unique name.</param>
/// <param name="SizeBytes">Capacity as the host sees it.</param>
/// <param name="BlockSizeBytes">512 or 4096.</param>
/// <param name="Thin">Takes space as it is written.</param>
/// <param name="State">Where it stands.</param>
/// <param name="CreatedAt">When it was asked for.</param>
public sealed record Volume(Guid Id, string Name, long SizeBytes, int BlockSizeBytes, bool Thin, VolumeState State, DateTimeOffset CreatedAt)
    : Entity(Id);

/// <summary>Where a volume stands: <c>Creating → Ready → Deleting → gone</c>, and <c>Creating → Deleting</c> by cancel or failure.</summary>
public enum VolumeState
{
    /// <summary>Reserved and wanted on its unit.</summary>
    Creating,

    /// <summary>Served.</summary>
    Ready,

    /// <summary>No longer wanted on its unit; its space is still promised.</summary>
    Deleting,
}

/// <summary>The part of a volume that one unit serves.</summary>
/// <param name="Id">Identity, from which the NAA name follows.</param>
/// <param name="VolumeId">The volume.</param>
/// <param name="UnitId">The unit.</param>
/// <param name="StoreId">The store on it.</param>
/// <param name="SizeBytes">Capacity; what the store promised.</param>
public sealed record Leg(Guid Id, Guid VolumeId, Guid UnitId, Guid StoreId, long SizeBytes) : Entity(Id)
{
    /// <summary>The snapshot's leg that it began as a copy of, which may be gone by now; null when it began empty.</summary>
    public Guid? OriginId { get; init; }
}
