namespace VSan.Station.Domain;

/// <summary>A volume as it was at one moment. Nobody writes to it; a clone of it is a volume.</summary>
/// <param name="Id">Identity.</param>
/// <param name="VolumeId">The volume, which cannot be removed before its snapshots.</param>
/// <param name="GroupId">Snapshots of one group show the same moment; a single one is a group of its own.</param>
/// <param name="Name">Unique among the snapshots of the volume.</param>
/// <param name="State">Where it stands.</param>
/// <param name="ScheduleId">The schedule that made it and may remove it; null when a person asked.</param>
/// <param name="CreatedAt">When it was asked for.</param>
/// <param name="TakenAt">The moment it shows, by the unit's clock; null until then.</param>
public sealed record Snapshot(
    Guid Id,
    Guid VolumeId,
    Guid GroupId,
    string Name,
    SnapshotState State,
    Guid? ScheduleId,
    DateTimeOffset CreatedAt,
    DateTimeOffset? TakenAt) : Entity(Id);

/// <summary>Where a snapshot stands: <c>Creating → Ready → Deleting → gone</c>, and <c>Creating → Deleting</c> by cancel or failure.</summary>
public enum SnapshotState
{
    /// <summary>Wanted, not taken yet.</summary>
    Creating,

    /// <summary>There.</summary>
    Ready,

    /// <summary>No longer wanted; its space is still promised.</summary>
    Deleting,
}

/// <summary>The part of a snapshot that lies on one unit: a copy of one leg.</summary>
/// <param name="Id">Identity of the copy; a clone's leg begins with it.</param>
/// <param name="SnapshotId">The snapshot.</param>
/// <param name="LegId">The leg that it is a copy of.</param>
/// <param name="UnitId">The unit.</param>
/// <param name="StoreId">The store on it.</param>
/// <param name="SizeBytes">Capacity of the leg at that moment.</param>
/// <param name="PromisedBytes">What the store promised: the most that the copy can come to hold alone.</param>
public sealed record SnapshotLeg(Guid Id, Guid SnapshotId, Guid LegId, Guid UnitId, Guid StoreId, long SizeBytes, long PromisedBytes) : Entity(Id);
