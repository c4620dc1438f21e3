using System.Globalization;
using Microsoft.AspNetCore.Http;
using VSan.Contracts.Api;
using VSan.Station.Execution;
using VSan.WebOs.Apps.Monitor;
using VSan.WebOs.Apps.Posts;
using VSan.WebOs.Parts;
using VSan.WebOs.Shell;
using VSan.WebOs.Text;

namespace VSan.WebOs.Apps.Volumes;

/// <summary>What is on the pages about volumes.</summary>
internal static class VolumePages
{
    public const string TrashPath = "/app/volumes/trash";

    private static readonly Column[] s_columns =
        ["Name", "State", new("Size", "number"), new("Layout", "wide"), new("Units", "wide"), new("Hosts", "wide"), new("Created", "wide"), Column.Actions];

    private static readonly Choice[] s_orders = [new(KeyOf(VolumeOrder.Name), "by name"), new(KeyOf(VolumeOrder.Newest), "newest first"), new(KeyOf(VolumeOrder.Largest), "largest first")];

    /// <summary>Where a volume is shown.</summary>
    public static string PathOf(Guid id) => $"/app/volumes/{id}";

    /// <summary>Which volumes an address asks for.</summary>
    public static VolumeSearch ReadSearch(HttpRequest request) => new(
        ListRequest.Text(request, "name"),
        Enum.GetValues<VolumeOrder>().FirstOrDefault(order => KeyOf(order) == ListRequest.Text(request, "order")),
        int.TryParse(ListRequest.Text(request, "page"), NumberStyles.None, CultureInfo.InvariantCulture, out int page) ? page : 1);

    /// <summary>A page of volumes.</summary>
    public static IReadOnlyList<Part> List(VolumeFindings found, VolumeSearch search, Caller caller, VolumeChoices choices, Outcome outcome, PlacementExplanation? explanation, DateTimeOffset now)
    {
        bool none = found.Total == 0 && search.Letters is null;
        List<Part> parts = [Tabs(App.Volumes.Path)];
        if (none) parts.Add(Beginning(choices.Hosts.Count == 0));
        if (caller.May("volume.create"))
        {
            Form form = VolumeForms.New(choices).After(outcome);
            parts.Add(new Section("create", "New volume", explanation is null ? [form] : [form, Explanation(explanation)]) { Folds = true, Open = none || outcome.IsOf(VolumeForms.NewId) });
        }
        if (none) return parts;
        parts.Add(new Drawn(new AspNetCoreGeneratedDocument.shell_Toolbar { Model = new(App.Volumes.Path, search.Letters, Counted.Of(found.Total, "volume"), More: false) { Orders = s_orders, Order = KeyOf(search.Order) } }));
        parts.Add(new Table("Volumes of the pool", s_columns, [.. found.Items.Select(volume => RowOf(volume, caller, now))], $"There is no volume with “{search.Letters}” in its name.")
        {
            Selection = caller.May("volume.delete") ? SelectedVolumes.Bar(found.Total, search) : null,
        });
        parts.Add(new Drawn(new AspNetCoreGeneratedDocument.shell_PageNumbers { Model = new(App.Volumes.Path, AskedFor(search), found.Page, found.Pages) }));
        return parts;
    }

    /// <summary>One volume.</summary>
    public static IReadOnlyList<Part> Detail(Volume volume, IReadOnlyList<Snapshot> snapshots, IReadOnlyList<Host> hosts, Caller caller, Outcome outcome, DateTimeOffset now)
    {
        List<Part> parts = [Facts(volume, now), Actions(volume, caller)];
        if (volume.State == VolumeState.Ready || volume.State == VolumeState.Degraded) parts.AddRange(Changes(volume, caller, outcome));
        parts.Add(Access(volume, hosts, caller, outcome));
        parts.Add(Snapshots(volume, snapshots, caller, outcome, now));
        parts.Add(new Section("legs", "Where it lies", new Table(
            "Legs of the volume", ["Leg", "Unit", new("Size", "number"), new("Takes now", "number"), new("NAA", "wide")],
            [.. volume.Legs.Select(leg => new Row(
                null, $"{leg.Index + 1}, {RoleOf(leg.Role)}", new Link(leg.UnitName, $"/app/units/{leg.UnitId}") { Note = leg.Reachable ? null : "unreachable" },
                new ByteSize(leg.SizeBytes).ToString(), Taken(leg.AllocatedBytes), new Code(leg.Naa)))])));
        return parts;
    }

    /// <summary>The trash.</summary>
    public static IReadOnlyList<Part> Trash(IReadOnlyList<Volume> volumes, Caller caller, DateTimeOffset now)
    {
        if (volumes.Count == 0)
        {
            return [Tabs(TrashPath), new Empty("The trash is empty", "A volume that is moved to the trash stays here for a day, with its data and its space, and can be had back.",
                new Link("Open Volumes", App.Volumes.Path) { ClassName = "button" })];
        }
        return
        [
            Tabs(TrashPath),
            new Table("Volumes in the trash", ["Name", new("Size", "number"), new("Takes now", "number"), "Gone for good in", new("Owner", "wide"), Column.Actions],
                [.. volumes.Select(volume => new Row(
                    $"volume-{volume.Id}", volume.Name, new ByteSize(volume.SizeBytes).ToString(), Taken(volume.AllocatedBytes),
                    volume.PurgeAt is { } at ? new Line(Age.Between(now, at).ToString(), Moment.Of(at)) : new Quiet("never"), volume.Owner,
                    new Buttons(
                        caller.May("volume.restore") ? new Press("Restore", $"{PathOf(volume.Id)}/restore", volume.Name) : null,
                        caller.May("volume.purge") ? new Link("Delete for good…", $"{PathOf(volume.Id)}/purge") { ClassName = "button danger", Of = volume.Name } : null)))]),
            .. caller.May("trash.empty") ? (Part[])[new Block(new Link("Empty the trash…", "/app/volumes/trash/empty") { ClassName = "button danger" })] : [],
        ];
    }

    /// <summary>The last question before all volumes of the trash are lost.</summary>
    public static Confirmation EmptyTrash(IReadOnlyList<Volume> volumes) => Confirmation.Simple(
        $"Delete {Counted.Of(volumes.Count, "volume")} of the trash for good?",
        ["All their data is lost; nothing brings it back.", .. volumes.Select(volume => $"{volume.Name}, {new ByteSize(volume.SizeBytes)}")],
        "/app/volumes/trash/empty", "Empty the trash", TrashPath);

    /// <summary>The last question before a volume is lost.</summary>
    public static Confirmation Purge(Volume volume) => Confirmation.Typed(
        $"Delete volume {volume.Name} for good?",
        [
            $"Its data is lost: {new ByteSize(volume.SizeBytes)}{(volume.AllocatedBytes is { } bytes ? $", {new ByteSize(bytes)} of it written" : "")}. Nothing brings it back.",
            .. volume.Mappings.Select(mapping => $"{mapping.HostName} may use it: the deletion is refused until that is taken away."),
            $"{new ByteSize(volume.PromisedBytes)} of the pool become free.",
        ],
        $"{PathOf(volume.Id)}/purge", "Delete the volume", volume.State == VolumeState.Trashed ? TrashPath : PathOf(volume.Id), "volume");

    /// <summary>The last question before a snapshot is lost.</summary>
    public static Confirmation DeleteSnapshot(Snapshot snapshot) => Confirmation.Typed(
        $"Delete snapshot {snapshot.Name} of {snapshot.VolumeName}?",
        [$"How {snapshot.VolumeName} was at {Moment.Of(snapshot.TakenAt ?? snapshot.CreatedAt)} is lost.", "The volume itself and its other snapshots stay as they are."],
        $"/app/snapshots/{snapshot.Id}/delete", "Delete the snapshot", PathOf(snapshot.VolumeId), "snapshot");

    /// <summary>The last question before a host may not use a volume any more.</summary>
    public static Confirmation Unmap(Mapping mapping) => Confirmation.Typed(
        $"Take {mapping.VolumeName} away from {mapping.HostName}?",
        [
            $"{mapping.HostName} loses the disk at once: what is mounted there ends in I/O errors. Unmount it and log out on the host first.",
            "The data stays; access can be given again.",
        ],
        $"/app/mappings/{mapping.Id}/delete", "Take it away", PathOf(mapping.VolumeId), "host");

    /// <summary>What is said after a volume went into the trash.</summary>
    public static Notice Trashed(Volume volume) => new(
        new Cue(Tone.Unknown, "In the trash"), $"{volume.Name} is in the trash{(volume.PurgeAt is { } at ? $" until {Moment.Of(at)}" : "")}. Nothing of it is lost.",
        new Press("Undo", $"{PathOf(volume.Id)}/restore", $"for {volume.Name}"));

    private static Tabs Tabs(string current) => new(current, new Link("Volumes", App.Volumes.Path), new Link("Trash", TrashPath));

    private static Empty Beginning(bool noHost) => new(
        "There is no volume yet", "A volume is a disk that a host gets from the pool. Create the first one here, or from a shell:",
        [
            new Command("vsan volume create db-01 --size 64GiB --host db-server"),
            .. noHost ? (Part[])["It can be given to a host at once if the pool knows the host:", new Link("Add a host", "/app/hosts")] : [],
        ]);

    private static Row RowOf(Volume volume, Caller caller, DateTimeOffset now) => new(
        $"volume-{volume.Id}",
        new Link(volume.Name, PathOf(volume.Id)) { Note = volume.ProjectName == "default" ? null : volume.ProjectName },
        new Mark(Cue.Of(volume.State)),
        new Line(new ByteSize(volume.SizeBytes).ToString(), $"{(volume.Thin ? "thin" : "thick")}, {volume.BlockSizeBytes} B blocks"),
        volume.Layout,
        new Lines([.. volume.Legs.Select(leg => (Part)$"{leg.UnitName}{(leg.Reachable ? "" : " (unreachable)")}")]),
        new Lines([.. volume.Mappings.Select(mapping => new Line(mapping.HostName, $"LUN {Luns(mapping)}{(mapping.ReadOnly ? ", read only" : "")}{MappingNote.Of(mapping.State)}"))]),
        Age.Between(volume.CreatedAt, now).Ago,
        new Buttons(TrashButton(volume, caller)))
    {
        Pick = new Choice(volume.Id.ToString(), volume.Name),
    };

    private static Facts Facts(Volume volume, DateTimeOffset now) => new(
    [
        new("State", new Mark(Cue.Of(volume.State))),
        new("Size", new Line(new ByteSize(volume.SizeBytes).ToString(), $"{volume.SizeBytes.ToString("N0", CultureInfo.InvariantCulture)} B")),
        new("Layout", new Line(volume.Layout, $"{(volume.Thin ? "thin" : "thick")}, {volume.BlockSizeBytes} B blocks")),
        new("Promised", new Line(new ByteSize(volume.PromisedBytes).ToString(), "over all its legs")),
        new("Takes now", Taken(volume.AllocatedBytes)),
        new("Limits", LimitsOf(volume.Limits)),
        new("Policy", volume.PolicyName is { } policy ? policy : new Quiet("none")),
        new("Project", volume.ProjectName),
        new("Owner", volume.Owner),
        new("Created", new Line(Age.Between(volume.CreatedAt, now).Ago, Moment.Of(volume.CreatedAt))),
        .. volume.PurgeAt is { } at ? (Fact[])[new("Gone for good", new Line(Moment.Of(at)))] : [],
    ]);

    private static Block Actions(Volume volume, Caller caller) => new(new Buttons(
        TrashButton(volume, caller),
        volume.State == VolumeState.Trashed && caller.May("volume.restore") ? new Press("Restore", $"{PathOf(volume.Id)}/restore", volume.Name) { ClassName = "primary" } : null,
        volume.State is VolumeState.Trashed or VolumeState.Failed && caller.May("volume.purge") ? new Link("Delete for good…", $"{PathOf(volume.Id)}/purge") { ClassName = "button danger", Of = volume.Name } : null,
        MonitorPages.LinkTo($"volume/{volume.Id}", volume.Name),
        PostPages.LinkAbout($"volume/{volume.Id}", volume.Name),
        new Link("Its tasks", $"/app/tasks?subject={volume.Id}") { ClassName = "button" }));

    private static Press? TrashButton(Volume volume, Caller caller) => volume.State is VolumeState.Ready or VolumeState.Degraded && caller.May("volume.delete")
        ? new Press("Move to trash", $"{PathOf(volume.Id)}/delete", volume.Name) { ClassName = "danger" }
        : null;

    private static IEnumerable<Part> Changes(Volume volume, Caller caller, Outcome outcome)
    {
        if (caller.May("volume.expand")) yield return new Section("expanding", "Expand", VolumeForms.Expand(volume).After(outcome)) { Folds = true, Open = outcome.IsOf(VolumeForms.ExpandId) };
        if (caller.May("volume.change")) yield return new Section("limiting", "Limits", VolumeForms.Limits(volume).After(outcome)) { Folds = true, Open = outcome.IsOf(VolumeForms.LimitsId) };
    }

    private static Section Access(Volume volume, IReadOnlyList<Host> hosts, Caller caller, Outcome outcome)
    {
        Table table = new("Hosts that may use the volume", ["Host", "State", new("LUN", "number"), "Access", Column.Actions],
            [.. volume.Mappings.Select(mapping => new Row(
                $"mapping-{mapping.Id}", new Link(mapping.HostName, $"/app/hosts/{mapping.HostId}"), new Mark(Cue.Of(mapping.State)), Luns(mapping), mapping.ReadOnly ? "reads" : "reads and writes",
                new Buttons(
                    caller.May("mapping.connect-info") && mapping.State != MappingState.Removing ? new Link("How to connect", $"/app/mappings/{mapping.Id}/connect") { ClassName = "button", Of = mapping.HostName } : null,
                    caller.May("mapping.delete") && mapping.State != MappingState.Removing ? new Link("Take away…", $"/app/mappings/{mapping.Id}/delete") { ClassName = "button danger", Of = mapping.HostName } : null)))],
            "No host may use it.");
        Form form = VolumeForms.Map(volume, hosts).After(outcome);
        bool can = caller.May("mapping.create") && volume.State is VolumeState.Ready or VolumeState.Degraded && form.Fields[0].Choices.Count > 0;
        return new Section("access", "Who has access", can ? [table, form] : [table]);
    }

    private static Section Snapshots(Volume volume, IReadOnlyList<Snapshot> snapshots, Caller caller, Outcome outcome, DateTimeOffset now)
    {
        Table table = new("Snapshots of the volume", ["Name", "State", "Taken", new("Size", "number"), new("By", "wide"), Column.Actions],
            [.. snapshots.Select(snapshot => new Row(
                $"snapshot-{snapshot.Id}", snapshot.Name, new Mark(Cue.Of(snapshot.State)),
                snapshot.TakenAt is { } at ? new Line(Age.Between(at, now).Ago, Moment.Of(at)) : new Quiet("not yet"),
                new ByteSize(snapshot.SizeBytes).ToString(), snapshot.ScheduleId is null ? "a person" : "a schedule",
                new Buttons(
                    caller.May("snapshot.clone") && snapshot.State == SnapshotState.Ready ? new Link("Clone…", $"/app/snapshots/{snapshot.Id}/clone") { ClassName = "button", Of = snapshot.Name } : null,
                    caller.May("snapshot.delete") && snapshot.State == SnapshotState.Ready ? new Link("Delete…", $"/app/snapshots/{snapshot.Id}/delete") { ClassName = "button danger", Of = snapshot.Name } : null)))],
            "It has no snapshot.");
        bool can = caller.May("snapshot.create") && volume.State is VolumeState.Ready or VolumeState.Degraded;
        return new Section("snapshots", "Snapshots", can ? [table, VolumeForms.Snapshot(volume).After(outcome)] : [table]);
    }

    private static string KeyOf(VolumeOrder order) => order switch
    {
        VolumeOrder.Name => "name",
        VolumeOrder.Newest => "newest",
        VolumeOrder.Largest => "largest",
    };

    private static Dictionary<string, string> AskedFor(VolumeSearch search)
    {
        Dictionary<string, string> asked = new(StringComparer.Ordinal) { ["order"] = KeyOf(search.Order) };
        if (search.Letters is { } letters) asked["name"] = letters;
        return asked;
    }

    private static Stack Explanation(PlacementExplanation explanation) => new(
    [
        new Notice(
            explanation.Placed ? new Cue(Tone.Ok, "Fits") : new Cue(Tone.Critical, "Does not fit"),
            explanation.Placed
                ? $"{explanation.Layout}, {new ByteSize(explanation.SizeBytes)}: each leg has a place. Nothing is reserved yet."
                : $"{explanation.Reason}{(explanation.LargestBytes > 0 ? $" The largest that would fit is {new ByteSize(explanation.LargestBytes)}." : "")}"),
        new Table("What placement thinks of each store", ["Store", "Verdict", new("Room", "number"), new("Full after it", "number")],
            [.. explanation.Stores.Select(store => new Row(
                null, new Line(store.UnitName, store.StoreName), VerdictOf(store), new ByteSize(store.RoomBytes).ToString(),
                store.UsedRatio is { } ratio ? string.Create(CultureInfo.InvariantCulture, $"{ratio * 100:0} %") : new Quiet("–")))],
            "There is no store to look at."),
    ]);

    private static Mark VerdictOf(PlacementVerdict store) => store switch
    {
        { LegIndex: { } leg } => new(new Cue(Tone.Ok, $"Taken for leg {leg + 1}")),
        { Rejection: { } rejection } => new(new Cue(Tone.Warning, "Rejected"), rejection),
        _ => new(new Cue(Tone.Unknown, "Not needed"), "Others are emptier or less busy."),
    };

    private static Inline Taken(long? bytes) => bytes is { } some ? new Line(new ByteSize(some).ToString()) : new Quiet("not known");

    private static Inline LimitsOf(Limits? limits) => limits is null or { MaxIops: null, MaxBytesPerSecond: null } ? new Quiet("none") : new Line(string.Join(", ", new[]
    {
        limits.MaxIops is { } iops ? $"{iops.ToString("N0", CultureInfo.InvariantCulture)} commands/s" : null,
        limits.MaxBytesPerSecond is { } rate ? $"{new ByteSize(rate)}/s" : null,
    }.OfType<string>()));

    private static string Luns(Mapping mapping) => string.Join(", ", mapping.Legs.Select(leg => leg.Lun).Distinct());

    private static string RoleOf(LegRole role) => role switch
    {
        LegRole.Whole => "all of it",
        LegRole.Copy => "a copy",
        LegRole.Stripe => "a stripe",
        LegRole.Segment => "a segment",
    };
}
