using System.Globalization;
using System.Text;

namespace VSan.Station.Domain;

/// <summary>What one unit is to serve, decided whole: execution has nothing left to choose.</summary>
/// <param name="Unit">The unit, with the generation this plan has.</param>
/// <param name="Legs">Its legs with their volumes, by identity.</param>
/// <param name="Access">Its hosts, by initiator name.</param>
public sealed record UnitPlan(Unit Unit, IReadOnlyList<PlannedLeg> Legs, IReadOnlyList<PlannedAccess> Access)
{
    /// <summary>Legs that the unit keeps and serves to nobody.</summary>
    public IReadOnlyList<LegTombstone> Left { get; init; } = [];

    /// <summary>Disks that it makes stores of.</summary>
    public IReadOnlyList<PlannedClaim> Claims { get; init; } = [];

    /// <summary>Snapshots that it is to keep, by identity.</summary>
    public IReadOnlyList<PlannedSnapshot> Snapshots { get; init; } = [];

    /// <summary>Shares that it serves, by identity.</summary>
    public IReadOnlyList<PlannedShare> Shares { get; init; } = [];

    /// <summary>Legs that other units copy from it.</summary>
    public IReadOnlyList<PlannedMove> Leaving { get; init; } = [];

    /// <summary>Legs that it copies from other units.</summary>
    public IReadOnlyList<PlannedMove> Arriving { get; init; } = [];

    /// <summary>The image that it is to be started with; null leaves it with the one that runs.</summary>
    public PlannedImage? Image { get; init; }

    /// <summary>True while something is to be made: the unit's own word on each part is needed then.</summary>
    public bool Makes => Shares.Any(planned => planned.Makes) || Legs.Any(planned => planned.Volume.State == VolumeState.Creating) || Snapshots.Any(planned => planned.Snapshot.State == SnapshotState.Creating) || Claims.Any(planned => !planned.IsStore);

    /// <summary>The plan for a person, a line for each leg and each logical unit; equal plans print equally.</summary>
    public string Print()
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"unit {Unit.Name} generation {Unit.WantedGeneration} target {Unit.TargetName}\n");
        foreach ((Leg leg, Volume volume) in Legs)
        {
            string kind = volume.Thin ? "thin" : "thick";
            text.Append(CultureInfo.InvariantCulture, $"  leg {leg.Id} volume {volume.Name} store {leg.StoreId} {leg.SizeBytes} bytes {kind}\n");
        }

        foreach ((SnapshotLeg leg, Snapshot snapshot, Volume volume) in Snapshots)
            text.Append(CultureInfo.InvariantCulture, $"  snapshot {leg.Id} of leg {leg.LegId} volume {volume.Name} name {snapshot.Name} group {snapshot.GroupId}\n");

        foreach (PlannedAccess access in Access)
        {
            text.Append(CultureInfo.InvariantCulture, $"  host {access.Host.Name} {access.Host.InitiatorName}\n");
            foreach ((int lun, bool readOnly, Leg leg) in access.Luns)
                text.Append(CultureInfo.InvariantCulture, $"    lun {lun} leg {leg.Id}{(readOnly ? " read-only" : string.Empty)}\n");
        }

        foreach ((Share share, IReadOnlyList<ShareBinding> bindings) in Shares)
            text.Append(CultureInfo.InvariantCulture, $"  share {share.Id} name {share.Name} store {share.StoreId} port {share.Port} for {string.Join(", ", bindings.Select(binding => binding.Holder))}\n");
        foreach (PlannedMove move in Leaving) text.Append(CultureInfo.InvariantCulture, $"  leg {move.Leg.Id} is read by {move.Move.InitiatorName}\n");
        foreach (PlannedMove move in Arriving)
            text.Append(CultureInfo.InvariantCulture, $"  leg {move.Leg.Id} volume {move.Volume.Name} store {move.Move.ToStoreId} {move.Leg.SizeBytes} bytes copied from {move.From.Name}\n");
        if (Image is { } planned) text.Append(CultureInfo.InvariantCulture, $"  image {planned.Image.Version} sha256:{planned.Image.Digest}{(planned.Restart ? " restart" : string.Empty)}\n");
        foreach ((DiskClaim claim, _) in Claims) text.Append(CultureInfo.InvariantCulture, $"  disk {claim.DiskId} store {claim.Id}\n");
        foreach (LegTombstone grave in Left)
            text.Append(CultureInfo.InvariantCulture, $"  kept leg {grave.Id} of volume {grave.VolumeName} store {grave.StoreId} unserved\n");
        return text.ToString();
    }
}

/// <summary>An image, and whether the unit may start again with it now.</summary>
public sealed record PlannedImage(ApplianceImage Image, bool Restart);

/// <summary>A disk that the unit makes a store of, and whether it is one already.</summary>
public sealed record PlannedClaim(DiskClaim Claim, bool IsStore);

/// <summary>A leg that the unit is to keep.</summary>
public sealed record PlannedLeg(Leg Leg, Volume Volume);

/// <summary>A leg on its way.</summary>
/// <param name="Move">The move.</param>
/// <param name="Leg">The leg, where it lies until now.</param>
/// <param name="Volume">Its volume.</param>
/// <param name="From">The unit it comes from.</param>
public sealed record PlannedMove(LegMove Move, Leg Leg, Volume Volume, Unit From);

/// <summary>A snapshot that the unit is to keep.</summary>
public sealed record PlannedSnapshot(SnapshotLeg Leg, Snapshot Snapshot, Volume Volume);

/// <summary>A share that the unit is to serve, and whom it lets in.</summary>
public sealed record PlannedShare(Share Share, IReadOnlyList<ShareBinding> Bindings)
{
    /// <summary>True while the share or a permission is new to the unit.</summary>
    public bool Makes => Share.State == ShareState.Creating || Bindings.Any(binding => binding.State == ShareBindingState.Pending);
}

/// <summary>A host that may log in, and what it sees.</summary>
public sealed record PlannedAccess(Host Host, Credential Credential, IReadOnlyList<PlannedLun> Luns);

/// <summary>One logical unit of a host.</summary>
public sealed record PlannedLun(int Lun, bool ReadOnly, Leg Leg);
