using System.Text.Json.Serialization;

namespace VSan.Contracts.Api;

/// <summary>What a host's agent has made of its volumes, by its own word: <c>PUT /hosts/{id}/report</c>.</summary>
/// <param name="Volumes">One for each volume that the agent keeps; those of other hosts are left out.</param>
public sealed record HostReport(IReadOnlyList<HostVolumeReport> Volumes)
{
    /// <summary>When it was told, by the station's clock; null before the first time.</summary>
    public DateTimeOffset? ReportedAt { get; init; }
}

/// <summary>One volume on its host.</summary>
/// <param name="VolumeId">The volume.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Legs">Each leg, as the host has it.</param>
public sealed record HostVolumeReport(Guid VolumeId, HostVolumeState State, IReadOnlyList<HostLegReport> Legs)
{
    /// <summary>Its name; the station fills it in.</summary>
    public string? VolumeName { get; init; }

    /// <summary>The whole disk, as the host calls it; null while there is none.</summary>
    public string? Device { get; init; }

    /// <summary>Where its filesystem is mounted; null when it is not.</summary>
    public string? MountPath { get; init; }

    /// <summary>How far a copy that was behind is brought up to date, 0 to 100; null when none is.</summary>
    public int? SyncPercent { get; init; }

    /// <summary>What it waits for, or what is in the way.</summary>
    public string? Message { get; init; }

    /// <summary>What a person can do; null when nobody has to.</summary>
    public string? NextAction { get; init; }
}

/// <summary>One leg on its host.</summary>
/// <param name="Index">Its place in the volume, 0-based.</param>
/// <param name="State">Where it stands.</param>
public sealed record HostLegReport(int Index, HostLegState State)
{
    /// <summary>The kernel's name of its disk; null while there is none.</summary>
    public string? Disk { get; init; }

    /// <summary>Which leg it is, by its NAA name; null from agents that take in no leg in another's place.</summary>
    public string? Naa { get; init; }

    /// <summary>True: it is being taken in or let go, and none of the volume's places is its own.</summary>
    public bool IsPassing { get; init; }
}

/// <summary>Where a volume stands on its host.</summary>
[JsonConverter(typeof(WireEnumConverter<HostVolumeState>))]
public enum HostVolumeState
{
    /// <summary>All of it is as it was asked for.</summary>
    InUse,

    /// <summary>In use, by fewer copies than it has legs.</summary>
    Degraded,

    /// <summary>Not in use yet; it goes on by itself.</summary>
    Waiting,

    /// <summary>A person has to decide.</summary>
    NeedsOperator,
}

/// <summary>Where a leg stands on its host.</summary>
[JsonConverter(typeof(WireEnumConverter<HostLegState>))]
public enum HostLegState
{
    /// <summary>The host does not reach it.</summary>
    Absent,

    /// <summary>Its disk is there; of a mirror it is no member now.</summary>
    Connected,

    /// <summary>It holds all that was acknowledged.</summary>
    Current,

    /// <summary>It is being brought up to date.</summary>
    Syncing,

    /// <summary>It failed, and is behind since.</summary>
    Failed,
}
