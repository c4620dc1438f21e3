namespace VSan.Station.Domain;

/// <summary>What a host gets.</summary>
/// <param name="Id">Identity.</param>
/// <param name="ProjectId">The project whose quota it counts for.</param>
/// <param name="Name">Unique among the project's volumes that are not in the trash.</param>
/// <param name="Layout">How it lies over its legs.</param>
/// <param name="SizeBytes">Capacity as the host sees it.</param>
/// <param name="BlockSizeBytes">512 or 4096.</param>
/// <param name="Thin">Takes space as it is written.</param>
/// <param name="Owner">Who asked for it.</param>
/// <param name="State">Where it stands.</param>
/// <param name="CreatedAt">When it was asked for.</param>
public sealed record Volume(
    Guid Id,
    Guid ProjectId,
    string Name,
    VolumeLayout Layout,
    long SizeBytes,
    int BlockSizeBytes,
    bool Thin,
    string Owner,
    VolumeState State,
    DateTimeOffset CreatedAt)
    : Entity(Id)
{
    /// <summary>The policy it was made by, or null.</summary>
    public Guid? PolicyId { get; init; }

    /// <summary>What it may ask of a unit, or null for no limit.</summary>
    public VolumeLimits? Limits { get; init; }

    /// <summary>When it leaves the trash for good; null while it is not there.</summary>
    public DateTimeOffset? PurgeAt { get; init; }

    /// <summary>What its legs are promised together.</summary>
    public long PromisedBytes => Layout.PromisedBytes(SizeBytes);

    /// <summary>What may not be there twice: project and name, and in the trash the identity too.</summary>
    public string Key => PurgeAt is null ? $"{ProjectId}/{Name}" : $"{ProjectId}/{Name}/{Id}";
}

/// <summary>Where a volume stands: <c>Creating → Ready ⇄ Trashed → Deleting → gone</c>, and from all <c>→ Deleting</c>.</summary>
public enum VolumeState
{
    /// <summary>Reserved and wanted on its units.</summary>
    Creating,

    /// <summary>Served.</summary>
    Ready,

    /// <summary>Deleted, and kept on its units for a while; no host has it.</summary>
    Trashed,

    /// <summary>No longer wanted on its units; its space is still promised.</summary>
    Deleting,
}
