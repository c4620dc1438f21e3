using System.Text.Json.Serialization;

namespace VSan.Contracts.Api;

/// <summary>A volume: what a host gets.</summary>
/// <param name="Id">Identity.</param>
/// <param name="Name">Name; unique.</param>
/// <param name="SizeBytes">Capacity as the host sees it.</param>
/// <param name="BlockSizeBytes">Logical block size: 512 or 4096.</param>
/// <param name="Thin">True: takes space as it is written.</param>
/// <param name="Layout">How it lies over its legs.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Legs">Its legs.</param>
/// <param name="Mappings">Which hosts may use it.</param>
/// <param name="CreatedAt">When it was asked for.</param>
public sealed record Volume(
    Guid Id,
    string Name,
    long SizeBytes,
    int BlockSizeBytes,
    bool Thin,
    VolumeLayout Layout,
    VolumeState State,
    IReadOnlyList<Leg> Legs,
    IReadOnlyList<Mapping> Mappings,
    DateTimeOffset CreatedAt);

/// <summary>The part of a volume that one unit serves.</summary>
/// <param name="Id">Identity.</param>
/// <param name="UnitId">The unit.</param>
/// <param name="UnitName">Its name.</param>
/// <param name="StoreId">The store on it.</param>
/// <param name="SizeBytes">Capacity.</param>
/// <param name="Naa">NAA 6 name of the logical unit, 32 hexadecimal digits.</param>
/// <param name="Reachable">False while its unit is.</param>
public sealed record Leg(Guid Id, Guid UnitId, string UnitName, Guid StoreId, long SizeBytes, string Naa, bool Reachable);

/// <summary>How a volume lies over its legs.</summary>
[JsonConverter(typeof(WireEnumConverter<VolumeLayout>))]
public enum VolumeLayout
{
    /// <summary>One leg on one unit.</summary>
    Single,
}

/// <summary>Where a volume stands.</summary>
[JsonConverter(typeof(WireEnumConverter<VolumeState>))]
public enum VolumeState
{
    /// <summary>Its legs are being made.</summary>
    Creating,

    /// <summary>All legs are served.</summary>
    Ready,

    /// <summary>A leg is out of the station's reach, and perhaps of the host's.</summary>
    Degraded,

    /// <summary>Its legs are being removed.</summary>
    Deleting,

    /// <summary>An operation on it failed; the operation says why and what to do.</summary>
    Failed,
}

/// <summary>Asks for a volume: <c>POST /volumes</c>.</summary>
/// <param name="Name">1 to 63 characters of a-z, A-Z, 0-9, '.', '_' and '-', starting with a letter or digit.</param>
/// <param name="SizeBytes">1 MiB to 1 PiB, a multiple of 1 MiB.</param>
/// <param name="BlockSizeBytes">512 (default) or 4096.</param>
/// <param name="Thin">Default true.</param>
/// <param name="HostId">Maps the volume to this host in the same operation; null for none.</param>
/// <param name="UnitId">Puts it on this unit; null lets placement choose.</param>
public sealed record VolumeCreate(string Name, long SizeBytes, int? BlockSizeBytes, bool? Thin, Guid? HostId, Guid? UnitId);

/// <summary>A volume that is asked for and the operation that makes it.</summary>
public sealed record VolumeAccepted(Volume Volume, Operation Operation);

/// <summary>One page of volumes.</summary>
public sealed record VolumePage(IReadOnlyList<Volume> Items, string? NextCursor);
