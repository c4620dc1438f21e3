using System.Text.Json.Serialization;
using VSan.Contracts;
using VSan.Contracts.UnitLink;

namespace VSan.UnitAgent.Reconcile;

/// <summary>What a store says of one of its legs, so that people, and one day a new station, can tell what lies there.</summary>
/// <param name="State">How far its creation came.</param>
/// <param name="UnitId">The unit that made it.</param>
/// <param name="Leg">The leg as it was created.</param>
internal sealed record LegDescription(LegState State, Guid UnitId, LegSpec Leg)
{
    /// <summary>Of a snapshot: what it is a copy of; null for a leg.</summary>
    public SnapshotSpec? Snapshot { get; init; }

    /// <summary>Of a leg that was copied from another unit: the digest of both.</summary>
    public string? CopyDigest { get; init; }

    /// <summary>What the station says of it, signed; null in what an earlier version wrote.</summary>
    public SignedLegRecord? Record { get; init; }
}

/// <summary>How far the creation of a leg came. It only goes forward.</summary>
[JsonConverter(typeof(WireEnumConverter<LegState>))]
internal enum LegState
{
    /// <summary>No byte was ever served from it: creation may be begun again.</summary>
    Creating,

    /// <summary>It is being copied from another unit; what there is of it lies aside, and is never served.</summary>
    Copying,

    /// <summary>The file was there and may hold a host's bytes. Should it vanish, it is never made anew.</summary>
    Created,
}
