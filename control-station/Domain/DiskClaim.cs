namespace VSan.Station.Domain;

/// <summary>A disk that was given to the pool. The unit makes a store of it that has the claim's identity.</summary>
/// <param name="Id">Identity of the claim and of the store.</param>
/// <param name="UnitId">The unit that has the disk.</param>
/// <param name="DiskId">What the disk is called over reboots.</param>
/// <param name="Model">Its model, for people.</param>
/// <param name="SizeBytes">Its capacity; a disk of another size is another disk.</param>
/// <param name="ClaimedBy">Who asked, or <c>rule NAME</c>.</param>
/// <param name="ClaimedAt">When.</param>
public sealed record DiskClaim(Guid Id, Guid UnitId, string DiskId, string Model, long SizeBytes, string ClaimedBy, DateTimeOffset ClaimedAt) : Entity(Id);

/// <summary>Which blank disks are claimed without being asked for.</summary>
/// <param name="Id">Identity.</param>
/// <param name="Name">Name; unique.</param>
/// <param name="Media">Only this media, or null.</param>
/// <param name="Model">Only models that contain this, or null.</param>
/// <param name="SizeBytesMin">Not smaller, or null.</param>
/// <param name="SizeBytesMax">Not larger, or null.</param>
/// <param name="Labels">Only on units with all of these labels.</param>
/// <param name="CreatedBy">Who made it.</param>
/// <param name="CreatedAt">When.</param>
public sealed record ClaimRule(
    Guid Id,
    string Name,
    string? Media,
    string? Model,
    long? SizeBytesMin,
    long? SizeBytesMax,
    IReadOnlyDictionary<string, string> Labels,
    string CreatedBy,
    DateTimeOffset CreatedAt) : Entity(Id);
