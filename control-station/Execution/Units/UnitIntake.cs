using VSan.Contracts.UnitLink;
using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>Takes a unit into the pool: its stores after the enquiry, itself after its first configuration.</summary>
internal static class UnitIntake
{
    /// <summary>Notes what a unit can serve. The first time it becomes generation 1 of its configuration.</summary>
    /// <exception cref="InvalidDataException">The inventory cannot be believed.</exception>
    public static bool Take(IStationTransaction transaction, DateTimeOffset now, Guid unitId, UnitInventory inventory)
    {
        if (inventory.UnitId != unitId) throw new InvalidDataException($"Unit {unitId} answered as {inventory.UnitId}.");
        if (transaction.Table<Unit>().Find(unitId) is not { Phase: not UnitPhase.Pending } unit) return false;
        foreach (StoreInventory found in inventory.Stores) TakeStore(transaction, now, unit, found);
        long generation = Math.Max(1, unit.WantedGeneration);
        if (generation != unit.WantedGeneration || !inventory.Portals.SequenceEqual(unit.Portals))
            transaction.Table<Unit>().Update(unit with { Portals = inventory.Portals, WantedGeneration = generation });
        return true;
    }

    /// <summary>The unit serves its configuration for the first time.</summary>
    public static bool Ready(IStationTransaction transaction, DateTimeOffset now, Guid unitId)
    {
        if (transaction.Table<Unit>().Find(unitId) is not { Phase: UnitPhase.Joining } unit) return false;
        long milliseconds = (long)(now - unit.EnrolledAt).TotalMilliseconds;
        transaction.Table<Unit>().Update(unit with { Phase = UnitPhase.Ready, JoinMilliseconds = milliseconds });
        transaction.AppendEvent(now, "unit.ready", $"unit/{unit.Id}", $"{unit.Name} joined the pool in {milliseconds} ms.");
        return true;
    }

    private static void TakeStore(IStationTransaction transaction, DateTimeOffset now, Unit unit, StoreInventory found)
    {
        if (found.StoreId == Guid.Empty || found.CapacityBytes < 0 || found.FreeBytes < 0)
            throw new InvalidDataException($"{unit.Name} described a store that cannot be.");
        ITable<Domain.Store> stores = transaction.Table<Domain.Store>();
        Domain.Store? known = stores.Find(found.StoreId);
        if (known is null)
        {
            stores.Insert(new Domain.Store(found.StoreId, unit.Id, found.Name, found.CapacityBytes, found.FreeBytes, PromisedBytes: 0));
            transaction.AppendEvent(now, "store.joined", $"unit/{unit.Id}", $"Store {found.Name} of {unit.Name} joined the pool.");
        }
        else if (known.UnitId == unit.Id)
        {
            Domain.Store next = known with { Name = found.Name, CapacityBytes = found.CapacityBytes, FreeBytes = found.FreeBytes };
            if (next != known) stores.Update(next);
        }
        else
        {
            // Moving legs with their disk is work for a person; taking it silently would serve one leg from two units.
            transaction.AppendEvent(now, "store.foreign", $"unit/{unit.Id}", $"Store {found.Name} of {unit.Name} is known as another unit's; it is left alone.");
        }
    }
}
