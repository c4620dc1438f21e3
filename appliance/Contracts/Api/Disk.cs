using VSan.Contracts.UnitLink;

namespace VSan.Contracts.Api;

/// <summary>A disk of a unit.</summary>
/// <param name="Id">What it is called over reboots; unique on its unit.</param>
/// <param name="UnitId">The unit.</param>
/// <param name="UnitName">Its name.</param>
/// <param name="Path">Device file at the moment.</param>
/// <param name="Model">Model, or empty.</param>
/// <param name="SerialNumber">Serial number, or empty.</param>
/// <param name="Wwn">World wide name, or empty.</param>
/// <param name="SizeBytes">Capacity.</param>
/// <param name="Media">What it is made of.</param>
/// <param name="Health">What the unit's kernel says of it, or null.</param>
/// <param name="State">Whether it may be claimed.</param>
/// <param name="Content">What lies on it; null when it is blank.</param>
/// <param name="StoreId">The store on it, when it is ours.</param>
/// <param name="Claimed">True: it was given to the pool.</param>
public sealed record Disk(
    string Id,
    Guid UnitId,
    string UnitName,
    string Path,
    string Model,
    string SerialNumber,
    string Wwn,
    long SizeBytes,
    DiskMedia Media,
    string? Health,
    DiskState State,
    string? Content,
    Guid? StoreId,
    bool Claimed);

/// <summary>The disks of one page of units.</summary>
public sealed record DiskPage(IReadOnlyList<Disk> Items, string? NextCursor);

/// <summary>Which disks. What is null does not matter.</summary>
/// <param name="Media">What it is made of.</param>
/// <param name="Model">Part of its model, in any case.</param>
/// <param name="SizeBytesMin">Not smaller.</param>
/// <param name="SizeBytesMax">Not larger.</param>
/// <param name="Labels">Only on units with all of these labels.</param>
public sealed record DiskSelector(DiskMedia? Media, string? Model, long? SizeBytesMin, long? SizeBytesMax, IReadOnlyDictionary<string, string>? Labels);

/// <summary>Gives disks to the pool: <c>POST /disks:claim</c>. Disks are named, or selected; only blank ones are taken.</summary>
/// <param name="UnitId">Only of this unit; needed when disks are named.</param>
/// <param name="DiskIds">These disks: each must be blank.</param>
/// <param name="Selector">All blank disks that match.</param>
/// <param name="DryRun">True: nothing is claimed, the answer says what would be.</param>
public sealed record DiskClaimCreate(Guid? UnitId, IReadOnlyList<string>? DiskIds, DiskSelector? Selector, bool? DryRun);

/// <summary>What becomes of each disk that was looked at, and the operations that make the stores.</summary>
public sealed record DiskClaimResult(IReadOnlyList<DiskVerdict> Disks, IReadOnlyList<Operation> Operations);

/// <summary>What becomes of a disk.</summary>
/// <param name="Disk">The disk.</param>
/// <param name="Claims">True: it is claimed, or would be.</param>
/// <param name="Reason">Why, or why not.</param>
public sealed record DiskVerdict(Disk Disk, bool Claims, string Reason);

/// <summary>Takes a disk back from the pool: <c>POST /disks:release</c>. Its store must hold no leg.</summary>
/// <param name="StoreId">The store.</param>
public sealed record DiskRelease(Guid StoreId);

/// <summary>A rule by which blank disks are claimed without being asked for.</summary>
public sealed record ClaimRule(Guid Id, string Name, DiskSelector Selector, string CreatedBy, DateTimeOffset CreatedAt);

/// <summary>Makes a rule: <c>POST /claim-rules</c>.</summary>
public sealed record ClaimRuleCreate(string Name, DiskSelector Selector);

/// <summary>One page of rules.</summary>
public sealed record ClaimRulePage(IReadOnlyList<ClaimRule> Items, string? NextCursor);
