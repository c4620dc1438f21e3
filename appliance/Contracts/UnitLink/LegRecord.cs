namespace VSan.Contracts.UnitLink;

/// <summary>
/// What a leg is, whole: enough that a station which has lost its memory makes the volume of it again, secrets aside. The station writes and
/// signs it, the unit keeps it beside the leg's bytes and never reads it.
/// </summary>
/// <param name="Format">Version of this record; see docs/formats.md.</param>
/// <param name="UnitId">The unit that it lies on; found elsewhere, it is not believed.</param>
/// <param name="StoreId">The store on it, likewise.</param>
/// <param name="LegId">The leg, from which serial number and NAA name follow.</param>
/// <param name="Volume">The volume that it is a part of.</param>
/// <param name="Role">What it is of the volume: <c>whole</c>, <c>copy</c>, <c>stripe</c> or <c>segment</c>.</param>
/// <param name="Index">Its place in the volume, 0-based.</param>
/// <param name="LegCount">Legs of the volume.</param>
/// <param name="SizeBytes">Capacity of the leg.</param>
/// <param name="Naa">NAA 6 name.</param>
/// <param name="SerialNumber">Unit serial number.</param>
/// <param name="Access">Hosts that see it.</param>
/// <param name="UnitLabels">Labels of the unit.</param>
public sealed record LegRecord(
    int Format,
    Guid UnitId,
    Guid StoreId,
    Guid LegId,
    VolumeRecord Volume,
    string Role,
    int Index,
    int LegCount,
    long SizeBytes,
    string Naa,
    string SerialNumber,
    IReadOnlyList<LegAccess> Access,
    IReadOnlyDictionary<string, string> UnitLabels)
{
    /// <summary>The format that this program writes and reads.</summary>
    public const int FormatPresent = 1;

    /// <summary>The snapshot's leg that it began as a copy of; null when it began empty.</summary>
    public Guid? OriginId { get; init; }

    /// <summary>True: a host is taking it in or letting it go, and another leg has its place in the volume.</summary>
    public bool IsPassing { get; init; }

    /// <summary>Set when it is no leg but a snapshot of one.</summary>
    public SnapshotRecord? Snapshot { get; init; }
}

/// <summary>The volume as it was when the record was written; the greatest generation among its legs is the newest.</summary>
public sealed record VolumeRecord(
    Guid VolumeId,
    long Generation,
    string Name,
    string Project,
    string Owner,
    string Layout,
    long SizeBytes,
    int BlockSizeBytes,
    bool Thin,
    DateTimeOffset CreatedAt)
{
    /// <summary>What hosts may ask of the whole volume; null for no limit.</summary>
    public LimitRecord? Limits { get; init; }
}

/// <summary>Limits of a volume.</summary>
public sealed record LimitRecord(long? MaxIops, long? MaxBytesPerSecond, int BurstSeconds);

/// <summary>A host that sees a leg.</summary>
public sealed record LegAccess(Guid MappingId, Guid HostId, string HostName, string InitiatorName, int Lun, bool ReadOnly);

/// <summary>What a snapshot is of.</summary>
public sealed record SnapshotRecord(Guid SnapshotId, Guid GroupId, string Name, Guid SourceLegId, DateTimeOffset CreatedAt, DateTimeOffset? TakenAt);

/// <summary>A <see cref="LegRecord"/> as it is kept: its text to the byte, since the signature is over it.</summary>
/// <param name="Text">The record's JSON.</param>
/// <param name="Signature">ECDSA P-256 with SHA-256 by the key of the pool's CA, over <c>vsan-leg-record/1</c>, a line feed and the text; IEEE P1363, base64.</param>
/// <param name="Signer">Fingerprint of the CA.</param>
public sealed record SignedLegRecord(string Text, string Signature, string Signer);
