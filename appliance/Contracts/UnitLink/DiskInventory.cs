using System.Text.Json.Serialization;

namespace VSan.Contracts.UnitLink;

/// <summary>One disk of a unit, as its kernel and its first look at it tell.</summary>
/// <param name="DiskId">What the disk is called over reboots: its world wide name, else model and serial number, else its place.</param>
/// <param name="Path">Device file at the moment.</param>
/// <param name="Model">Model, or empty.</param>
/// <param name="SerialNumber">Serial number, or empty.</param>
/// <param name="Wwn">World wide name, or empty.</param>
/// <param name="SizeBytes">Capacity.</param>
/// <param name="Media">What it is made of.</param>
/// <param name="Health">What the kernel says of it (<c>running</c>, <c>live</c>, <c>offline</c>); null when it says nothing.</param>
/// <param name="State">Whether it may be claimed.</param>
/// <param name="Content">What lies on it, for people: <c>ext4</c>, <c>gpt</c>, <c>LVM2_member</c>, <c>mounted</c>; null when it is blank.</param>
/// <param name="StoreId">The store that lies on it, when it is ours.</param>
public sealed record DiskInventory(
    string DiskId,
    string Path,
    string Model,
    string SerialNumber,
    string Wwn,
    long SizeBytes,
    DiskMedia Media,
    string? Health,
    DiskState State,
    string? Content,
    Guid? StoreId);

/// <summary>What a disk is made of.</summary>
[JsonConverter(typeof(WireEnumConverter<DiskMedia>))]
public enum DiskMedia
{
    /// <summary>Turning platters.</summary>
    Rotational,

    /// <summary>Flash behind SATA, SAS or a virtual bus.</summary>
    SolidState,

    /// <summary>Flash behind NVMe.</summary>
    Nvme,
}

/// <summary>Whether a disk may be claimed.</summary>
[JsonConverter(typeof(WireEnumConverter<DiskState>))]
public enum DiskState
{
    /// <summary>Nothing is known to lie on it: no signature, no partition, nobody uses it, and where it was looked at it is all zero.</summary>
    Blank,

    /// <summary>It carries a store of this product.</summary>
    Ours,

    /// <summary>Something else lies on it, or uses it. It is never touched.</summary>
    Foreign,

    /// <summary>It cannot be read.</summary>
    Unreadable,
}

/// <summary>A disk that was given to the pool: the unit makes a store of it.</summary>
/// <param name="StoreId">Identity of the store, and of the file system on the disk.</param>
/// <param name="DiskId">The disk.</param>
/// <param name="SizeBytes">Its capacity when it was claimed; a disk of another size is another disk.</param>
public sealed record DiskClaimSpec(Guid StoreId, string DiskId, long SizeBytes);
