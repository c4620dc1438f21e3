using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>Adds a mapping with its numbers and what the host proves, inside a transaction.</summary>
internal static class MappingPlan
{
    /// <summary>Adds a pending mapping of all legs. The caller raises the units' generations.</summary>
    public static Mapping Add(
        IStationTransaction transaction,
        DateTimeOffset now,
        Volume volume,
        IReadOnlyList<Leg> legs,
        Host host,
        bool readOnly,
        ISecretProtector protector)
    {
        if (transaction.Table<Mapping>().Where(Lookups.MappingHost, host.Id.ToString()).Any(other => other.VolumeId == volume.Id))
            throw new ProblemException("already-mapped", $"{volume.Name} is mapped to {host.Name} already.");
        Mapping mapping = transaction.Table<Mapping>().Insert(new Mapping(transaction.NewId(now), volume.Id, host.Id, readOnly, MappingState.Pending));
        foreach (Leg leg in legs) AddLeg(transaction, now, mapping, leg, host, protector);
        return mapping;
    }

    /// <summary>Gives a leg a number for a mapping's host. The caller raises the unit's generation.</summary>
    public static MappedLeg AddLeg(IStationTransaction transaction, DateTimeOffset now, Mapping mapping, Leg leg, Host host, ISecretProtector protector)
    {
        IReadOnlyList<MappedLeg> mapped = transaction.Table<MappedLeg>().Where(Lookups.MappedLegHost, host.Id.ToString());
        IReadOnlyList<LunTombstone> tombstones = transaction.Table<LunTombstone>().Where(Lookups.TombstoneHost, host.Id.ToString());
        int lun = LunNumbers.Lowest(mapped, tombstones, host.Id, leg.UnitId, now)
            ?? throw new ProblemException("luns-used-up", $"{host.Name} uses or used lately all {LunNumbers.Max + 1} numbers of this unit.", "Numbers rest for 24 hours; map from another unit.");
        EnsureCredential(transaction, now, host, leg.UnitId, protector);
        return transaction.Table<MappedLeg>().Insert(new MappedLeg(transaction.NewId(now), mapping.Id, leg.Id, host.Id, leg.UnitId, lun));
    }

    /// <summary>What a host proves to a unit; it exists while the host has been mapped there.</summary>
    public static Credential CredentialOf(IStationTransaction transaction, Guid hostId, Guid unitId) =>
        transaction.Table<Credential>().Where(Lookups.CredentialHost, hostId.ToString()).First(credential => credential.UnitId == unitId);

    /// <summary>Makes what a host proves to a unit, unless it is there.</summary>
    public static void EnsureCredential(IStationTransaction transaction, DateTimeOffset now, Host host, Guid unitId, ISecretProtector protector)
    {
        ITable<Credential> credentials = transaction.Table<Credential>();
        if (credentials.Where(Lookups.CredentialHost, host.Id.ToString()).Any(credential => credential.UnitId == unitId)) return;
        credentials.Insert(CredentialSecrets.Make(now, host.Id, unitId, protector));
    }
}
