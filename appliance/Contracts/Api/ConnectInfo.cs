using System.Text.Json.Serialization;

namespace VSan.Contracts.Api;

/// <summary>What a host is configured with to use a volume: <c>GET /mappings/{id}/connect-info</c>. Contains secrets; each reading is audited.</summary>
/// <param name="InitiatorName">The host's own name.</param>
/// <param name="VolumeId">The volume.</param>
/// <param name="VolumeName">Its name.</param>
/// <param name="ReadOnly">True: the host may only read.</param>
/// <param name="Assembly">How the host makes one disk of the legs.</param>
/// <param name="Legs">Where each leg is, in the order in which they are put together.</param>
public sealed record ConnectInfo(string InitiatorName, Guid VolumeId, string VolumeName, bool ReadOnly, Assembly Assembly, IReadOnlyList<ConnectLeg> Legs)
{
    /// <summary>A leg that the host is to take in beside these, in the place of the one with its index; null when there is none.</summary>
    public ConnectLeg? Incoming { get; init; }
}

/// <summary>One leg, as a logical unit of its unit's target.</summary>
/// <param name="Index">Its place in the volume, 0-based.</param>
/// <param name="TargetName">The target.</param>
/// <param name="Portals">Where it listens.</param>
/// <param name="Lun">The number.</param>
/// <param name="SizeBytes">Its capacity.</param>
/// <param name="Naa">NAA 6 name, 32 hexadecimal digits: the same for ever.</param>
/// <param name="SerialNumber">Unit serial number: the same for ever.</param>
/// <param name="ChapUser">CHAP user name.</param>
/// <param name="ChapSecret">CHAP secret.</param>
public sealed record ConnectLeg(
    int Index,
    string TargetName,
    IReadOnlyList<string> Portals,
    int Lun,
    long SizeBytes,
    string Naa,
    string SerialNumber,
    string ChapUser,
    string ChapSecret)
{
    /// <summary>For mutual CHAP: the user name that the target proves with; null where it cannot.</summary>
    public string? TargetChapUser { get; init; }

    /// <summary>For mutual CHAP: the target's secret.</summary>
    public string? TargetChapSecret { get; init; }

    /// <summary>Names the user only, so that a log line cannot leak the secret.</summary>
    public override string ToString() => $"ConnectLeg {{ Index = {Index}, TargetName = {TargetName}, Lun = {Lun} }}";
}

/// <summary>How a host makes one disk of a volume's legs.</summary>
/// <param name="Method">With what.</param>
/// <param name="SizeBytes">Capacity of the disk that comes out.</param>
/// <param name="ChunkBytes">With <see cref="AssemblyMethod.DmStriped"/>: bytes that lie together on one leg.</param>
/// <param name="DataOffsetBytes">With <see cref="AssemblyMethod.MdRaid1"/>: where the data begin on each leg; what is before is the host's, for metadata of version 1.2.</param>
public sealed record Assembly(AssemblyMethod Method, long SizeBytes, int? ChunkBytes, long? DataOffsetBytes);

/// <summary>What puts legs together.</summary>
[JsonConverter(typeof(WireEnumConverter<AssemblyMethod>))]
public enum AssemblyMethod
{
    /// <summary>Nothing: the one leg is the disk.</summary>
    None,

    /// <summary>Linux md, level 1.</summary>
    MdRaid1,

    /// <summary>Linux device mapper, target <c>striped</c>.</summary>
    DmStriped,

    /// <summary>Linux device mapper, target <c>linear</c>, one line for each leg.</summary>
    DmLinear,
}
