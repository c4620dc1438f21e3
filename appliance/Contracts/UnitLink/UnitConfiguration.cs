using VSan.Contracts.BlockServer;

namespace VSan.Contracts.UnitLink;

/// <summary>
/// Everything that one unit is to serve: its desired state, whole. A unit persists it before it applies it, applies it by difference,
/// works alone from the last one, and refuses a generation below the one it has.
/// </summary>
/// <param name="UnitId">Whom it is for; another unit refuses it.</param>
/// <param name="Generation">Counts up with every change, from 1.</param>
/// <param name="Legs">Volumes' legs that exist on this unit.</param>
/// <param name="Targets">iSCSI targets that serve them.</param>
/// <param name="KeptLegs">Legs that no volume has any more and that are kept, unserved, until a person decides; null is none.</param>
/// <param name="Disks">Disks that were given to the pool; null is none.</param>
public sealed record UnitConfiguration(
    Guid UnitId,
    long Generation,
    IReadOnlyList<LegSpec> Legs,
    IReadOnlyList<TargetSpec> Targets,
    IReadOnlyList<KeptLeg>? KeptLegs = null,
    IReadOnlyList<DiskClaimSpec>? Disks = null)
{
    /// <summary>Snapshots of these legs that are kept beside them.</summary>
    public IReadOnlyList<SnapshotSpec> Snapshots { get; init => field = value ?? []; } = [];

    /// <summary>Directories that are served as files.</summary>
    public IReadOnlyList<ShareSpec> Shares { get; init => field = value ?? []; } = [];

    /// <summary>Legs of other units that it is to get a copy of; null is none.</summary>
    public IReadOnlyList<LegCopySpec>? Copies { get; init; }

    /// <summary>The image that it is to be started with; null leaves it with the one that runs.</summary>
    public ImageSpec? Image { get; init; }
}

/// <summary>A leg whose file stays where it is, and is served to nobody. One that an earlier document kept and this one does not is deleted.</summary>
/// <param name="StoreId">The store it lies on.</param>
/// <param name="LegId">Identity of the leg.</param>
public sealed record KeptLeg(Guid StoreId, Guid LegId);

/// <summary>One leg: the part of a volume that this unit keeps.</summary>
/// <param name="LegId">Identity of the leg.</param>
/// <param name="VolumeId">The volume it belongs to.</param>
/// <param name="VolumeName">The volume's name, for people reading the store.</param>
/// <param name="StoreId">The store it lies on.</param>
/// <param name="SizeBytes">Capacity; a multiple of <paramref name="BlockSizeBytes"/>.</param>
/// <param name="BlockSizeBytes">Logical block size: 512 or 4096.</param>
/// <param name="Thin">True: blocks take space when written. False: space is taken at creation.</param>
/// <param name="Naa">NAA 6 name, 32 hexadecimal digits; the same for ever (SPC-4, 7.8.6.6).</param>
/// <param name="SerialNumber">Unit serial number of VPD page 80h, ASCII, at most 36 characters.</param>
public sealed record LegSpec(
    Guid LegId,
    Guid VolumeId,
    string VolumeName,
    Guid StoreId,
    long SizeBytes,
    int BlockSizeBytes,
    bool Thin,
    string Naa,
    string SerialNumber)
{
    /// <summary>How much hosts may ask of it in a second; null for no limit.</summary>
    public LimitConfiguration? Limits { get; init; }

    /// <summary>The snapshot that the leg begins as a copy of, on the same store; null for an empty leg. Of no account once the leg was made.</summary>
    public Guid? OriginId { get; init; }
}

/// <summary>One iSCSI target of this unit.</summary>
/// <param name="Name">iSCSI qualified name (RFC 7143, 4.2.7).</param>
/// <param name="Access">Who may log in, and what each sees. Nobody else.</param>
public sealed record TargetSpec(string Name, IReadOnlyList<AccessSpec> Access);

/// <summary>What one host may do on a target.</summary>
/// <param name="InitiatorName">The host's iSCSI name, in lower case.</param>
/// <param name="ChapUser">CHAP user name (CHAP_N); null admits without authentication.</param>
/// <param name="ChapSecretReference">Key into <see cref="ConfigurationPush.Secrets"/>; null with a null user.</param>
/// <param name="Luns">The logical units that this host sees, and no others.</param>
public sealed record AccessSpec(string InitiatorName, string? ChapUser, string? ChapSecretReference, IReadOnlyList<LunSpec> Luns)
{
    /// <summary>The secret before, which admits as well while it is being replaced; null for none.</summary>
    public string? ChapFormerSecretReference { get; init; }

    /// <summary>What the target proves in turn when it is asked to (mutual CHAP); null with a null reference: a login that asks is refused.</summary>
    public string? TargetChapUser { get; init; }

    /// <summary>Its secret, another than the host's.</summary>
    public string? TargetChapSecretReference { get; init; }

    /// <summary>The one before, for whoever proves the host's secret before.</summary>
    public string? TargetChapFormerSecretReference { get; init; }
}

/// <summary>One logical unit as one host sees it.</summary>
/// <param name="Lun">Number, 0 to 255.</param>
/// <param name="LegId">The leg behind it.</param>
/// <param name="ReadOnly">True: writes end in DATA PROTECT.</param>
public sealed record LunSpec(int Lun, Guid LegId, bool ReadOnly);
