namespace VSan.Contracts.UnitLink;

/// <summary>
/// The unit's side of the conversation: one JSON line each second and at every change, on the stream <c>GET /link/v1/reports</c> that the
/// station keeps open. Its absence is how the station learns that a unit is gone.
/// </summary>
/// <param name="UnitId">The unit.</param>
/// <param name="BootId">Changes with every boot.</param>
/// <param name="Sequence">Counts up within the stream, from 1.</param>
/// <param name="Status">Configuration generations and conditions.</param>
/// <param name="BlockServerRunning">False while iSCSI is not served.</param>
/// <param name="Sessions">Logged-in iSCSI sessions.</param>
/// <param name="Stores">Space as it is now.</param>
/// <param name="CertificateRequest">PKCS#10, DER, base64, once two thirds of the certificate's life are over: the unit asks for the next one.</param>
/// <param name="InventoryDigest">Changes when the disks or the set of stores do: the station enquires again.</param>
public sealed record UnitReport(
    Guid UnitId,
    Guid BootId,
    long Sequence,
    ConfigurationStatus Status,
    bool BlockServerRunning,
    int Sessions,
    IReadOnlyList<StoreInventory> Stores,
    string? CertificateRequest = null,
    string? InventoryDigest = null)
{
    /// <summary>Legs of one <see cref="Activity"/>: some 300 bytes each, of the 4 MiB that a report may have.</summary>
    public const int ActivityMax = 2000;

    /// <summary>What legs take on their stores; those of which nobody can tell are left out.</summary>
    public IReadOnlyList<LegUsage> Legs { get; init => field = value ?? []; } = [];

    /// <summary>What shares take on their stores; those that were not measured yet are left out.</summary>
    public IReadOnlyList<ShareUsage> Shares { get; init => field = value ?? []; } = [];

    /// <summary>
    /// The counters of legs: in the first report of a stream of all that were ever used, in later ones of those that were used since they were
    /// last told. At most <see cref="ActivityMax"/>; the others come with the next reports.
    /// </summary>
    public IReadOnlyList<LegActivity> Activity { get; init => field = value ?? []; } = [];

    /// <summary>How far the copying of other units' legs is; null is none.</summary>
    public IReadOnlyList<LegCopyFact>? Copies { get; init; }

    /// <summary>How far it is with the image that it is to be started with; null when none is wanted.</summary>
    public ImageFact? Image { get; init; }
}

/// <summary>What a leg takes on its store.</summary>
/// <param name="LegId">The leg.</param>
/// <param name="AllocatedBytes">Bytes; blocks that it shares with snapshots count in full.</param>
public sealed record LegUsage(Guid LegId, long AllocatedBytes);
