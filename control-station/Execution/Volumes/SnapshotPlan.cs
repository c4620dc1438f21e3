using VSan.Contracts.UnitLink;
using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>Reserves, settles and gives back snapshots inside a transaction.</summary>
internal static class SnapshotPlan
{
    /// <summary>Adds a snapshot that is to be taken. The caller raises the unit's generation.</summary>
    public static Snapshot Add(IStationTransaction transaction, DateTimeOffset now, Volume volume, IReadOnlyList<Leg> legs, SnapshotOrder order, Views views)
    {
        LegMoves.RequireNone(transaction, volume);
        Snapshot snapshot = transaction.Table<Snapshot>().Insert(new Snapshot(
            transaction.NewId(now), volume.Id, order.GroupId, order.Name, SnapshotState.Creating, order.ScheduleId, now, TakenAt: null));
        foreach (Leg leg in legs) Reserve(transaction, now, volume, snapshot, leg, views);
        return snapshot;
    }

    /// <summary>The legs of a snapshot.</summary>
    public static IReadOnlyList<SnapshotLeg> Legs(IStationTransaction transaction, Guid snapshotId) =>
        transaction.Table<SnapshotLeg>().Where(Lookups.SnapshotLegSnapshot, snapshotId.ToString());

    /// <summary>The snapshots of a group.</summary>
    public static IReadOnlyList<Snapshot> Group(IStationTransaction transaction, Guid groupId) =>
        transaction.Table<Snapshot>().Where(Lookups.SnapshotGroup, groupId.ToString());

    /// <summary>The snapshots of a group were taken: each store now promises what the copy refers to, which is the most that it can come to hold alone.</summary>
    public static void Publish(IStationTransaction transaction, DateTimeOffset now, Guid groupId, IReadOnlyDictionary<Guid, SnapshotFact> facts)
    {
        foreach (Snapshot snapshot in Group(transaction, groupId).Where(snapshot => snapshot.State == SnapshotState.Creating))
        {
            IReadOnlyList<SnapshotLeg> legs = Legs(transaction, snapshot.Id);
            foreach (SnapshotLeg leg in legs) Settle(transaction, leg, Math.Clamp(facts[leg.Id].AllocatedBytes, 0, leg.SizeBytes));
            transaction.Table<Snapshot>().Update(snapshot with { State = SnapshotState.Ready, TakenAt = legs.Max(leg => facts[leg.Id].TakenAt) });
            transaction.AppendEvent(now, "snapshot.created", $"snapshot/{snapshot.Id}", $"Snapshot {snapshot.Name} of {VolumeName(transaction, snapshot)} was taken.");
        }
    }

    /// <summary>The snapshots of a group are wanted no longer.</summary>
    public static void Withdraw(IStationTransaction transaction, Guid groupId)
    {
        foreach (Snapshot snapshot in Group(transaction, groupId).Where(snapshot => snapshot.State != SnapshotState.Deleting))
            transaction.Table<Snapshot>().Update(snapshot with { State = SnapshotState.Deleting });
    }

    /// <summary>
    /// Forgets a snapshot, and gives back its space where its unit is rid of it by the memo; where not, when the unit is back. Without a memo no
    /// unit is to be rid of anything. Nothing happens when it is forgotten already.
    /// </summary>
    public static void Release(IStationTransaction transaction, DateTimeOffset now, Guid snapshotId, UnitFollowing? units = null, string? memo = null)
    {
        if (transaction.Table<Snapshot>().Find(snapshotId) is not { } snapshot) return;
        foreach (SnapshotLeg leg in Legs(transaction, snapshotId))
        {
            if (units?.Serves(leg.UnitId, memo) == false)
            {
                transaction.BuryCopy(leg, UnitFollowing.GenerationOf(leg.UnitId, memo));
                continue;
            }

            Settle(transaction, leg, promisedBytes: 0);
            transaction.Table<SnapshotLeg>().Delete(leg.Id);
        }

        transaction.Table<Snapshot>().Delete(snapshotId);
        transaction.AppendEvent(now, "snapshot.removed", $"snapshot/{snapshotId}", $"Snapshot {snapshot.Name} of {VolumeName(transaction, snapshot)} was removed.");
    }

    /// <summary>Why the unit does not have a snapshot of the group; null when all are there.</summary>
    public static string? Trouble(IStationTransaction transaction, Guid groupId, PushAnswer answer) => Group(transaction, groupId)
        .SelectMany(snapshot => Legs(transaction, snapshot.Id))
        .Where(leg => !answer.Snapshots.ContainsKey(leg.Id))
        .Select(leg => answer.Troubles.GetValueOrDefault(leg.Id) ?? $"Snapshot {leg.Id} was not taken, and the unit does not say why.")
        .FirstOrDefault();

    // Nobody knows what the leg holds before the copy is made: at most its size, and at most what its store holds.
    private static void Reserve(IStationTransaction transaction, DateTimeOffset now, Volume volume, Snapshot snapshot, Leg leg, Views views)
    {
        Domain.Store store = transaction.Require<Domain.Store>(leg.StoreId, "store");
        long boundBytes = Math.Min(leg.SizeBytes, Math.Max(0, store.CapacityBytes - views.FreeBytes(store)));
        long roomBytes = Placement.UnpromisedBytes(store);
        if (boundBytes > roomBytes)
        {
            throw new ProblemException(
                "pool-full",
                $"A snapshot of {volume.Name} may come to hold {SizeText.Of(boundBytes)}, and its store can promise {SizeText.Of(Math.Max(0, roomBytes))}.",
                "Remove snapshots or volumes of this unit.");
        }

        HostClaims.RequireRoom(transaction, volume.Id, boundBytes);
        transaction.Table<SnapshotLeg>().Insert(new SnapshotLeg(transaction.NewId(now), snapshot.Id, leg.Id, leg.UnitId, leg.StoreId, leg.SizeBytes, boundBytes));
        transaction.Table<Domain.Store>().Update(store with { PromisedBytes = checked(store.PromisedBytes + boundBytes) });
    }

    private static void Settle(IStationTransaction transaction, SnapshotLeg leg, long promisedBytes)
    {
        if (promisedBytes == leg.PromisedBytes) return;
        Domain.Store store = transaction.Require<Domain.Store>(leg.StoreId, "store");
        transaction.Table<Domain.Store>().Update(store with { PromisedBytes = checked(store.PromisedBytes - leg.PromisedBytes + promisedBytes) });
        transaction.Table<SnapshotLeg>().Update(leg with { PromisedBytes = promisedBytes });
    }

    private static string VolumeName(IStationTransaction transaction, Snapshot snapshot) => transaction.Table<Volume>().Find(snapshot.VolumeId)?.Name ?? "a removed volume";
}

/// <summary>What is asked of each snapshot of a group.</summary>
/// <param name="GroupId">The group.</param>
/// <param name="Name">The name of each.</param>
/// <param name="ScheduleId">The schedule that asks, or null.</param>
internal sealed record SnapshotOrder(Guid GroupId, string Name, Guid? ScheduleId);
