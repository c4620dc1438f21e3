using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>Reading what belongs to a volume.</summary>
internal static class VolumeReads
{
    /// <summary>A volume's legs, in the order in which the host puts them together.</summary>
    /// <remarks>Of two legs that a host exchanges only the one that counts; they have the same place.</remarks>
    public static IReadOnlyList<Leg> LegsOf(this IStationTransaction transaction, Guid volumeId)
    {
        Leg[] legs = [.. transaction.Table<Leg>().Where(Lookups.LegVolume, volumeId.ToString()).OrderBy(leg => leg.Index)];
        if (legs.Length < 2 || legs.DistinctBy(leg => leg.Index).Count() == legs.Length) return legs;
        Guid? passing = transaction.ReplacementOf(volumeId)?.PassingId;
        return [.. legs.Where(leg => leg.Id != passing)];
    }

    /// <summary>A mapping's legs, each with what the host sees of it, in the volume's order.</summary>
    public static IReadOnlyList<(Leg Leg, MappedLeg Mapped)> LegsOf(this IStationTransaction transaction, Mapping mapping)
    {
        Dictionary<Guid, MappedLeg> mapped = transaction.Table<MappedLeg>().Where(Lookups.MappedLegMapping, mapping.Id.ToString()).ToDictionary(leg => leg.LegId);
        return [.. transaction.LegsOf(mapping.VolumeId).Where(leg => mapped.ContainsKey(leg.Id)).Select(leg => (leg, mapped[leg.Id]))];
    }

    /// <summary>The units that serve a mapping, those of a leg that its host is taking in or letting go among them.</summary>
    public static IEnumerable<Guid> UnitsOf(this IStationTransaction transaction, Mapping mapping) =>
        transaction.Table<MappedLeg>().Where(Lookups.MappedLegMapping, mapping.Id.ToString()).Select(leg => leg.UnitId).Distinct();

    /// <summary>A project by identity; the default one is there without a record.</summary>
    public static Project Project(this IStationTransaction transaction, Guid id) =>
        transaction.Table<Project>().Find(id) ?? (id == Domain.Project.Default.Id ? Domain.Project.Default : throw ProblemException.NotFound("project", id));

    /// <summary>A project by name; null stands for the default one.</summary>
    public static Project Project(this IStationTransaction transaction, string? name, string pointer) =>
        transaction.Table<Project>().Where(Lookups.ProjectName, name ?? Domain.Project.Default.Name) is [Project project] ? project
        : name is null || name == Domain.Project.Default.Name ? Domain.Project.Default
        : throw ProblemException.Field(pointer, "names no project.");
}
