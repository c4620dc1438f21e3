using System.Collections.Immutable;
using System.Globalization;
using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>What an action touches, as far as <see cref="Scope"/> tells things apart.</summary>
/// <param name="IsStation">True for people, tokens, sessions and audit, which belong to no pool.</param>
/// <param name="Project">The project, or null.</param>
/// <param name="UnitLabels">The labels that every unit it lies on has; empty when it lies on none.</param>
internal sealed record Reach(bool IsStation, string? Project, IReadOnlyDictionary<string, string> UnitLabels)
{
    /// <summary>The host that it belongs to, or null.</summary>
    public Guid? HostId { get; init; }

    /// <summary>People, tokens, sessions, audit.</summary>
    public static Reach Station { get; } = new(IsStation: true, null, ImmutableDictionary<string, string>.Empty);

    /// <summary>The pool as a whole, or a part of it that belongs to no project and no unit.</summary>
    public static Reach Pool { get; } = new(IsStation: false, null, ImmutableDictionary<string, string>.Empty);

    /// <summary>What all records of a kind together touch.</summary>
    public static Reach Whole<T>()
        where T : Entity => typeof(T) == typeof(Person) || typeof(T) == typeof(Session) || typeof(T) == typeof(AccessToken) ? Station : Pool;

    /// <summary>What a record touches.</summary>
    public static Reach Of(IStationTransaction transaction, Entity? record) => record switch
    {
        Person or Session or AccessToken => Station,
        Project project => Pool with { Project = project.Name },
        Volume volume => OfVolume(transaction, volume),
        Unit unit => Pool with { UnitLabels = unit.Labels },
        Domain.Store store => Of(transaction, transaction.Table<Unit>().Find(store.UnitId)),
        Leg leg => Of(transaction, transaction.Table<Volume>().Find(leg.VolumeId)),
        Mapping mapping => Of(transaction, transaction.Table<Volume>().Find(mapping.VolumeId)) with { HostId = mapping.HostId },
        Host host => Pool with { HostId = host.Id },
        Share share => Pool with { Project = transaction.Project(share.ProjectId).Name, UnitLabels = transaction.Require<Unit>(share.UnitId, "unit").Labels },
        ShareBinding binding => Of(transaction, transaction.Table<Share>().Find(binding.ShareId)),
        Snapshot snapshot => Of(transaction, transaction.Table<Volume>().Find(snapshot.VolumeId)),
        Operation operation => Of(transaction, Subjects.Of(transaction, operation)),
        _ => Pool,
    };

    /// <summary>What a subject touches: <c>volume/{id}</c>, or for what does not exist yet its kind alone, or <c>project/{name}/…</c>.</summary>
    public static Reach Of(IStationTransaction transaction, string subject) =>
        Subjects.IsOfStation(subject) ? Station
        : subject.Split('/', 3) is ["project", var project, _] ? Pool with { Project = project }
        : Of(transaction, Subjects.Find(transaction, subject));

    private static Reach OfVolume(IStationTransaction transaction, Volume volume)
    {
        IReadOnlyDictionary<string, string>[] labels =
            [.. transaction.Table<Leg>().Where(Lookups.LegVolume, volume.Id.ToString()).Select(leg => transaction.Require<Unit>(leg.UnitId, "unit").Labels)];
        IEnumerable<KeyValuePair<string, string>> shared = labels is [] ? [] : labels[0].Where(label => labels.All(unit => unit.TryGetValue(label.Key, out string? value) && value == label.Value));
        return Pool with { Project = transaction.Project(volume.ProjectId).Name, UnitLabels = shared.ToDictionary(), HostId = transaction.Table<HostVolume>().Find(volume.Id)?.HostId };
    }
}

/// <summary>The objects that subjects of actions name.</summary>
internal static class Subjects
{
    private static readonly string[] StationKinds = ["user", "access-token", "session", "audit"];

    /// <summary>One line for each kind of object: how its record is found.</summary>
    private static readonly Dictionary<string, Func<IStationTransaction, Guid, Entity?>> Kinds = new(StringComparer.Ordinal)
    {
        ["unit"] = (transaction, id) => transaction.Table<Unit>().Find(id),
        ["image"] = (transaction, id) => transaction.Table<ApplianceImage>().Find(id),
        ["host"] = (transaction, id) => transaction.Table<Host>().Find(id),
        ["project"] = (transaction, id) => transaction.Table<Project>().Find(id),
        ["volume"] = (transaction, id) => transaction.Table<Volume>().Find(id),
        ["mapping"] = (transaction, id) => transaction.Table<Mapping>().Find(id),
        ["share"] = (transaction, id) => transaction.Table<Share>().Find(id),
        ["snapshot"] = (transaction, id) => transaction.Table<Snapshot>().Find(id),
        ["schedule"] = (transaction, id) => transaction.Table<SnapshotSchedule>().Find(id),
        ["operation"] = (transaction, id) => transaction.Table<Operation>().Find(id),
        ["user"] = (transaction, id) => transaction.Table<Person>().Find(id),
        ["access-token"] = (transaction, id) => transaction.Table<AccessToken>().Find(id),
        ["session"] = (transaction, id) => transaction.Table<Session>().Find(id),
    };

    /// <summary>The record, or null when the subject names none (yet).</summary>
    public static Entity? Find(IStationTransaction transaction, string subject) => Parse(subject) is { } named ? named.Find(transaction, named.Id) : null;

    /// <summary>True when the subject names a record by its identity, and there is none.</summary>
    public static bool IsGone(IStationTransaction transaction, string subject) => Parse(subject) is { } named && named.Find(transaction, named.Id) is null;

    /// <summary>True when the subject belongs to the station and not to its pool.</summary>
    public static bool IsOfStation(string subject) => StationKinds.Contains(subject.Split('/', 2)[0], StringComparer.Ordinal);

    /// <summary>What an operation works on; null when it is gone.</summary>
    public static Entity? Of(IStationTransaction transaction, Operation operation) =>
        (Entity?)transaction.Table<Volume>().Find(operation.SubjectId) ?? (Entity?)transaction.Table<Mapping>().Find(operation.SubjectId)
        ?? (Entity?)transaction.Table<Snapshot>().Find(operation.SubjectId) ?? (Entity?)transaction.Table<Unit>().Find(operation.SubjectId)
        ?? (Entity?)transaction.Table<Share>().Find(operation.SubjectId) ?? (Entity?)transaction.Table<ShareBinding>().Find(operation.SubjectId)
        ?? (transaction.Table<Snapshot>().Where(Lookups.SnapshotGroup, operation.SubjectId.ToString()) is [Snapshot first, ..] ? first : null);

    private static (Func<IStationTransaction, Guid, Entity?> Find, Guid Id)? Parse(string subject) =>
        subject.Split('/', 2) is [var kind, var id] && Guid.TryParse(id, CultureInfo.InvariantCulture, out Guid guid) && Kinds.TryGetValue(kind, out var find) ? (find, guid) : null;
}
