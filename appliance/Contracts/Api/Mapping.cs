using System.Text.Json.Serialization;

namespace VSan.Contracts.Api;

/// <summary>The permission of one host to use one volume, and what the host needs to know for it.</summary>
/// <param name="Id">Identity.</param>
/// <param name="VolumeId">The volume.</param>
/// <param name="VolumeName">Its name.</param>
/// <param name="HostId">The host.</param>
/// <param name="HostName">Its name.</param>
/// <param name="Lun">Logical unit number on the unit's target.</param>
/// <param name="ReadOnly">True: the host may only read.</param>
/// <param name="State">Whether the unit serves it already.</param>
/// <param name="TargetName">iSCSI name of the target.</param>
/// <param name="Portals">Where it listens, <c>address:port</c>.</param>
public sealed record Mapping(
    Guid Id,
    Guid VolumeId,
    string VolumeName,
    Guid HostId,
    string HostName,
    int Lun,
    bool ReadOnly,
    MappingState State,
    string TargetName,
    IReadOnlyList<string> Portals);

/// <summary>Whether a mapping is served.</summary>
[JsonConverter(typeof(WireEnumConverter<MappingState>))]
public enum MappingState
{
    /// <summary>The unit does not serve it yet.</summary>
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

/// <summary>What the host's initiator is configured with: <c>GET /mappings/{id}/connect-info</c>. Contains a secret; each reading is audited.</summary>
/// <param name="InitiatorName">The host's own name.</param>
/// <param name="TargetName">The target.</param>
/// <param name="Portals">Where it listens.</param>
/// <param name="Lun">The number.</param>
/// <param name="ChapUser">CHAP user name.</param>
/// <param name="ChapSecret">CHAP secret.</param>
public sealed record ConnectInfo(string InitiatorName, string TargetName, IReadOnlyList<string> Portals, int Lun, string ChapUser, string ChapSecret)
{
    /// <summary>For mutual CHAP: the user name that the target proves with; null where it cannot.</summary>
    public string? TargetChapUser { get; init; }

    /// <summary>For mutual CHAP: the target's secret.</summary>
    public string? TargetChapSecret { get; init; }

    /// <summary>Names no secret, so that a log line cannot leak one.</summary>
    public override string ToString() => $"ConnectInfo {{ TargetName = {TargetName}, Lun = {Lun} }}";
}

/// <summary>One page of mappings.</summary>
public sealed record MappingPage(IReadOnlyList<Mapping> Items, string? NextCursor);
