using System.Text.Json.Serialization;

namespace VSan.Contracts.Api;

/// <summary>A volume: what a host gets.</summary>
/// <param name="Id">Identity.</param>
/// <param name="Name">Name; unique in its project.</param>
/// <param name="SizeBytes">Capacity as the host sees it.</param>
/// <param name="BlockSizeBytes">Logical block size: 512 or 4096.</param>
/// <param name="Thin">True: takes space as it is written.</param>
/// <param name="Layout">How it lies over its legs: <c>single</c>, <c>mirror-2</c>, <c>mirror-3</c>, <c>stripe-2</c> to <c>stripe-16</c>, <c>concat</c>.</param>
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
    string Layout,
    VolumeState State,
    IReadOnlyList<Leg> Legs,
    IReadOnlyList<Mapping> Mappings,
    DateTimeOffset CreatedAt)
{
    /// <summary>The project it belongs to.</summary>
    public Guid ProjectId { get; init; }

    /// <summary>Its name.</summary>
    public string ProjectName { get; init; } = "default";

    /// <summary>Who asked for it.</summary>
    public string Owner { get; init; } = "";

    /// <summary>The policy it was made by; null for none.</summary>
    public Guid? PolicyId { get; init; }

    /// <summary>Its name.</summary>
    public string? PolicyName { get; init; }

    /// <summary>How much may be asked of it in a second; null for no limit.</summary>
    public Limits? Limits { get; init; }

    /// <summary>Bytes that its legs were promised, written or not.</summary>
    public long PromisedBytes { get; init; }

    /// <summary>Bytes that its legs take on their stores now; null while a unit has not said.</summary>
    public long? AllocatedBytes { get; init; }

    /// <summary>When it leaves the trash for good; null while it is not there.</summary>
    public DateTimeOffset? PurgeAt { get; init; }
}

/// <summary>Limits of a volume. Its units keep them: each leg of a stripe its share, each leg of another layout all of it.</summary>
/// <param name="MaxIops">Commands a second, 1 and up; null for no limit.</param>
/// <param name="MaxBytesPerSecond">Bytes a second, read and written together, 64 KiB and up; null for no limit.</param>
/// <param name="BurstSeconds">How many seconds' worth an idle volume may save up and use at once, 1 to 60; default 1.</param>
public sealed record Limits(long? MaxIops, long? MaxBytesPerSecond, int? BurstSeconds);

/// <summary>The part of a volume that one unit serves.</summary>
/// <param name="Id">Identity.</param>
/// <param name="Index">Its place in the volume, 0-based.</param>
/// <param name="Role">What it is of the volume.</param>
/// <param name="UnitId">The unit.</param>
/// <param name="UnitName">Its name.</param>
/// <param name="StoreId">The store on it.</param>
/// <param name="SizeBytes">Capacity.</param>
/// <param name="Naa">NAA 6 name of the logical unit, 32 hexadecimal digits.</param>
/// <param name="Reachable">False while its unit is.</param>
public sealed record Leg(Guid Id, int Index, LegRole Role, Guid UnitId, string UnitName, Guid StoreId, long SizeBytes, string Naa, bool Reachable)
{
    /// <summary>Bytes that it takes on its store now; null while its unit has not said.</summary>
    public long? AllocatedBytes { get; init; }
}

/// <summary>What a leg is of its volume.</summary>
[JsonConverter(typeof(WireEnumConverter<LegRole>))]
public enum LegRole
{
    /// <summary>All of it, alone.</summary>
    Whole,

    /// <summary>All of it, beside others.</summary>
    Copy,

    /// <summary>Every n-th chunk.</summary>
    Stripe,

    /// <summary>A contiguous part.</summary>
    Segment,
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

    /// <summary>Deleted, and kept for a while; it can be restored until it is purged.</summary>
    Trashed,

    /// <summary>Its legs are being removed.</summary>
    Deleting,

    /// <summary>An operation on it failed; the operation says why and what to do.</summary>
    Failed,
}

/// <summary>Asks for a volume: <c>POST /volumes</c>.</summary>
/// <param name="Name">1 to 63 characters of a-z, A-Z, 0-9, '.', '_' and '-', starting with a letter or digit.</param>
/// <param name="SizeBytes">1 MiB to 1 PiB, a multiple of 1 MiB; a stripe is rounded up to a multiple of its width.</param>
/// <param name="BlockSizeBytes">512 (default) or 4096.</param>
/// <param name="Thin">Default true.</param>
/// <param name="HostId">Maps the volume to this host in the same operation; null for none.</param>
/// <param name="UnitId">Puts it on this unit; null lets placement choose.</param>
public sealed record VolumeCreate(string Name, long SizeBytes, int? BlockSizeBytes, bool? Thin, Guid? HostId, Guid? UnitId)
{
    /// <summary>As <see cref="Volume.Layout"/>; default that of the policy, else <c>single</c>.</summary>
    public string? Layout { get; init; }

    /// <summary>Placement chooses among these units only; null for all. Not together with <see cref="UnitId"/>.</summary>
    public IReadOnlyList<Guid>? UnitIds { get; init; }

    /// <summary>Name of the project it counts for; null for <c>default</c>.</summary>
    public string? Project { get; init; }

    /// <summary>Name of the policy that fills in what is left open; null for none.</summary>
    public string? Policy { get; init; }

    /// <summary>Limits; default those of the policy.</summary>
    public Limits? Limits { get; init; }
}

/// <summary>Changes a volume whose hosts go on meanwhile: <c>PATCH /volumes/{id}</c>.</summary>
/// <param name="Limits">The limits from now on; without a rate there are none any more. Null leaves them as they are.</param>
public sealed record VolumeChange(Limits? Limits);

/// <summary>Makes a volume larger: <c>POST /volumes/{id}:expand</c>.</summary>
/// <param name="SizeBytes">The new capacity, larger than the old one, a multiple of 1 MiB; a stripe is rounded up to a multiple of its width.</param>
public sealed record VolumeExpand(long SizeBytes);

/// <summary>Moves a leg of a volume that no host has to another unit: <c>POST /volumes/{id}:move</c>.</summary>
/// <param name="Leg">Index of the leg; needed when there are several.</param>
/// <param name="ToUnitId">The unit it goes to; null lets placement choose.</param>
public sealed record VolumeMove(int? Leg, Guid? ToUnitId);

/// <summary>A volume that is asked for and the operation that makes it.</summary>
public sealed record VolumeAccepted(Volume Volume, Operation Operation);

/// <summary>One page of volumes.</summary>
public sealed record VolumePage(IReadOnlyList<Volume> Items, string? NextCursor);
