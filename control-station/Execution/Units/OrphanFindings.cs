using VSan.Contracts.Api;
using VSan.Contracts.UnitLink;
using VSan.Station.Domain;
using Unit = VSan.Station.Domain.Unit;
using Volume = VSan.Station.Domain.Volume;

namespace VSan.Station.Execution;

/// <summary>The orphans of the pool at one moment: what units last said of legs that they do not serve, and what the station knows of them.</summary>
internal sealed class OrphanFindings(IStationTransaction transaction, UnitReconcilers reconcilers, ICertificateAuthority authority)
{
    /// <summary>An orphan with what is believed of it.</summary>
    /// <param name="Unit">Where it lies.</param>
    /// <param name="Leg">As the unit described it.</param>
    /// <param name="Grave">The station's own note that it is kept, or null.</param>
    /// <param name="Record">What a station once said of it; null when there is nothing to be believed.</param>
    /// <param name="Doubt">Why there is not.</param>
    public sealed record Finding(Unit Unit, FoundLeg Leg, LegTombstone? Grave, LegRecord? Record, string? Doubt);

    /// <summary>The orphans of one unit, in order of their identities.</summary>
    public IEnumerable<Finding> On(Unit unit)
    {
        Dictionary<Guid, LegTombstone> graves = transaction.Table<LegTombstone>().Where(Lookups.LegTombstoneUnit, unit.Id.ToString()).ToDictionary(grave => grave.Id);
        Dictionary<Guid, FoundLeg> found = reconcilers.UnservedLegsOf(unit.Id)
            .Where(leg => graves.ContainsKey(leg.LegId) || (leg.Use == LegUse.Idle && UnitIntake.IsUnknown(transaction, leg.LegId)))
            .GroupBy(leg => leg.LegId).ToDictionary(same => same.Key, same => same.First());
        foreach (Guid id in graves.Keys.Union(found.Keys).Order())
        {
            LegTombstone? grave = graves.GetValueOrDefault(id);
            FoundLeg leg = found.GetValueOrDefault(id) ?? new FoundLeg(grave!.StoreId, id, LegUse.Kept, grave.SizeBytes, AllocatedBytes: 0, IsOurs: true, null);
            string? doubt = LegRecords.Read(unit.Id, leg, authority, former: null, out LegRecord? record);
            yield return new Finding(unit, leg, grave, record, doubt);
        }
    }

    /// <summary>One orphan, or null.</summary>
    public Finding? Find(Guid legId) => All().FirstOrDefault(finding => finding.Leg.LegId == legId);

    /// <summary>The orphans that were legs of one volume.</summary>
    public IEnumerable<Finding> OfVolume(Guid volumeId) => All().Where(finding => finding.Record is { Snapshot: null } record && record.Volume.VolumeId == volumeId);

    /// <summary>As the API shows it.</summary>
    public Orphan View(Finding finding)
    {
        string? obstacle = finding.Grave?.Discard == true ? "It is being deleted." : Obstacle(finding);
        return new Orphan(
            finding.Leg.LegId, finding.Unit.Id, finding.Unit.Name, finding.Leg.StoreId, finding.Leg.LengthBytes,
            finding.Grave?.Discard == true ? OrphanState.Deleting : OrphanState.Quarantined,
            finding.Record?.Volume.Name ?? (finding.Grave?.VolumeName is { Length: > 0 } name ? name : null), finding.Record?.Volume.Layout, finding.Record?.Index, finding.Record?.LegCount,
            obstacle is null,
            obstacle ?? $"All of volume {finding.Record!.Volume.Name} is here: adopt it with 'vsan orphan adopt {finding.Leg.LegId}'.");
    }

    /// <summary>Why no volume can be made of it; null when one can.</summary>
    public string? Obstacle(Finding finding)
    {
        if (finding.Record is not { } record) return $"Nobody can tell what it was: {finding.Doubt}. Move the file away on the unit to keep it, or delete it.";
        if (record.Snapshot is not null) return "It was a snapshot, which is nothing without its volume. Delete it.";
        if (transaction.Table<Volume>().Find(record.Volume.VolumeId) is { } volume)
            return $"Volume {volume.Name}, which it was a leg of, is there and went on without it, so that what lies here is old. Delete it.";
        int[] places = [.. OfVolume(record.Volume.VolumeId).Select(other => other.Record!.Index).Order()];
        return places.SequenceEqual(Enumerable.Range(0, record.LegCount)) ? null
            : $"Of the {record.LegCount} legs of volume {record.Volume.Name} {places.Length} are here: bring back the units of the others, then adopt.";
    }

    private IEnumerable<Finding> All() => transaction.Table<Unit>().Page(after: null, int.MaxValue).Where(unit => unit.IsAdmitted).SelectMany(On);
}
