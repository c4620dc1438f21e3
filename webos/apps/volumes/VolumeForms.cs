using VSan.Contracts.Api;
using VSan.Station.Execution;
using VSan.WebOs.Parts;

namespace VSan.WebOs.Apps.Volumes;

/// <summary>The forms about volumes.</summary>
internal static class VolumeForms
{
    public const string NewId = "new-volume";
    public const string ExpandId = "expand";
    public const string LimitsId = "limits";
    public const string SnapshotId = "new-snapshot";
    public const string MapId = "new-mapping";

    private static readonly string[] s_layouts = ["single", "mirror-2", "mirror-3", "stripe-2", "stripe-3", "stripe-4", "stripe-6", "stripe-8", "concat"];

    /// <summary>A new volume.</summary>
    public static Form New(VolumeChoices choices) => new(
        NewId, "/app/volumes", "Create volume",
        new Field("name", "Name") { Required = true, Note = "Letters, digits, dot, line and underscore; a letter or digit first." },
        new Field("size", "Size") { Kind = FieldKind.Size, Pointer = "/sizeBytes", Required = true },
        new Field("host", "Host") { Kind = FieldKind.Choice, Pointer = "/hostId", Choices = HostChoices(choices.Hosts), Note = "May use it as soon as it is there." },
        new Field("policy", "Policy") { Kind = FieldKind.Choice, Choices = [new("", "None"), .. choices.Policies.Select(policy => (Choice)policy.Name)], Note = "Fills in what is left open." },
        new Field("layout", "Layout") { Kind = FieldKind.Choice, Choices = [new("", "As the policy says, else single"), .. s_layouts.Select(layout => (Choice)layout)], Note = "The host puts the legs together." },
        new Field("thickness", "Space") { Kind = FieldKind.Choice, Pointer = "/thin", Choices = [new("", "As the policy says, else thin"), new("thin", "thin: taken as it is written"), new("thick", "thick: taken at once")] },
        new Field("block", "Block size") { Kind = FieldKind.Choice, Pointer = "/blockSizeBytes", Choices = [new("512", "512 B"), new("4096", "4096 B")] },
        new Field("project", "Project") { Kind = FieldKind.Choice, Choices = [.. choices.Projects.Select(project => (Choice)project.Name)], Value = "default" },
        new Field("unit", "Unit") { Kind = FieldKind.Choice, Pointer = "/unitId", Choices = [new("", "Placement chooses"), .. choices.Units.Select(unit => new Choice(unit.Id.ToString(), unit.Name))] })
    {
        Try = "Where would it lie?",
    };

    /// <summary>The request of <see cref="New"/>.</summary>
    public static VolumeCreate ReadNew(FormValues values) => new(
        values.Text("name"),
        values.Size("size", "/sizeBytes"),
        values.Count("block", "/blockSizeBytes"),
        values.Optional("thickness") switch { null => null, "thin" => true, "thick" => false, _ => values.Unreadable<bool?>("/thin", "Choose one from the list.") },
        values.Choice("host", "/hostId"),
        values.Choice("unit", "/unitId"))
    {
        Layout = values.Optional("layout"),
        Policy = values.Optional("policy"),
        Project = values.Optional("project"),
    };

    /// <summary>A larger size.</summary>
    public static Form Expand(Volume volume) => new(
        ExpandId, $"/app/volumes/{volume.Id}/expand", "Expand",
        new Field("size", "New size") { Kind = FieldKind.Size, Pointer = "/sizeBytes", Required = true, Note = "Hosts go on meanwhile. A volume cannot become smaller." });

    /// <summary>Other limits.</summary>
    public static Form Limits(Volume volume) => new(
        LimitsId, $"/app/volumes/{volume.Id}/limits", "Set limits",
        new Field("iops", "Commands a second") { Kind = FieldKind.Number, Pointer = "/limits/maxIops", Value = volume.Limits?.MaxIops?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "", Note = "Empty: no limit." },
        new Field("rate", "Bytes a second") { Kind = FieldKind.Size, Unit = "MiB", Pointer = "/limits/maxBytesPerSecond", Value = MebibytesOf(volume.Limits?.MaxBytesPerSecond), Note = "Empty: no limit." });

    /// <summary>The request of <see cref="Limits"/>.</summary>
    public static VolumeChange ReadLimits(FormValues values) =>
        new(new Limits(values.Number("iops", "/limits/maxIops"), values.OptionalSize("rate", "/limits/maxBytesPerSecond"), null));

    /// <summary>A snapshot.</summary>
    public static Form Snapshot(Volume volume) => new(
        SnapshotId, $"/app/volumes/{volume.Id}/snapshots", "Take snapshot",
        new Field("name", "Name") { Required = true, Note = "Unique among the snapshots of this volume." });

    /// <summary>A volume that begins as a snapshot.</summary>
    public static Form Clone(Snapshot snapshot, IReadOnlyList<Host> hosts) => new(
        "clone", $"/app/snapshots/{snapshot.Id}/clone", "Clone",
        new Field("name", "Name of the new volume") { Required = true },
        new Field("host", "Host") { Kind = FieldKind.Choice, Pointer = "/hostId", Choices = HostChoices(hosts) });

    /// <summary>Another host.</summary>
    public static Form Map(Volume volume, IReadOnlyList<Host> hosts) => new(
        MapId, $"/app/volumes/{volume.Id}/mappings", "Give access",
        new Field("host", "Host") { Kind = FieldKind.Choice, Pointer = "/hostId", Choices = [.. hosts.Where(host => volume.Mappings.All(mapping => mapping.HostId != host.Id)).Select(host => new Choice(host.Id.ToString(), host.Name))] },
        new Field("read-only", "May only read") { Kind = FieldKind.Check });

    private static Choice[] HostChoices(IReadOnlyList<Host> hosts) => [new("", "None yet"), .. hosts.Select(host => new Choice(host.Id.ToString(), host.Name))];

    private static string MebibytesOf(long? bytes) => bytes is { } some ? ((decimal)some / (1 << 20)).ToString("0.####", System.Globalization.CultureInfo.InvariantCulture) : "";
}

/// <summary>What there is to choose from for a new volume.</summary>
/// <param name="Hosts">Hosts.</param>
/// <param name="Policies">Policies.</param>
/// <param name="Projects">Projects.</param>
/// <param name="Units">Units.</param>
public sealed record VolumeChoices(IReadOnlyList<Host> Hosts, IReadOnlyList<Policy> Policies, IReadOnlyList<Project> Projects, IReadOnlyList<Unit> Units)
{
    // More do not fit into a list to choose from.
    private static readonly ListQuery s_all = new(Limit: 500);

    /// <summary>Asks the services.</summary>
    internal static async Task<VolumeChoices> OfAsync(StationServices services, Caller caller, CancellationToken cancellationToken) => new(
        (await services.Hosts.ListAsync(caller, s_all, cancellationToken)).Items,
        (await services.Policies.ListAsync(caller, s_all, cancellationToken)).Items,
        (await services.Projects.ListAsync(caller, s_all, cancellationToken)).Items,
        (await services.Units.ListAsync(caller, s_all, cancellationToken)).Items);
}
