using VSan.Contracts.UnitLink;
using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>Makes a volume again of the records that lie beside its legs. Its bytes are there already, so nothing is made, and nothing is undone.</summary>
internal sealed class VolumeRebuilding(IStationTransaction transaction, DateTimeOffset now)
{
    /// <summary>Makes the volume with the identities that it had, served to nobody.</summary>
    /// <param name="records">One for each of its legs.</param>
    /// <param name="name">Another name for it; null for the one that it had.</param>
    /// <param name="project">Name of another project; null for the one that it had.</param>
    /// <exception cref="ProblemException">Something is in the way; it says what to do.</exception>
    public Volume Rebuild(IReadOnlyList<LegRecord> records, string? name, string? project)
    {
        VolumeRecord newest = records.Select(record => record.Volume).MaxBy(volume => volume.Generation)!;
        VolumeLayout layout = VolumeLayout.Parse(newest.Layout) ?? throw Refuse($"{newest.Name} has the layout {newest.Layout}, which this station does not know.", "Use the station that made it.");
        string named = Names.Object(name ?? newest.Name, "/name");
        Project owner = ProjectOf(project, newest.Project);
        if (transaction.Table<Volume>().Where(Lookups.VolumeKey, $"{owner.Id}/{named}") is not [])
            throw new ProblemException("name-taken", $"There is a volume {named} in project {owner.Name} already.", "Give the adopted one another name: 'vsan orphan adopt LEG --name NAME'.");
        long sizeBytes = Math.Min(newest.SizeBytes, layout.VolumeBytes([.. records.OrderBy(record => record.Index).Select(record => record.SizeBytes)]));
        if (sizeBytes <= 0) throw Refuse($"The legs of {newest.Name} have no size that can be.", "Move their files away on the units.");
        foreach (LegRecord record in records)
            if (transaction.Table<Domain.Store>().Find(record.StoreId)?.UnitId != record.UnitId)
                throw Refuse($"Leg {record.LegId} of {newest.Name} lies on store {record.StoreId}, which is not in the pool.", "Bring the store back to its unit, then ask again.");
        QuotaRule.Require(transaction, owner, records.Sum(record => record.SizeBytes), moreVolumes: 1);
        Volume volume = transaction.Table<Volume>().Insert(new Volume(
            newest.VolumeId, owner.Id, named, layout, sizeBytes, newest.BlockSizeBytes, newest.Thin, newest.Owner, VolumeState.Ready, newest.CreatedAt)
        {
            Limits = newest.Limits is { } limits ? new VolumeLimits(limits.MaxIops, limits.MaxBytesPerSecond, limits.BurstSeconds) : null,
        });
        foreach (LegRecord record in records)
        {
            Leg leg = new(record.LegId, volume.Id, record.UnitId, record.StoreId, record.Index, layout.Role, record.SizeBytes) { OriginId = record.OriginId };
            transaction.ReserveLeg(transaction.Require<Domain.Store>(record.StoreId, "store"), leg);
        }

        return volume;
    }

    private Project ProjectOf(string? asked, string had)
    {
        if (asked is not null) return transaction.Project(asked, "/project");
        if (had == Project.Default.Name || transaction.Table<Project>().Where(Lookups.ProjectName, had) is not []) return transaction.Project(had, "/project");
        return transaction.Table<Project>().Insert(new Project(transaction.NewId(now), Names.Object(had, "/project"), null, null, now));
    }

    private static ProblemException Refuse(string detail, string nextAction) => new("orphan-not-adoptable", detail, nextAction);
}
