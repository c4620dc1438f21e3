using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>What hosts ask for by themselves: what is theirs, and how much they may ask for.</summary>
internal static class HostClaims
{
    /// <summary>Refuses a host that speaks for another, and gives the host that a new volume is mapped to: the asking one, or who was named.</summary>
    /// <exception cref="ProblemException"><c>forbidden</c>.</exception>
    public static Guid? Speaker(Caller caller, Guid? namedHostId)
    {
        if (caller.HostId is not { } own) return namedHostId;
        return namedHostId is null || namedHostId == own ? own : throw Foreign(caller);
    }

    /// <summary>Makes sure that a volume of this size fits the quota of the host that asks, and notes it as the host's own.</summary>
    /// <exception cref="ProblemException"><c>quota-exceeded</c>.</exception>
    public static void Claim(IStationTransaction transaction, Caller caller, Volume volume)
    {
        if (caller.HostId is not { } hostId) return;
        Host host = transaction.Require<Host>(hostId, "host");
        if (transaction.Table<HostQuota>().Find(hostId) is not { } quota)
            throw new ProblemException("quota-exceeded", $"{host.Name} has no quota, so it may not ask for volumes by itself.", $"Give it one: vsan host quota {host.Name} --bytes SIZE --volumes N.");
        (int volumes, long bytes) = Used(transaction, hostId);
        if (volumes + 1 > quota.VolumesMax)
            throw new ProblemException("quota-exceeded", $"{host.Name} has {volumes} volumes of {quota.VolumesMax}.", "Delete one of them, or have the quota raised.");
        if (volume.SizeBytes > quota.BytesMax - bytes)
            throw new ProblemException("quota-exceeded", $"{host.Name} has {SizeText.Of(Math.Max(0, quota.BytesMax - bytes))} left of {SizeText.Of(quota.BytesMax)}.", "Ask for less, delete a volume or snapshot, or have the quota raised.");
        transaction.Table<HostVolume>().Insert(new HostVolume(volume.Id, hostId));
    }

    /// <summary>Makes sure that the quota of a host that asks bears a larger volume of its own. Of a person's volume it may ask nothing: that has no owner.</summary>
    /// <exception cref="ProblemException"><c>quota-exceeded</c>.</exception>
    public static void RequireRoomToGrow(IStationTransaction transaction, Caller caller, long moreBytes)
    {
        if (caller.HostId is not { } hostId) return;
        Host host = transaction.Require<Host>(hostId, "host");
        long left = (transaction.Table<HostQuota>().Find(hostId)?.BytesMax ?? 0) - Used(transaction, hostId).Bytes;
        if (moreBytes > left) throw new ProblemException("quota-exceeded", $"{host.Name} has {SizeText.Of(Math.Max(0, left))} left.", "Ask for less, delete a volume or snapshot, or have the quota raised.");
    }

    /// <summary>Makes sure that the owner's quota bears what a snapshot is promised.</summary>
    /// <exception cref="ProblemException"><c>quota-exceeded</c>.</exception>
    public static void RequireRoom(IStationTransaction transaction, Guid volumeId, long bytes)
    {
        if (transaction.Table<HostVolume>().Find(volumeId) is not { } owned || transaction.Table<HostQuota>().Find(owned.HostId) is not { } quota) return;
        long left = quota.BytesMax - Used(transaction, owned.HostId).Bytes;
        if (bytes > left) throw new ProblemException("quota-exceeded", $"A snapshot may come to hold {SizeText.Of(bytes)}, and its host has {SizeText.Of(Math.Max(0, left))} left.", "Delete a volume or snapshot, or have the quota raised.");
    }

    /// <summary>What the host's own volumes and their snapshots count.</summary>
    public static (int Volumes, long Bytes) Used(IStationTransaction transaction, Guid hostId)
    {
        IReadOnlyList<HostVolume> owned = transaction.Table<HostVolume>().Where(Lookups.HostVolumeHost, hostId.ToString());
        long bytes = owned.Sum(volume => (transaction.Table<Volume>().Find(volume.Id)?.SizeBytes ?? 0) + SnapshotBytes(transaction, volume.Id));
        return (owned.Count, bytes);
    }

    private static long SnapshotBytes(IStationTransaction transaction, Guid volumeId) => transaction.Table<Snapshot>().Where(Lookups.SnapshotVolume, volumeId.ToString())
        .SelectMany(snapshot => SnapshotPlan.Legs(transaction, snapshot.Id))
        .Sum(leg => leg.PromisedBytes);

    private static ProblemException Foreign(Caller caller) => new("forbidden", $"{caller.Name} speaks for its own host alone.", "Leave hostId away, or ask with a person's account.");
}
