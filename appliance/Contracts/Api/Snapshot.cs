using System.Text.Json.Serialization;

namespace VSan.Contracts.Api;

/// <summary>A volume as it was at one moment.</summary>
/// <param name="Id">Identity.</param>
/// <param name="Name">Unique among the snapshots of its volume.</param>
/// <param name="VolumeId">The volume.</param>
/// <param name="VolumeName">Its name.</param>
/// <param name="GroupId">Snapshots of one group show the same moment.</param>
/// <param name="SizeBytes">Capacity at that moment.</param>
/// <param name="PromisedBytes">What its stores have promised: the most that it can come to hold alone.</param>
/// <param name="State">Where it stands.</param>
/// <param name="ScheduleId">The schedule that made it and may remove it; null when a person asked.</param>
/// <param name="CreatedAt">When it was asked for.</param>
/// <param name="TakenAt">The moment it shows, by the unit's clock; null until it is taken.</param>
public sealed record Snapshot(
    Guid Id,
    string Name,
    Guid VolumeId,
    string VolumeName,
    Guid GroupId,
    long SizeBytes,
    long PromisedBytes,
    SnapshotState State,
    Guid? ScheduleId,
    DateTimeOffset CreatedAt,
    DateTimeOffset? TakenAt);

/// <summary>Where a snapshot stands.</summary>
[JsonConverter(typeof(WireEnumConverter<SnapshotState>))]
public enum SnapshotState
{
    /// <summary>Being taken.</summary>
    Creating,

    /// <summary>There.</summary>
    Ready,

    /// <summary>Being removed.</summary>
    Deleting,
}

/// <summary>Asks for a snapshot of one volume: <c>POST /volumes/{id}/snapshots</c>.</summary>
/// <param name="Name">As a volume's name; unique among the volume's snapshots.</param>
public sealed record SnapshotCreate(string Name);

/// <summary>Asks for snapshots of several volumes at one moment: <c>POST /snapshots</c>.</summary>
/// <param name="Name">The name of each.</param>
/// <param name="VolumeIds">1 to 64 volumes on one unit.</param>
public sealed record SnapshotGroupCreate(string Name, IReadOnlyList<Guid> VolumeIds);

/// <summary>Snapshots that are asked for and the operation that takes them.</summary>
public sealed record SnapshotsAccepted(IReadOnlyList<Snapshot> Snapshots, Operation Operation);

/// <summary>Asks for a new volume that begins as a copy of a snapshot: <c>POST /snapshots/{id}:clone</c>.</summary>
/// <param name="Name">Name of the volume.</param>
/// <param name="HostId">Maps the volume to this host in the same operation; null for none.</param>
public sealed record SnapshotClone(string Name, Guid? HostId);

/// <summary>One page of snapshots.</summary>
public sealed record SnapshotPage(IReadOnlyList<Snapshot> Items, string? NextCursor);
