using VSan.Contracts.BlockServer;
using VSan.Contracts.UnitLink;
using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>From the store to what is handed to a unit.</summary>
internal static class UnitConfigurations
{
    /// <summary>Plans one unit from the present state.</summary>
    public static UnitPlan Plan(IStationTransaction transaction, Unit unit)
    {
        string unitKey = unit.Id.ToString();
        HashSet<Guid> removed = LegReplacements.Removed(transaction);
        Leg[] legs = [.. transaction.Table<Leg>().Where(Lookups.LegUnit, unitKey).Where(leg => !removed.Contains(leg.Id))];
        MappedLeg[] mapped = [.. transaction.Table<MappedLeg>().Where(Lookups.MappedLegUnit, unitKey).Where(leg => !removed.Contains(leg.LegId))];
        IReadOnlyList<Share> shares = transaction.Table<Share>().Where(Lookups.ShareUnit, unitKey);
        return Planner.Plan(new UnitSpecification(
            unit,
            legs,
            [.. legs.Select(leg => leg.VolumeId).Distinct().Select(id => Require<Volume>(transaction, id))],
            mapped,
            [.. mapped.Select(leg => Require<Mapping>(transaction, leg.MappingId))],
            [.. mapped.Select(leg => leg.HostId).Distinct().Select(id => Require<Host>(transaction, id))],
            transaction.Table<Credential>().Where(Lookups.CredentialUnit, unitKey))
        {
            Snapshots = [.. transaction.Table<SnapshotLeg>().Where(Lookups.SnapshotLegUnit, unitKey).Select(leg => Snapshot(transaction, leg))],
            Claims = [.. transaction.Table<DiskClaim>().Where(Lookups.ClaimUnit, unitKey).Select(claim => new PlannedClaim(claim, transaction.Table<Domain.Store>().Find(claim.Id) is not null))],
            Shares = shares,
            ShareBindings = [.. shares.SelectMany(share => SharePlan.BindingsOf(transaction, share.Id))],
            Moves = [.. Moves(transaction, unitKey)],
            Image = transaction.Table<UnitUpdate>().Find(unit.Id) is { } update ? new PlannedImage(Require<ApplianceImage>(transaction, update.ImageId), update.Restart) : null,
            Left = transaction.Table<LegTombstone>().Where(Lookups.LegTombstoneUnit, unitKey),
        });
    }

    /// <summary>Plans one unit, with what goes beside the plan to the unit; all of one moment. Null when it is not admitted.</summary>
    public static DecidedPlan? Decide(IStationTransaction transaction, Guid unitId)
    {
        if (transaction.Table<Unit>().Find(unitId) is not { IsAdmitted: true } unit) return null;
        UnitPlan plan = Plan(transaction, unit);
        return new DecidedPlan(plan, LegRecords.Of(transaction, plan), transaction.Table<UnitFence>().Find(unitId)?.Epoch ?? 0);
    }

    /// <summary>The plan as it goes over the wire, with the secrets it refers to.</summary>
    public static ConfigurationPush ToPush(DecidedPlan decided, ISecretProtector protector, ICertificateAuthority authority)
    {
        IEnumerable<KeyValuePair<string, string>> hosts = decided.Plan.Access.SelectMany(access => CredentialSecrets.Open(access.Credential, protector));
        IEnumerable<KeyValuePair<string, string>> moves = decided.Plan.Leaving.Concat(decided.Plan.Arriving).Select(planned => MoveSecret.Open(planned.Move, protector));
        return new ConfigurationPush(ToDocument(decided.Plan), new Dictionary<string, string>(hosts.Concat(moves)))
        {
            Records = LegRecords.Sign(decided.Records, authority),
            LockEpoch = decided.LockEpoch,
        };
    }

    /// <summary>The plan as it goes over the wire; secrets are only referred to.</summary>
    public static UnitConfiguration ToDocument(UnitPlan plan)
    {
        TargetSpec target = new(plan.Unit.TargetName, [.. plan.Access.Select(Access), .. plan.Leaving.Select(Reader)]);
        LegSpec[] legs = [.. plan.Legs.Select(planned => Leg(planned.Leg, planned.Volume))];
        KeptLeg[]? kept = plan.Left.Count == 0 ? null : [.. plan.Left.Select(grave => new KeptLeg(grave.StoreId, grave.Id))];
        DiskClaimSpec[]? disks = plan.Claims.Count == 0 ? null : [.. plan.Claims.Select(planned => new DiskClaimSpec(planned.Claim.Id, planned.Claim.DiskId, planned.Claim.SizeBytes))];
        return new UnitConfiguration(plan.Unit.Id, plan.Unit.WantedGeneration, legs, [target], kept, disks)
        {
            Snapshots = [.. plan.Snapshots.Select(Snapshot)],
            Shares = [.. plan.Shares.Select(Share)],
            Image = plan.Image is { } image ? new ImageSpec(image.Image.Version, image.Image.Digest, image.Image.SizeBytes, image.Restart) : null,
            Copies = plan.Arriving.Count == 0 ? null : [.. plan.Arriving.Select(Copy)],
        };
    }

    private static IEnumerable<PlannedMove> Moves(IStationTransaction transaction, string unitKey) =>
        from move in transaction.Table<LegMove>().Where(Lookups.LegMoveFrom, unitKey).Concat(transaction.Table<LegMove>().Where(Lookups.LegMoveTo, unitKey))
        where move.State == LegMoveState.Copying
        let leg = transaction.Table<Leg>().Find(move.Id)
        let volume = leg is null ? null : transaction.Table<Volume>().Find(leg.VolumeId)
        let source = transaction.Table<Unit>().Find(move.FromUnitId)
        where volume is not null && source is not null
        select new PlannedMove(move, leg, volume, source);

    // The leg as LUN 0 and nothing else; no host is among the readers, as no host has the volume.
    private static AccessSpec Reader(PlannedMove planned) =>
        new(planned.Move.InitiatorName, planned.Move.ChapUser, MoveSecret.Reference(planned.Move), [new LunSpec(0, planned.Leg.Id, ReadOnly: true)]);

    private static LegCopySpec Copy(PlannedMove planned) => new(
        Leg(planned.Leg, planned.Volume) with { StoreId = planned.Move.ToStoreId, OriginId = null },
        planned.From.Portals, planned.From.TargetName, planned.Move.InitiatorName, planned.Move.ChapUser, MoveSecret.Reference(planned.Move));

    private static PlannedSnapshot Snapshot(IStationTransaction transaction, SnapshotLeg leg)
    {
        Snapshot snapshot = Require<Snapshot>(transaction, leg.SnapshotId);
        return new PlannedSnapshot(leg, snapshot, Require<Volume>(transaction, snapshot.VolumeId));
    }

    private static SnapshotSpec Snapshot(PlannedSnapshot planned)
    {
        Leg copy = new(planned.Leg.Id, planned.Volume.Id, planned.Leg.UnitId, planned.Leg.StoreId, Index: 0, LegRole.Whole, planned.Leg.SizeBytes);
        return new SnapshotSpec(planned.Snapshot.GroupId, planned.Leg.LegId, planned.Snapshot.Name, Leg(copy, planned.Volume));
    }

    private static ShareSpec Share(PlannedShare planned) => new(
        planned.Share.Id, planned.Share.Name, planned.Share.StoreId, planned.Share.SizeBytes, planned.Share.Port,
        [.. planned.Bindings.Select(binding => new ShareAccess(binding.UserName, binding.PasswordHash))]);

    private static LegSpec Leg(Leg leg, Volume volume) => new(
        leg.Id, volume.Id, volume.Name, leg.StoreId, leg.SizeBytes, volume.BlockSizeBytes, volume.Thin, Naa.Of(leg.Id), Naa.SerialNumber(leg.Id))
    {
        OriginId = leg.OriginId,
        Limits = volume.Limits?.OfLeg(volume.Layout) is { } limits ? new LimitConfiguration(limits.MaxIops, limits.MaxBytesPerSecond, limits.BurstSeconds) : null,
    };

    private static AccessSpec Access(PlannedAccess access) => new(
        access.Host.InitiatorName,
        access.Credential.UserName,
        CredentialSecrets.Reference(access.Credential),
        [.. access.Luns.Select(lun => new LunSpec(lun.Lun, lun.Leg.Id, lun.ReadOnly))])
    {
        ChapFormerSecretReference = access.Credential.Rotation is null ? null : CredentialSecrets.FormerReference(access.Credential),
        TargetChapUser = access.Credential.ProtectedTargetSecret is null ? null : CredentialSecrets.TargetUserName(access.Credential.UnitId),
        TargetChapSecretReference = access.Credential.ProtectedTargetSecret is null ? null : CredentialSecrets.TargetReference(access.Credential),
        TargetChapFormerSecretReference = access.Credential.Rotation?.ProtectedFormerTargetSecret is null ? null : CredentialSecrets.FormerTargetReference(access.Credential),
    };

    private static T Require<T>(IStationTransaction transaction, Guid id)
        where T : Entity => transaction.Table<T>().Find(id) ?? throw new InvalidDataException($"{typeof(T).Name} {id} is referred to and missing.");
}

/// <summary>A plan with what a unit is handed beside it.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Records">What is kept beside each leg.</param>
/// <param name="LockEpoch">Locks granted on the unit so far.</param>
internal sealed record DecidedPlan(UnitPlan Plan, Dictionary<Guid, LegRecord> Records, long LockEpoch);
