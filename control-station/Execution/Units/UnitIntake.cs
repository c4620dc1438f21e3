using System.Net;
using VSan.Contracts.UnitLink;
using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>Takes a unit into the pool: its stores after the enquiry, itself after its first configuration.</summary>
internal static class UnitIntake
{
    private const int ListMax = 64;
    private const int TextMax = 128;
    private const int DisksMax = 1024;

    /// <summary>One store is smaller than this; so the sums over thousands of stores stay within 64 bits, whatever a unit claims.</summary>
    private const long StoreBytesMax = 1L << 50;

    /// <summary>Notes what a unit can serve. The first time it becomes generation 1 of its configuration.</summary>
    /// <returns>What lies there that the station does not serve from there.</returns>
    /// <exception cref="InvalidDataException">The inventory cannot be believed.</exception>
    public static IntakeFindings Take(IStationTransaction transaction, DateTimeOffset now, Guid unitId, UnitInventory inventory)
    {
        if (inventory.UnitId != unitId) throw new InvalidDataException($"Unit {unitId} answered as {inventory.UnitId}.");
        Check(inventory.Stores);
        if (inventory.Portals is null || inventory.Portals.Count > ListMax || inventory.Portals.Any(portal => portal is null or { Length: > TextMax }))
            throw new InvalidDataException("The inventory has no list of portals that can be.");
        if (inventory.Disks is { } disks && (disks.Count > DisksMax || !disks.All(CanBe) || disks.DistinctBy(disk => disk.DiskId, StringComparer.Ordinal).Count() != disks.Count))
            throw new InvalidDataException("The unit described disks that cannot be.");
        if (inventory.Services.Count > ListMax || !inventory.Services.All(CanBe)) throw new InvalidDataException("The unit described services that cannot be.");
        if (transaction.Table<Unit>().Find(unitId) is not { IsAdmitted: true } unit) return new IntakeFindings(0, false);
        foreach (StoreInventory found in inventory.Stores) TakeStore(transaction, now, unit, found);
        long generation = Math.Max(1, unit.WantedGeneration);
        Domain.ServiceOffer[] services = [.. inventory.Services.Select(offer => new Domain.ServiceOffer(offer.Kind, offer.Engine, offer.Reason, offer.Address, offer.FirstPort, offer.PortCount))];
        string version = Version(inventory.Image) ?? unit.ImageVersion;
        if (version != unit.ImageVersion) transaction.AppendEvent(now, "unit.image", $"unit/{unit.Id}", $"{unit.Name} runs version {version}; it ran {unit.ImageVersion} before.");
        if (generation != unit.WantedGeneration || version != unit.ImageVersion || !inventory.Portals.SequenceEqual(unit.Portals) || !services.SequenceEqual(unit.Services))
            transaction.Table<Unit>().Update(unit with { Portals = inventory.Portals, WantedGeneration = generation, Services = services, ImageVersion = version });
        DropTombstones(transaction, unitId, inventory);
        RaiseFence(transaction, unitId, inventory.LockEpoch);
        return Sort(transaction, now, unit, inventory);
    }

    /// <summary>Refuses stores that cannot be, so that nothing behind has to ask again.</summary>
    /// <exception cref="InvalidDataException">They cannot be believed.</exception>
    public static void Check(IReadOnlyList<StoreInventory>? stores)
    {
        if (stores is null || stores.Count > ListMax || !stores.All(CanBe)) throw new InvalidDataException("The unit described stores that cannot be.");
    }

    /// <summary>The unit serves its configuration for the first time.</summary>
    public static bool Ready(IStationTransaction transaction, DateTimeOffset now, Guid unitId)
    {
        if (transaction.Table<Unit>().Find(unitId) is not { } unit || UnitLife.Next(unit.Phase, UnitStep.Serve) is not { } phase) return false;
        long milliseconds = (long)(now - unit.EnrolledAt).TotalMilliseconds;
        transaction.Table<Unit>().Update(unit with { Phase = phase, JoinMilliseconds = unit.JoinMilliseconds ?? milliseconds });
        string message = unit.JoinMilliseconds is null ? $"{unit.Name} joined the pool in {milliseconds} ms." : $"{unit.Name} is in the pool again.";
        transaction.AppendEvent(now, "unit.ready", $"unit/{unit.Id}", message);
        return true;
    }

    private static string? Version(ImageInventory? image) => image is null ? null
        : Contracts.ImageVersion.TryParse(image.Version, out _) && image.NotUpdatable is null or { Length: <= 4 * TextMax } ? image.Version
        : throw new InvalidDataException("The unit described an image that cannot be.");

    private static bool CanBe(DiskInventory? disk) => disk is
    {
        DiskId.Length: > 0 and <= 2 * TextMax, Path.Length: <= TextMax, Model.Length: <= TextMax, SerialNumber.Length: <= TextMax, Wwn.Length: <= TextMax,
        SizeBytes: > 0 and <= StoreBytesMax, Content: null or { Length: <= 2 * TextMax }, Health: null or { Length: <= TextMax },
    };

    private static bool CanBe(Contracts.UnitLink.ServiceOffer? offer) => offer is
    {
        Kind.Length: > 0 and <= TextMax, Engine: null or { Length: <= TextMax }, Reason: null or { Length: <= 4 * TextMax }, Address: null or { Length: <= TextMax },
        FirstPort: >= 0 and <= IPEndPoint.MaxPort, PortCount: >= 0 and <= IPEndPoint.MaxPort,
    }
    && (offer.Reason is not null || IPAddress.TryParse(offer.Address, out _)) && offer.FirstPort + offer.PortCount <= IPEndPoint.MaxPort + 1;

    private static bool CanBe(StoreInventory? store) =>
        store is { Name.Length: <= TextMax, LegIds: not null, ShareIds: not null, CapacityBytes: >= 0 and <= StoreBytesMax, FreeBytes: >= 0 and <= StoreBytesMax } && store.StoreId != Guid.Empty;

    internal static bool IsUnknown(IStationTransaction transaction, Guid legId) =>
        transaction.Table<Leg>().Find(legId) is null && transaction.Table<SnapshotLeg>().Find(legId) is null && transaction.Table<LegTombstone>().Find(legId) is null
        && transaction.Table<Leftover>().Find(legId) is null;

    // A unit that has heard of more locks than the station was told them before an older backup was restored; what is granted next counts on.
    private static void RaiseFence(IStationTransaction transaction, Guid unitId, long lockEpoch)
    {
        ITable<UnitFence> fences = transaction.Table<UnitFence>();
        UnitFence? fence = fences.Find(unitId);
        if (lockEpoch <= (fence?.Epoch ?? 0)) return;
        if (fence is null) fences.Insert(new UnitFence(unitId, lockEpoch));
        else fences.Update(fence with { Epoch = lockEpoch });
    }

    // Unknown legs that the unit's document names would be deleted by the next one, so the unit is left alone. Those that it does not name
    // are orphans: no document touches them, and the unit goes on.
    private static IntakeFindings Sort(IStationTransaction transaction, DateTimeOffset now, Unit unit, UnitInventory inventory)
    {
        Guid[] unknown = [.. inventory.Stores.SelectMany(store => store.LegIds).Where(leg => IsUnknown(transaction, leg))];
        Guid[] orphans = [.. unknown.Intersect(inventory.IdleLegs ?? [])];
        Orphans.SetAlarm(transaction, now, unit, orphans.Length > 0);
        return new IntakeFindings(unknown.Length - orphans.Length, orphans.Length > 0 || transaction.Table<LegTombstone>().CountWhere(Lookups.LegTombstoneUnit, unit.Id.ToString()) > 0);
    }

    // A leg that is gone from a store that is here was deleted, by the unit on a person's word or by hand.
    private static void DropTombstones(IStationTransaction transaction, Guid unitId, UnitInventory inventory)
    {
        foreach (LegTombstone grave in transaction.Table<LegTombstone>().Where(Lookups.LegTombstoneUnit, unitId.ToString()))
        {
            if (inventory.Stores.FirstOrDefault(store => store.StoreId == grave.StoreId) is { } store && !store.LegIds.Contains(grave.Id) && !store.ShareIds.Contains(grave.Id))
                transaction.Table<LegTombstone>().Delete(grave.Id);
        }
    }

    private static void TakeStore(IStationTransaction transaction, DateTimeOffset now, Unit unit, StoreInventory found)
    {
        ITable<Domain.Store> stores = transaction.Table<Domain.Store>();
        Domain.Store? known = stores.Find(found.StoreId);
        if (known is null)
        {
            stores.Insert(new Domain.Store(found.StoreId, unit.Id, found.Name, found.CapacityBytes, found.FreeBytes, PromisedBytes: 0) { Media = MediaName.Of(found.Media) });
            transaction.AppendEvent(now, "store.joined", $"unit/{unit.Id}", $"Store {found.Name} of {unit.Name} joined the pool.");
        }
        else if (known.UnitId == unit.Id)
        {
            Domain.Store next = known with { Name = found.Name, CapacityBytes = found.CapacityBytes, FreeBytes = found.FreeBytes, Media = MediaName.Of(found.Media) };
            if (next != known) stores.Update(next);
        }
        else
        {
            // Moving legs with their disk is work for a person; taking it silently would serve one leg from two units.
            transaction.AppendEvent(now, "store.foreign", $"unit/{unit.Id}", $"Store {found.Name} of {unit.Name} is known as another unit's; it is left alone.");
        }
    }
}

/// <summary>What an intake found.</summary>
/// <param name="UnknownLegs">Legs that the unit's document names and that the station has no record of.</param>
/// <param name="HasUnserved">True: legs lie there that nobody is served from, and that a person may want to see.</param>
internal sealed record IntakeFindings(int UnknownLegs, bool HasUnserved);
