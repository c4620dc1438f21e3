using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>What is taken and given back together with an operation. Giving back what is gone changes nothing.</summary>
internal static class Reservations
{
    /// <summary>The unit's configuration has changed: raises its wanted generation and gives it back.</summary>
    public static long RaiseGeneration(this IStationTransaction transaction, Guid unitId)
    {
        Unit unit = transaction.Require<Unit>(unitId, "unit");
        return transaction.Table<Unit>().Update(unit with { WantedGeneration = unit.WantedGeneration + 1 }).WantedGeneration;
    }

    /// <summary>Promises a store's space to a volume.</summary>
    public static void ReserveLeg(this IStationTransaction transaction, Domain.Store store, Leg leg)
    {
        transaction.Table<Domain.Store>().Update(store with { PromisedBytes = checked(store.PromisedBytes + leg.SizeBytes) });
        transaction.Table<Leg>().Insert(leg);
    }

    /// <summary>Gives back a volume's space and forgets it.</summary>
    public static void ReleaseVolume(this IStationTransaction transaction, Guid volumeId)
    {
        foreach (Leg leg in transaction.Table<Leg>().Where(Lookups.LegVolume, volumeId.ToString()))
        {
            Domain.Store store = transaction.Require<Domain.Store>(leg.StoreId, "store");
            transaction.Table<Leg>().Delete(leg.Id);
            transaction.Table<Domain.Store>().Update(store with { PromisedBytes = store.PromisedBytes - (Sabotage.ReleasesTwice ? 2 * leg.SizeBytes : leg.SizeBytes) });
        }

        transaction.Table<HostVolume>().Delete(volumeId);
        transaction.Table<Volume>().Delete(volumeId);
    }

    /// <summary>A leg is forgotten before its unit could delete it: its space stays promised until <see cref="Unearth"/>.</summary>
    public static void BuryLeg(this IStationTransaction transaction, Leg leg, long goneAtGeneration)
    {
        transaction.Table<Leg>().Delete(leg.Id);
        if (!Sabotage.LeavesNoTombstone) transaction.Table<Leftover>().Insert(new Leftover(leg.Id, leg.UnitId, leg.StoreId, leg.SizeBytes, goneAtGeneration));
    }

    /// <summary>The same of a snapshot's copy.</summary>
    public static void BuryCopy(this IStationTransaction transaction, SnapshotLeg copy, long goneAtGeneration)
    {
        transaction.Table<SnapshotLeg>().Delete(copy.Id);
        if (!Sabotage.LeavesNoTombstone) transaction.Table<Leftover>().Insert(new Leftover(copy.Id, copy.UnitId, copy.StoreId, copy.PromisedBytes, goneAtGeneration));
    }

    /// <summary>A unit serves a generation: what it was to be rid of by then is gone, so space is given back and numbers begin to rest.</summary>
    public static bool Unearth(this IStationTransaction transaction, Guid unitId, long appliedGeneration, DateTimeOffset now)
    {
        foreach (Leftover leftover in transaction.Table<Leftover>().Where(Lookups.LeftoverUnit, unitId.ToString()).Where(leftover => leftover.GoneAtGeneration <= appliedGeneration))
        {
            Domain.Store store = transaction.Require<Domain.Store>(leftover.StoreId, "store");
            transaction.Table<Domain.Store>().Update(store with { PromisedBytes = store.PromisedBytes - leftover.SizeBytes });
            transaction.Table<Leftover>().Delete(leftover.Id);
        }

        foreach (LunTombstone tombstone in transaction.Table<LunTombstone>().Where(Lookups.TombstoneUnit, unitId.ToString()).Where(tombstone => tombstone.FreedAt == LunTombstone.StillServed))
            transaction.Table<LunTombstone>().Update(tombstone with { FreedAt = now });
        return true;
    }

    /// <summary>Forgets a mapping; its numbers rest.</summary>
    public static void ReleaseMapping(this IStationTransaction transaction, Guid mappingId, DateTimeOffset now) => transaction.ReleaseMapping(mappingId, now, _ => now);

    /// <summary>Forgets a mapping; its numbers rest from when each unit freed them.</summary>
    public static void ReleaseMapping(this IStationTransaction transaction, Guid mappingId, DateTimeOffset now, Func<Guid, DateTimeOffset> freedAt)
    {
        if (transaction.Table<Mapping>().Find(mappingId) is not { } mapping) return;
        ITable<LunTombstone> tombstones = transaction.Table<LunTombstone>();
        ITable<MappedLeg> legs = transaction.Table<MappedLeg>();
        foreach (LunTombstone old in tombstones.Where(Lookups.TombstoneHost, mapping.HostId.ToString()).Where(old => now - old.FreedAt >= LunNumbers.Rest))
            tombstones.Delete(old.Id);
        foreach (MappedLeg leg in legs.Where(Lookups.MappedLegMapping, mappingId.ToString()))
        {
            tombstones.Insert(new LunTombstone(transaction.NewId(now), leg.HostId, leg.UnitId, leg.Lun, freedAt(leg.UnitId)));
            legs.Delete(leg.Id);
        }

        transaction.Table<Mapping>().Delete(mappingId);
    }
}
