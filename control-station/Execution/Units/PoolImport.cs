using System.Security.Cryptography.X509Certificates;
using VSan.Contracts.Api;
using VSan.Contracts.UnitLink;
using VSan.Station.Domain;
using Host = VSan.Station.Domain.Host;
using Leg = VSan.Station.Domain.Leg;
using MappedLeg = VSan.Station.Domain.MappedLeg;
using Mapping = VSan.Station.Domain.Mapping;
using MappingState = VSan.Station.Domain.MappingState;
using Snapshot = VSan.Station.Domain.Snapshot;
using SnapshotState = VSan.Station.Domain.SnapshotState;
using Unit = VSan.Station.Domain.Unit;
using Volume = VSan.Station.Domain.Volume;

namespace VSan.Station.Execution;

/// <summary>
/// Makes volumes, hosts, mappings and snapshots again of the signed records on the units, with the identities and numbers that they had. CHAP
/// secrets are made anew. What cannot be believed or is not whole is set aside with a note; as long as a unit serves a leg that the station
/// does not know, nothing is sent to it, so that its hosts go on.
/// </summary>
internal sealed class PoolImport(IStationTransaction transaction, DateTimeOffset now, ISecretProtector protector, ICertificateAuthority authority, X509Certificate2? former)
{
    private readonly List<string> _units = [];
    private readonly List<string> _volumes = [];
    private readonly List<string> _hosts = [];
    private readonly List<string> _notes = [];
    private readonly Dictionary<Guid, long> _allocated = [];
    private int _snapshots;
    private int _mappings;

    /// <summary>What was done so far.</summary>
    public ImportReport Report(bool dryRun, IReadOnlyList<string> silent) => new(dryRun, _units, _volumes, _snapshots, _hosts, _mappings, [.. _notes, .. silent]);

    /// <summary>Takes over what lies on units.</summary>
    public void Take(IReadOnlyList<UnitLegs> found)
    {
        foreach (FoundLeg leg in found.SelectMany(unit => unit.Legs)) _allocated[leg.LegId] = leg.AllocatedBytes;
        LegRecord[] records = [.. found.SelectMany(Believed)];
        foreach (IGrouping<Guid, LegRecord> volume in records.Where(record => record.Snapshot is null).GroupBy(record => record.Volume.VolumeId)) TakeVolume(Settled([.. volume]));
        foreach (IGrouping<Guid, LegRecord> snapshot in records.Where(record => record.Snapshot is not null).GroupBy(record => record.Snapshot!.SnapshotId)) TakeSnapshot([.. snapshot]);
        foreach (UnitLegs unit in found) TakeUnit(unit, records.FirstOrDefault(record => record.UnitId == unit.UnitId));
    }

    // A unit that has accepted nothing has lost its own memory too: then what lies there idle is all that there is.
    private List<LegRecord> Believed(UnitLegs found)
    {
        List<LegRecord> records = [];
        Unit unit = transaction.Require<Unit>(found.UnitId, "unit");
        foreach (FoundLeg leg in found.Legs.Where(leg => UnitIntake.IsUnknown(transaction, leg.LegId)))
        {
            if (leg.Use == LegUse.Kept) Keep(unit, leg);
            else if (leg.Use == LegUse.Wanted || (leg.Use == LegUse.Idle && found.Generation == 0)) Believe(unit, leg, records);
        }

        return records;
    }

    private void Believe(Unit unit, FoundLeg leg, List<LegRecord> records)
    {
        if (LegRecords.Read(unit.Id, leg, authority, former, out LegRecord? record) is not { } doubt) records.Add(record!);
        else _notes.Add($"Leg {leg.LegId} on {unit.Name} is set aside: {doubt}. {(leg.Record is { } signed && signed.Signer != authority.Fingerprint.Text ? "If that is the station that is lost, import with its CA certificate (--former-ca)." : "Restore a backup of the station, or move the file away.")}");
    }

    private void Keep(Unit unit, FoundLeg leg)
    {
        _ = LegRecords.Read(unit.Id, leg, authority, former, out LegRecord? record);
        transaction.Table<LegTombstone>().Insert(new LegTombstone(leg.LegId, unit.Id, leg.StoreId, record?.Volume.Name ?? string.Empty, leg.LengthBytes, now));
        _notes.Add($"Leg {leg.LegId} on {unit.Name} is kept unserved, as it was: 'vsan orphan list' shows it.");
    }

    // Of two legs with one place, a host exchanged one for the other: the volume's is the one that was described last and is not on its way.
    private LegRecord[] Settled(IReadOnlyList<LegRecord> found)
    {
        LegRecord[] legs = [.. found.OrderBy(leg => leg.IsPassing).ThenByDescending(leg => leg.Volume.Generation).DistinctBy(leg => leg.Index).OrderBy(leg => leg.Index)];
        foreach (LegRecord passing in found.Except(legs))
            _notes.Add($"Leg {passing.LegId} of volume {passing.Volume.Name} was being exchanged for another, which is here: it is left alone.");
        return legs;
    }

    private void TakeVolume(LegRecord[] legs)
    {
        string name = legs[0].Volume.Name;
        if (transaction.Table<Volume>().Find(legs[0].Volume.VolumeId) is { } known)
        {
            _notes.Add($"A leg of volume {known.Name} was found beside those that it has; it is left alone.");
            return;
        }

        int count = legs.MaxBy(leg => leg.Volume.Generation)!.LegCount;
        if (!legs.Select(leg => leg.Index).SequenceEqual(Enumerable.Range(0, count)))
        {
            _notes.Add($"Of the {count} legs of volume {name} {legs.Length} are here: bring back the units of the others and import again.");
            return;
        }

        try
        {
            Volume volume = new VolumeRebuilding(transaction, now).Rebuild(legs, name: null, project: null);
            _volumes.Add(volume.Name);
            foreach (LegRecord leg in legs)
                foreach (LegAccess access in leg.Access) TakeAccess(volume, leg, access);
        }
        catch (ProblemException problem)
        {
            _notes.Add($"Volume {name} is set aside: {problem.Message} {problem.NextAction}");
        }
    }

    private void TakeAccess(Volume volume, LegRecord leg, LegAccess access)
    {
        Host host = HostOf(access);
        if (transaction.Table<Mapping>().Find(access.MappingId) is not { } mapping)
        {
            mapping = transaction.Table<Mapping>().Insert(new Mapping(access.MappingId, volume.Id, host.Id, access.ReadOnly, MappingState.Active));
            _mappings++;
        }

        transaction.Table<MappedLeg>().Insert(new MappedLeg(transaction.NewId(now), mapping.Id, leg.LegId, host.Id, leg.UnitId, access.Lun));
        MappingPlan.EnsureCredential(transaction, now, host, leg.UnitId, protector);
    }

    private Host HostOf(LegAccess access)
    {
        if (transaction.Table<Host>().Find(access.HostId) is { } known) return known;
        if (transaction.Table<Host>().Where(Lookups.HostInitiator, access.InitiatorName) is [var same]) return same;
        bool isFree = transaction.Table<Host>().Where(Lookups.HostName, access.HostName) is [];
        Host host = transaction.Table<Host>().Insert(new Host(access.HostId, isFree ? access.HostName : access.HostId.ToString("N"), access.InitiatorName, now));
        _hosts.Add(host.Name);
        return host;
    }

    private void TakeSnapshot(LegRecord[] copies)
    {
        SnapshotRecord made = copies[0].Snapshot!;
        if (transaction.Table<Volume>().Find(copies[0].Volume.VolumeId) is not { } volume || !copies.All(IsPlaced))
        {
            _notes.Add($"Snapshot {made.Name} of volume {copies[0].Volume.Name} is set aside, as its volume is.");
            return;
        }

        if (transaction.Table<Snapshot>().Find(made.SnapshotId) is null)
            transaction.Table<Snapshot>().Insert(new Snapshot(made.SnapshotId, volume.Id, made.GroupId, made.Name, SnapshotState.Ready, ScheduleId: null, made.CreatedAt, made.TakenAt ?? made.CreatedAt));
        foreach (LegRecord copy in copies)
        {
            Domain.Store store = transaction.Require<Domain.Store>(copy.StoreId, "store");
            long promised = Math.Clamp(_allocated[copy.LegId], 0, copy.SizeBytes);
            transaction.Table<SnapshotLeg>().Insert(new SnapshotLeg(copy.LegId, made.SnapshotId, copy.Snapshot!.SourceLegId, copy.UnitId, copy.StoreId, copy.SizeBytes, promised));
            transaction.Table<Domain.Store>().Update(store with { PromisedBytes = checked(store.PromisedBytes + promised) });
        }

        _snapshots++;
    }

    private bool IsPlaced(LegRecord copy) =>
        transaction.Table<Leg>().Find(copy.Snapshot!.SourceLegId) is not null && transaction.Table<Domain.Store>().Find(copy.StoreId)?.UnitId == copy.UnitId;

    // What the unit is handed next is newer than all that it has.
    private void TakeUnit(UnitLegs found, LegRecord? record)
    {
        Unit unit = transaction.Require<Unit>(found.UnitId, "unit");
        _units.Add(unit.Name);
        if (record is null && found.Generation <= unit.WantedGeneration) return;
        Unit next = unit with { WantedGeneration = Math.Max(unit.WantedGeneration, found.Generation) + 1 };
        transaction.Table<Unit>().Update(unit.Labels.Count == 0 && record is { UnitLabels.Count: > 0 } ? next with { Labels = record.UnitLabels } : next);
    }
}
