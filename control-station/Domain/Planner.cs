namespace VSan.Station.Domain;

/// <summary>From what is specified to what each unit is to serve. Pure: the same specifications give the same plan, in the same order.</summary>
public static class Planner
{
    /// <summary>Plans one unit.</summary>
    /// <remarks>
    /// A volume that is being deleted and a mapping that is being removed are specified no longer; a mapped leg that is not on
    /// this unit, or whose host has no credential here, cannot be served and is a mistake of ours.
    /// </remarks>
    public static UnitPlan Plan(UnitSpecification specification)
    {
        Dictionary<Guid, Volume> volumes = specification.Volumes.Where(volume => volume.State != VolumeState.Deleting && !(Sabotage.PlansReadyOnly && volume.State == VolumeState.Creating)).ToDictionary(volume => volume.Id);
        PlannedLeg[] legs =
        [
            .. specification.Legs
                .Where(leg => volumes.ContainsKey(leg.VolumeId))
                .OrderBy(leg => leg.Id)
                .Select(leg => new PlannedLeg(leg, volumes[leg.VolumeId])),
        ];
        PlannedSnapshot[] snapshots = [.. specification.Snapshots.Where(planned => planned.Snapshot.State != SnapshotState.Deleting).OrderBy(planned => planned.Leg.Id)];
        Dictionary<Guid, Leg> legById = legs.ToDictionary(planned => planned.Leg.Id, planned => planned.Leg);
        Dictionary<Guid, Credential> credentials = specification.Credentials.ToDictionary(credential => credential.HostId);
        Dictionary<Guid, Mapping> mappings = specification.Mappings.Where(mapping => mapping.State != MappingState.Removing).ToDictionary(mapping => mapping.Id);
        ILookup<Guid, MappedLeg> mapped = specification.MappedLegs.Where(leg => mappings.ContainsKey(leg.MappingId)).ToLookup(leg => leg.HostId);
        PlannedAccess[] access =
        [
            .. specification.Hosts
                .Where(host => mapped.Contains(host.Id))
                .OrderBy(host => host.InitiatorName, StringComparer.Ordinal)
                .Select(host => new PlannedAccess(
                    host,
                    credentials[host.Id],
                    [.. mapped[host.Id].OrderBy(leg => leg.Lun).Select(leg => new PlannedLun(leg.Lun, mappings[leg.MappingId].ReadOnly, legById[leg.LegId]))])),
        ];
        return new UnitPlan(specification.Unit, legs, access)
        {
            Image = specification.Image,
            Snapshots = snapshots,
            Left = [.. specification.Left.OrderBy(grave => grave.Id)],
            Leaving = [.. specification.Moves.Where(planned => planned.Move.FromUnitId == specification.Unit.Id).OrderBy(planned => planned.Move.Id)],
            Arriving = [.. specification.Moves.Where(planned => planned.Move.ToUnitId == specification.Unit.Id).OrderBy(planned => planned.Move.Id)],
            Claims = [.. specification.Claims.OrderBy(planned => planned.Claim.Id)],
            Shares =
            [
                .. specification.Shares.Where(share => share.State != ShareState.Deleting).OrderBy(share => share.Id)
                    .Select(share => new PlannedShare(
                        share, [.. specification.ShareBindings.Where(binding => binding.ShareId == share.Id && binding.State != ShareBindingState.Removing).OrderBy(binding => binding.Id)])),
            ],
        };
    }
}

/// <summary>Everything that concerns one unit, as it is stored.</summary>
/// <param name="Unit">The unit.</param>
/// <param name="Legs">Legs on it.</param>
/// <param name="Volumes">Volumes of these legs.</param>
/// <param name="MappedLegs">Legs of these that hosts see.</param>
/// <param name="Mappings">Mappings that these belong to.</param>
/// <param name="Hosts">Hosts of these mappings.</param>
/// <param name="Credentials">What hosts prove to it.</param>
public sealed record UnitSpecification(
    Unit Unit,
    IReadOnlyList<Leg> Legs,
    IReadOnlyList<Volume> Volumes,
    IReadOnlyList<MappedLeg> MappedLegs,
    IReadOnlyList<Mapping> Mappings,
    IReadOnlyList<Host> Hosts,
    IReadOnlyList<Credential> Credentials)
{
    /// <summary>Snapshots that lie on it.</summary>
    public IReadOnlyList<PlannedSnapshot> Snapshots { get; init; } = [];

    /// <summary>Legs that lie there and that no volume has any more.</summary>
    public IReadOnlyList<LegTombstone> Left { get; init; } = [];

    /// <summary>Legs that are being copied from it, or to it.</summary>
    public IReadOnlyList<PlannedMove> Moves { get; init; } = [];

    /// <summary>The image that it is to be started with, or null.</summary>
    public PlannedImage? Image { get; init; }

    /// <summary>Disks of it that were given to the pool.</summary>
    public IReadOnlyList<PlannedClaim> Claims { get; init; } = [];

    /// <summary>Shares that lie on it.</summary>
    public IReadOnlyList<Share> Shares { get; init; } = [];

    /// <summary>Who is let in to these.</summary>
    public IReadOnlyList<ShareBinding> ShareBindings { get; init; } = [];
}
