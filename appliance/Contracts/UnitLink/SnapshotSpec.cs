namespace VSan.Contracts.UnitLink;

/// <summary>
/// One snapshot that this unit is to keep: a copy of a leg as it was at one moment, sharing the blocks that have not changed since. It is
/// made once, when a document first names it, and served to nobody; a leg whose <see cref="LegSpec.OriginId"/> names it is a clone of it.
/// </summary>
/// <param name="GroupId">Snapshots of one group share one moment; they are made together or not at all.</param>
/// <param name="SourceLegId">The leg that it is a copy of; on the same store.</param>
/// <param name="Name">Its name for people reading the store.</param>
/// <param name="Leg">The copy, described as a leg with an identity of its own.</param>
public sealed record SnapshotSpec(Guid GroupId, Guid SourceLegId, string Name, LegSpec Leg);

/// <summary>A snapshot that is there.</summary>
/// <param name="LegId">The copy's identity: <see cref="SnapshotSpec.Leg"/>.</param>
/// <param name="TakenAt">The moment it shows, by the unit's clock.</param>
/// <param name="AllocatedBytes">Bytes of its store that it refers to; those that it shares count in full.</param>
public sealed record SnapshotFact(Guid LegId, DateTimeOffset TakenAt, long AllocatedBytes);
