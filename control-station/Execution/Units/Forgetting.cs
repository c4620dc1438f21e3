using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>
/// Removes a unit from the pool within one transaction, whether it is within reach or not. What it may still have becomes tombstones, so
/// that its return is no riddle: the generation it has accepted, and the legs that lie on it.
/// </summary>
internal sealed class Forgetting(IStationTransaction transaction, DateTimeOffset now)
{
    /// <summary>Forgets a unit.</summary>
    /// <param name="unitId">The unit.</param>
    /// <param name="abandon">Also when volumes have legs there: they lose them, and a volume without any other is gone.</param>
    public bool Forget(Guid unitId, bool abandon)
    {
        Unit unit = transaction.Require<Unit>(unitId, "unit");
        string key = unitId.ToString();
        IReadOnlyList<Leg> legs = transaction.Table<Leg>().Where(Lookups.LegUnit, key);
        IReadOnlyList<SnapshotLeg> copies = transaction.Table<SnapshotLeg>().Where(Lookups.SnapshotLegUnit, key);
        if (!abandon && (copies.Count > 0 || ServiceKinds.HoldingsOf(transaction, unitId) is not null))
            throw new ProblemException("unit-in-use", $"{unit.Name} keeps {ServiceKinds.HoldingsOf(transaction, unitId) ?? "no volume"}, and {copies.Count} snapshots.", "Remove what lies there first, or say that it is to be abandoned with it.");
        EndOperations(unit);
        LegReplacements.Forget(transaction, legs);
        foreach (MappedLeg mapped in transaction.Table<MappedLeg>().Where(Lookups.MappedLegUnit, key)) Unmap(mapped);
        foreach (SnapshotLeg copy in copies) Leave(copy);
        foreach (Leg leg in legs) Leave(leg);
        foreach (ServiceKind kind in ServiceKinds.All) kind.Leave(transaction, now, unit);
        foreach (DiskClaim claim in transaction.Table<DiskClaim>().Where(Lookups.ClaimUnit, key)) transaction.Table<DiskClaim>().Delete(claim.Id);
        foreach (Credential credential in transaction.Table<Credential>().Where(Lookups.CredentialUnit, key)) transaction.Table<Credential>().Delete(credential.Id);
        foreach (Domain.Store store in transaction.Table<Domain.Store>().Where(Lookups.StoreUnit, key)) transaction.Table<Domain.Store>().Delete(store.Id);
        transaction.Table<Maintenance>().Delete(unitId);
        transaction.Table<UnitUpdate>().Delete(unitId);
        Orphans.SetAlarm(transaction, now, unit, hasOrphans: false);
        UnitHelp.Set(transaction, now, unit, message: null);
        foreach (Leftover leftover in transaction.Table<Leftover>().Where(Lookups.LeftoverUnit, key)) transaction.Table<Leftover>().Delete(leftover.Id);
        transaction.Table<Unit>().Delete(unitId);
        if (unit.WantedGeneration > 0)
            transaction.Table<UnitTombstone>().Insert(new UnitTombstone(unitId, unit.Name, unit.KeyHash, unit.WantedGeneration, now));
        string cost = legs.Count == 0 ? string.Empty : $" Its {legs.Count} legs were abandoned; the unit keeps them unserved if it returns.";
        transaction.AppendEvent(now, "unit.forgotten", $"unit/{unitId}", $"{unit.Name} was forgotten.{cost}");
        return true;
    }

    /// <summary>The tombstone of a unit that returns with the key it had; it is used up by this.</summary>
    public static UnitTombstone? TakeTombstone(IStationTransaction transaction, Guid unitId, string keyHash)
    {
        if (transaction.Table<UnitTombstone>().Find(unitId) is not { } grave) return null;
        transaction.Table<UnitTombstone>().Delete(unitId);
        return grave.KeyHash == keyHash ? grave : null;
    }

    // An operation that waits for this unit would wait for ever.
    private void EndOperations(Unit unit)
    {
        OperationFailure failure = new("unit-forgotten", $"{unit.Name} was forgotten.", "Nothing: what it held is gone from the pool.");
        foreach (Operation operation in OperationQueue.All(transaction).Where(operation => operation.Steps.Any(step => step.ObjectId == unit.Id)).ToArray())
        {
            transaction.Table<Operation>().Update(operation with { State = OperationState.Failed, Phase = "failed", Failure = failure, Wait = null, Locks = [], EndedAt = now });
            transaction.AppendEvent(now, "operation.changed", $"operation/{operation.Id}", $"{operation.Title}: {unit.Name} was forgotten.");
        }
    }

    // A mapping goes with its last leg; what the host has of other units stays.
    private void Unmap(MappedLeg mapped)
    {
        if (transaction.Table<MappedLeg>().CountWhere(Lookups.MappedLegMapping, mapped.MappingId.ToString()) == 1)
        {
            transaction.ReleaseMapping(mapped.MappingId, now);
            return;
        }

        transaction.Table<LunTombstone>().Insert(new LunTombstone(transaction.NewId(now), mapped.HostId, mapped.UnitId, mapped.Lun, now));
        transaction.Table<MappedLeg>().Delete(mapped.Id);
    }

    private void Leave(SnapshotLeg copy)
    {
        transaction.Table<LegTombstone>().Insert(new LegTombstone(copy.Id, copy.UnitId, copy.StoreId, "a snapshot", copy.SizeBytes, now));
        transaction.Table<SnapshotLeg>().Delete(copy.Id);
        if (transaction.Table<SnapshotLeg>().CountWhere(Lookups.SnapshotLegSnapshot, copy.SnapshotId.ToString()) == 0) transaction.Table<Snapshot>().Delete(copy.SnapshotId);
    }

    // What other units keep of it goes from their configurations too.
    private void Release(Snapshot snapshot)
    {
        foreach (Guid unitId in SnapshotPlan.Legs(transaction, snapshot.Id).Select(copy => copy.UnitId).Distinct().ToArray()) transaction.RaiseGeneration(unitId);
        SnapshotPlan.Release(transaction, now, snapshot.Id);
    }

    private void Leave(Leg leg)
    {
        Volume? volume = transaction.Table<Volume>().Find(leg.VolumeId);
        transaction.Table<LegTombstone>().Insert(new LegTombstone(leg.Id, leg.UnitId, leg.StoreId, volume?.Name ?? string.Empty, leg.SizeBytes, now));
        transaction.Table<Leg>().Delete(leg.Id);
        if (volume is null || transaction.Table<Leg>().CountWhere(Lookups.LegVolume, volume.Id.ToString()) > 0) return;
        foreach (Mapping mapping in transaction.Table<Mapping>().Where(Lookups.MappingVolume, volume.Id.ToString())) transaction.ReleaseMapping(mapping.Id, now);
        foreach (Snapshot snapshot in transaction.Table<Snapshot>().Where(Lookups.SnapshotVolume, volume.Id.ToString())) Release(snapshot);
        transaction.Table<HostVolume>().Delete(volume.Id);
        transaction.Table<Volume>().Delete(volume.Id);
        transaction.AppendEvent(now, "volume.abandoned", $"volume/{volume.Id}", $"Volume {volume.Name} had its last leg on a unit that was forgotten.");
    }
}
