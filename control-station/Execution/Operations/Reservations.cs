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
            transaction.Table<Domain.Store>().Update(store with { PromisedBytes = store.PromisedBytes - leg.SizeBytes });
        }

        transaction.Table<HostVolume>().Delete(volumeId);
        transaction.Table<Volume>().Delete(volumeId);
    }

    /// <summary>Forgets a mapping; its number rests.</summary>
    public static void ReleaseMapping(this IStationTransaction transaction, Guid mappingId, DateTimeOffset now)
    {
        if (transaction.Table<Mapping>().Find(mappingId) is not { } mapping) return;
        ITable<LunTombstone> tombstones = transaction.Table<LunTombstone>();
        foreach (LunTombstone old in tombstones.Where(Lookups.TombstoneHost, mapping.HostId.ToString()).Where(old => now - old.FreedAt >= LunNumbers.Rest))
            tombstones.Delete(old.Id);
        tombstones.Insert(new LunTombstone(Guid.CreateVersion7(now), mapping.HostId, mapping.UnitId, mapping.Lun, now));
        transaction.Table<Mapping>().Delete(mappingId);
    }
}
