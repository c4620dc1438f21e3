using System.Text.Json.Serialization;

namespace VSan.Contracts.Api;

/// <summary>The permission of one host to use one volume, and what the host needs to know for it.</summary>
/// <param name="Id">Identity.</param>
/// <param name="VolumeId">The volume.</param>
/// <param name="VolumeName">Its name.</param>
/// <param name="HostId">The host.</param>
/// <param name="HostName">Its name.</param>
/// <param name="ReadOnly">True: the host may only read.</param>
/// <param name="State">Whether the units serve it already.</param>
/// <param name="Legs">The volume's legs, as the host sees them, in the volume's order.</param>
public sealed record Mapping(
    Guid Id,
    Guid VolumeId,
    string VolumeName,
    Guid HostId,
    string HostName,
    bool ReadOnly,
    MappingState State,
    IReadOnlyList<MappedLeg> Legs)
{
    /// <summary>A leg that the host is to take in beside these, in the place of the one with its index; null when there is none.</summary>
    public MappedLeg? Incoming { get; init; }
}

/// <summary>One leg of a mapped volume, as its host sees it.</summary>
/// <param name="Index">Its place in the volume, 0-based.</param>
/// <param name="LegId">The leg.</param>
/// <param name="UnitId">The unit.</param>
/// <param name="UnitName">Its name.</param>
/// <param name="Lun">Logical unit number on the unit's target.</param>
/// <param name="TargetName">iSCSI name of the target.</param>
/// <param name="Portals">Where it listens, <c>address:port</c>.</param>
public sealed record MappedLeg(int Index, Guid LegId, Guid UnitId, string UnitName, int Lun, string TargetName, IReadOnlyList<string> Portals);

/// <summary>Whether a mapping is served.</summary>
[JsonConverter(typeof(WireEnumConverter<MappingState>))]
public enum MappingState
{
    /// <summary>A unit does not serve it yet.</summary>
    Pending,

    /// <summary>The host can log in and use it.</summary>
    Active,

    /// <summary>It is being taken away.</summary>
    Removing,
}

/// <summary>Maps a volume to a host: <c>POST /mappings</c>.</summary>
public sealed record MappingCreate(Guid VolumeId, Guid HostId, bool? ReadOnly);

/// <summary>A mapping that is asked for and the operation that makes or removes it.</summary>
public sealed record MappingAccepted(Mapping Mapping, Operation Operation);

/// <summary>One page of mappings.</summary>
public sealed record MappingPage(IReadOnlyList<Mapping> Items, string? NextCursor);
