namespace VSan.Station.Domain;

/// <summary>Numbers of logical units, as one host sees them on one unit.</summary>
public static class LunNumbers
{
    /// <summary>Largest number that a unit serves: single-level addressing of SAM has one byte.</summary>
    public const int Max = 255;

    /// <summary>How long a number rests after its last use: longer than any host keeps a stale device without a rescan or a reboot, we hope.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromHours(24);

    /// <summary>The lowest number that this host neither uses nor used lately; null when all are taken.</summary>
    public static int? Lowest(IEnumerable<MappedLeg> mapped, IEnumerable<LunTombstone> tombstones, Guid hostId, Guid unitId, DateTimeOffset now)
    {
        HashSet<int> taken = [];
        taken.UnionWith(mapped.Where(leg => leg.HostId == hostId && leg.UnitId == unitId).Select(leg => leg.Lun));
        taken.UnionWith(tombstones
            .Where(tombstone => tombstone.HostId == hostId && tombstone.UnitId == unitId && now - tombstone.FreedAt < Rest && !Sabotage.ReusesLuns)
            .Select(tombstone => tombstone.Lun));
        for (int lun = 0; lun <= Max; lun++)
            if (!taken.Contains(lun)) return lun;
        return null;
    }
}
