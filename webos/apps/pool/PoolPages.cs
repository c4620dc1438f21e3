using System.Globalization;
using VSan.Contracts.Api;
using VSan.Station.Execution;
using VSan.WebOs.Parts;
using VSan.WebOs.Shell;
using VSan.WebOs.Text;

namespace VSan.WebOs.Apps.StoragePool;

/// <summary>What is on the pages about the pool as a whole.</summary>
internal static class PoolPages
{
    public const string PoliciesPath = "/app/pool/policies";
    public const string ProjectsPath = "/app/pool/projects";
    public const string PolicyId = "new-policy";
    public const string ProjectId = "new-project";
    public const string QuotaId = "quota";

    private static readonly string[] s_layouts = ["single", "mirror-2", "mirror-3", "stripe-2", "stripe-3", "stripe-4", "stripe-6", "stripe-8", "concat"];

    /// <summary>Capacity and what is wrong.</summary>
    public static IReadOnlyList<Part> Capacity(Pool pool, IReadOnlyList<Unit> units, IReadOnlyList<Alarm> alarms, DateTimeOffset now)
    {
        Portion used = new(pool.CapacityBytes - pool.FreeBytes, pool.CapacityBytes);
        return
        [
            Tabs(App.Pool.Path),
            new Notice(Cue.Of(pool.Health), pool.Sentence),
            new Facts(
            [
                new("Used", new Gauge("Used space of the pool", used, $"{used.Percent} % of {new ByteSize(pool.CapacityBytes)}")),
                new("Free", new ByteSize(pool.FreeBytes).ToString()),
                new("Promised to volumes", new Line(new ByteSize(pool.PromisedBytes).ToString(), "written or not, the trash and snapshots included")),
                new("Usable after one unit fails", new Line(new ByteSize(pool.UsableAfterOneFailsBytes).ToString(), "what could still be promised without the largest unit")),
                new("Largest volume", new Line(new ByteSize(pool.PlaceableBytes).ToString(), "that would be placed now, on one unit")),
                new("Units", $"{pool.UnitsReady} of {pool.Units} ready"),
                new("Volumes", pool.Volumes.ToString("N0", CultureInfo.InvariantCulture)),
            ]),
            new Section("alarms", "Alarms", new Table("What is wrong now", ["Alarm", "Since", "What to do"],
                [.. alarms.Select(alarm => new Row($"alarm-{alarm.Id}", new Mark(Cue.Of(alarm.Severity), alarm.Kind), new Line(Age.Between(alarm.RaisedAt, now).Ago, Moment.Of(alarm.RaisedAt)), alarm.Message))], "None.")),
            new Section("stores", "Stores", new Table("Capacity by unit and store", ["Store", "Used", new("Capacity", "number"), new("Free", "number"), new("Promised", "number")],
                [.. from unit in units from store in unit.Stores select RowOf(unit, store)], "There is no store yet: it comes with the first unit.")),
        ];
    }

    /// <summary>What volumes may be.</summary>
    public static IReadOnlyList<Part> Policies(IReadOnlyList<Policy> policies, IReadOnlyList<Schedule> schedules, Caller caller, Outcome outcome) =>
    [
        Tabs(PoliciesPath),
        .. caller.May("policy.create") ? (Part[])[new Section("create", "New policy", PolicyForm(schedules).After(outcome)) { Folds = true, Open = outcome.IsOf(PolicyId) }] : [],
        new Table("Policies", ["Name", "Layout", "Copies apart by", new("Media", "wide"), new("Space", "wide"), new("Over-commit", "number"), new("Limits", "wide"), new("Snapshots", "wide"), Column.Actions],
            [.. policies.Select(policy => new Row(
                $"policy-{policy.Id}", policy.Name, policy.Layout, policy.FailureDomain.ToString().ToLowerInvariant(), policy.Media is { } media ? media : new Quiet("any"), policy.Thin ? "thin" : "thick",
                policy.OvercommitRatio.ToString("0.##", CultureInfo.InvariantCulture), LimitsOf(policy.Limits), policy.SnapshotSchedule is { } schedule ? schedule : new Quiet("none"),
                new Buttons(caller.May("policy.delete") ? new Link("Delete…", $"{PoliciesPath}/{policy.Id}/delete") { ClassName = "button danger", Of = policy.Name } : null)))],
            "There is no policy. A policy says how volumes lie, how full stores may be promised, and what may be asked of a volume."),
    ];

    /// <summary>Whom volumes belong to.</summary>
    public static IReadOnlyList<Part> Projects(IReadOnlyList<Project> projects, Caller caller, Outcome outcome) =>
    [
        Tabs(ProjectsPath),
        .. caller.May("project.create") ? (Part[])[new Section("create", "New project", ProjectForm().After(outcome)) { Folds = true, Open = outcome.IsOf(ProjectId) }] : [],
        .. caller.May("project.change") ? (Part[])[new Section("change", "Change quotas", QuotaForm(projects).After(outcome)) { Folds = true, Open = outcome.IsOf(QuotaId) }] : [],
        new Table("Projects", ["Name", "Promised", new("Volumes", "number"), Column.Actions],
            [.. projects.Select(project => new Row(
                $"project-{project.Id}", project.Name, PromiseOf(project),
                project.QuotaVolumes is { } most ? $"{project.Volumes} of {most}" : project.Volumes.ToString(CultureInfo.InvariantCulture),
                new Buttons(project.Name != "default" && caller.May("project.delete") ? new Link("Delete…", $"{ProjectsPath}/{Uri.EscapeDataString(project.Name)}/delete") { ClassName = "button danger", Of = project.Name } : null)))]),
    ];

    /// <summary>The last question before a policy goes.</summary>
    public static Confirmation DeletePolicy(Policy policy) => Confirmation.Typed(
        $"Delete policy {policy.Name}?", ["Volumes that were made by it stay as they are."], $"{PoliciesPath}/{policy.Id}/delete", "Delete the policy", PoliciesPath, "policy");

    /// <summary>The last question before a project goes.</summary>
    public static Confirmation DeleteProject(string name) => Confirmation.Typed(
        $"Delete project {name}?", ["It is refused while the project has volumes, in the trash too.", "Roles that hold in it give nothing any more."], $"{ProjectsPath}/{Uri.EscapeDataString(name)}/delete", "Delete the project", ProjectsPath, "project");

    /// <summary>The request of the form for a policy.</summary>
    public static PolicyCreate ReadPolicy(FormValues values)
    {
        long? iops = values.Number("iops", "/limits/maxIops");
        long? rate = values.OptionalSize("rate", "/limits/maxBytesPerSecond");
        return new(
            values.Text("name"), values.Text("layout"), values.OneOf<FailureDomain>("domain", "/failureDomain"), values.Optional("media"), values.Text("thickness") != "thick",
            values.Ratio("ratio", "/overcommitRatio"), iops is null && rate is null ? null : new Limits(iops, rate, null), values.Optional("schedule"));
    }

    /// <summary>The request of the forms for a project.</summary>
    public static ProjectCreate ReadProject(FormValues values) => new(values.Text("name"), values.OptionalSize("bytes", "/quotaBytes"), values.Count("volumes", "/quotaVolumes"));

    private static Tabs Tabs(string current) => new(current, new Link("Capacity", App.Pool.Path), new Link("Policies", PoliciesPath), new Link("Projects", ProjectsPath));

    private static Row RowOf(Unit unit, Store store)
    {
        Portion used = new(store.CapacityBytes - store.FreeBytes, store.CapacityBytes);
        return new(
            $"store-{store.Id}", new Link(unit.Name, $"/app/units/{unit.Id}") { Note = store.Name }, new Gauge($"Used space of {store.Name} of {unit.Name}", used, $"{used.Percent} %"),
            new ByteSize(store.CapacityBytes).ToString(), new ByteSize(store.FreeBytes).ToString(), new ByteSize(store.PromisedBytes).ToString());
    }

    private static Inline PromiseOf(Project project)
    {
        if (project.QuotaBytes is not { } most) return new Line(new ByteSize(project.PromisedBytes).ToString(), "no limit");
        Portion promised = new(project.PromisedBytes, most);
        return new Gauge($"Promised to {project.Name}", promised, $"{new ByteSize(project.PromisedBytes)} of {new ByteSize(most)}");
    }

    private static Inline LimitsOf(Limits? limits) => limits is null ? new Quiet("none") : new Line(string.Join(", ", new[]
    {
        limits.MaxIops is { } iops ? $"{iops.ToString("N0", CultureInfo.InvariantCulture)} commands/s" : null,
        limits.MaxBytesPerSecond is { } rate ? $"{new ByteSize(rate)}/s" : null,
    }.OfType<string>()));

    private static Form PolicyForm(IReadOnlyList<Schedule> schedules) => new(
        PolicyId, PoliciesPath, "Create policy",
        new Field("name", "Name") { Required = true },
        new Field("layout", "Layout") { Kind = FieldKind.Choice, Choices = [.. s_layouts.Select(layout => (Choice)layout)] },
        new Field("domain", "Copies apart by") { Kind = FieldKind.Choice, Pointer = "/failureDomain", Choices = [new("unit", "unit"), new("rack", "rack"), new("site", "site")] },
        new Field("media", "Media") { Note = "For example ssd; empty: any." },
        new Field("thickness", "Space") { Kind = FieldKind.Choice, Choices = [new("thin", "thin: taken as it is written"), new("thick", "thick: taken at once")] },
        new Field("ratio", "Over-commit") { Pointer = "/overcommitRatio", Value = "1", Note = "Promised bytes for each byte of a store; 1 keeps every promise." },
        new Field("iops", "Commands a second") { Kind = FieldKind.Number, Pointer = "/limits/maxIops", Note = "Empty: no limit." },
        new Field("rate", "Bytes a second") { Kind = FieldKind.Size, Unit = "MiB", Pointer = "/limits/maxBytesPerSecond", Note = "Empty: no limit." },
        new Field("schedule", "Snapshots") { Kind = FieldKind.Choice, Pointer = "/snapshotSchedule", Choices = [new("", "None"), .. schedules.Select(schedule => (Choice)schedule.Name)] });

    private static Form ProjectForm() => new(ProjectId, ProjectsPath, "Create project", [new Field("name", "Name") { Required = true }, .. QuotaFields()]);

    private static Form QuotaForm(IReadOnlyList<Project> projects) => new(
        QuotaId, $"{ProjectsPath}/quota", "Set quotas", [new Field("name", "Project") { Kind = FieldKind.Choice, Choices = [.. projects.Select(project => (Choice)project.Name)] }, .. QuotaFields()]);

    private static Field[] QuotaFields() =>
    [
        new("bytes", "Space") { Kind = FieldKind.Size, Unit = "TiB", Pointer = "/quotaBytes", Note = "What its volumes may be promised; empty: no limit." },
        new("volumes", "Volumes") { Kind = FieldKind.Number, Pointer = "/quotaVolumes", Note = "Empty: no limit." },
    ];
}
