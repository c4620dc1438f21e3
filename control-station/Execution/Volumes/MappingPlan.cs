using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>Adds a mapping with its number and what the host proves, inside a transaction.</summary>
internal static class MappingPlan
{
    /// <summary>Adds a pending mapping. The caller raises the unit's generation.</summary>
    public static Mapping Add(
        IStationTransaction transaction,
        DateTimeOffset now,
        Volume volume,
        Leg leg,
        Host host,
        bool readOnly,
        ISecretProtector protector)
    {
        IReadOnlyList<Mapping> mappings = transaction.Table<Mapping>().Where(Lookups.MappingHost, host.Id.ToString());
        if (mappings.Any(mapping => mapping.VolumeId == volume.Id)) throw new ProblemException("already-mapped", $"{volume.Name} is mapped to {host.Name} already.");
        IReadOnlyList<LunTombstone> tombstones = transaction.Table<LunTombstone>().Where(Lookups.TombstoneHost, host.Id.ToString());
        int lun = LunNumbers.Lowest(mappings, tombstones, host.Id, leg.UnitId, now)
            ?? throw new ProblemException("luns-used-up", $"{host.Name} uses or used lately all {LunNumbers.Max + 1} numbers of this unit.", "Numbers rest for 24 hours; map from another unit.");
        EnsureCredential(transaction, now, host, leg.UnitId, protector);
        return transaction.Table<Mapping>().Insert(new Mapping(Guid.CreateVersion7(now), volume.Id, host.Id, leg.UnitId, lun, readOnly, MappingState.Pending));
    }

    /// <summary>What a host proves to a unit; it exists while the host has been mapped there.</summary>
    public static Credential CredentialOf(IStationTransaction transaction, Guid hostId, Guid unitId) =>
        transaction.Table<Credential>().Where(Lookups.CredentialHost, hostId.ToString()).First(credential => credential.UnitId == unitId);

    private static void EnsureCredential(IStationTransaction transaction, DateTimeOffset now, Host host, Guid unitId, ISecretProtector protector)
    {
        ITable<Credential> credentials = transaction.Table<Credential>();
        if (credentials.Where(Lookups.CredentialHost, host.Id.ToString()).Any(credential => credential.UnitId == unitId)) return;
        credentials.Insert(CredentialSecrets.Make(now, host.Id, unitId, protector));
    }
}
