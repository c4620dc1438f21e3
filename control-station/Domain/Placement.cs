namespace VSan.Station.Domain;

/// <summary>Chooses the store of a leg: filter, then score. Pure; the caller reserves in the transaction that read the candidates.</summary>
public static class Placement
{
    /// <summary>
    /// Promised bytes for each byte of capacity. One is honest: every promise can be kept, thick or thin. Above one, a store can fill
    /// while its volumes still have room, and writes fail.
    /// </summary>
    public const double OvercommitRatio = 1.0;

    /// <summary>
    /// Part of a store that stays physically free, as a divisor of its capacity: one percent, since file systems slow down and their
    /// own metadata fails when full to the brim.
    /// </summary>
    public const int PhysicalFloorDivisor = 100;

    /// <summary>Volumes are whole mebibytes.</summary>
    public const long GranuleBytes = 1 << 20;

    /// <summary>The largest leg that this candidate takes now, a multiple of <see cref="GranuleBytes"/>; zero when it takes none.</summary>
    public static long RoomBytes(PlacementCandidate candidate, bool thin)
    {
        if (candidate.Rejection is not null) return 0;
        Store store = candidate.Store;
        long promisable = (long)(store.CapacityBytes * OvercommitRatio) - store.PromisedBytes;
        long physical = candidate.FreeBytes - (store.CapacityBytes / PhysicalFloorDivisor);
        long room = physical <= 0 ? 0 : thin ? promisable : Math.Min(promisable, physical);
        return Math.Max(0, room - (room % GranuleBytes));
    }

    /// <summary>The best store for a leg.</summary>
    public static PlacementOutcome Choose(IEnumerable<PlacementCandidate> candidates, long sizeBytes, bool thin)
    {
        PlacementCandidate? best = null;
        long largestBytes = 0;
        bool anyReady = false;
        foreach (PlacementCandidate candidate in candidates)
        {
            anyReady |= candidate.Rejection is null;
            long roomBytes = RoomBytes(candidate, thin);
            largestBytes = Math.Max(largestBytes, roomBytes);
            if (roomBytes >= sizeBytes && (best is null || Compare(candidate, best, sizeBytes) < 0)) best = candidate;
        }

        if (best is not null) return new PlacementOutcome.Placed(best.Unit, best.Store);
        return anyReady ? new PlacementOutcome.PoolFull(largestBytes) : new PlacementOutcome.NoUnit();
    }

    // Lower is better: linked first, then the share in use afterwards, then the fewest legs, then the identity so that the choice is repeatable.
    private static int Compare(PlacementCandidate left, PlacementCandidate right, long sizeBytes)
    {
        int order = right.Linked.CompareTo(left.Linked);
        if (order == 0) order = UsedRatioAfter(left, sizeBytes).CompareTo(UsedRatioAfter(right, sizeBytes));
        if (order == 0) order = left.LegCount.CompareTo(right.LegCount);
        return order == 0 ? left.Store.Id.CompareTo(right.Store.Id) : order;
    }

    private static double UsedRatioAfter(PlacementCandidate candidate, long sizeBytes) =>
        (double)(candidate.Store.PromisedBytes + sizeBytes) / candidate.Store.CapacityBytes;
}

/// <summary>A store that a leg could lie on.</summary>
/// <param name="Unit">Its unit.</param>
/// <param name="Store">The store.</param>
/// <param name="FreeBytes">What it can still take, as last reported.</param>
/// <param name="LegCount">Legs on the unit.</param>
/// <param name="Linked">Its connection stands now: it can begin at once.</param>
/// <param name="Rejection">Why the unit takes nothing now, for a person; null when it is ready.</param>
public sealed record PlacementCandidate(Unit Unit, Store Store, long FreeBytes, int LegCount, bool Linked, string? Rejection);

/// <summary>What placement found.</summary>
public abstract record PlacementOutcome
{
    private PlacementOutcome()
    {
    }

    /// <summary>This store.</summary>
    public sealed record Placed(Unit Unit, Store Store) : PlacementOutcome;

    /// <summary>Units are ready, but none has room for so much.</summary>
    public sealed record PoolFull(long LargestBytes) : PlacementOutcome;

    /// <summary>No unit is ready.</summary>
    public sealed record NoUnit : PlacementOutcome;
}
