using System.Globalization;
using VSan.Contracts.Api;
using VSan.Station.Execution;
using VSan.WebOs.Apps.Posts;
using VSan.WebOs.Parts;
using VSan.WebOs.Shell;
using VSan.WebOs.Text;

namespace VSan.WebOs.Apps.Hosts;

/// <summary>What is on the pages about hosts.</summary>
internal static class HostPages
{
    public const string NewId = "new-host";
    public const string RotateId = "rotate";
    public const string QuotaId = "quota";

    /// <summary>Where a host is shown.</summary>
    public static string PathOf(Guid id) => $"/app/hosts/{id}";

    /// <summary>All hosts.</summary>
    public static IReadOnlyList<Part> List(HostPage page, string? filter, Caller caller, Outcome outcome, DateTimeOffset now)
    {
        bool none = page.Items.Count == 0 && filter is null;
        List<Part> parts = [];
        if (none) parts.Add(new Empty("The pool knows no host yet", "A host is a machine that uses volumes. It is known by the iSCSI name of its initiator; a Linux host says it with:", new Command("cat /etc/iscsi/initiatorname.iscsi")));
        if (caller.May("host.create")) parts.Add(new Section("create", "Add a host", NewForm().After(outcome)) { Folds = true, Open = none || outcome.IsOf(NewId) });
        if (none) return parts;
        parts.Add(new Drawn(new AspNetCoreGeneratedDocument.shell_Toolbar { Model = new(App.Hosts.Path, filter, Counted.Of(page.Items.Count, "host"), page.NextCursor is not null) }));
        parts.Add(new Table("Hosts", ["Name", "Initiator", new("Volumes", "number"), new("Added", "wide"), Column.Actions],
            [.. page.Items.Select(host => new Row(
                $"host-{host.Id}", new Link(host.Name, PathOf(host.Id)), new Code(host.InitiatorName), host.Mappings.ToString(CultureInfo.InvariantCulture),
                Age.Between(host.CreatedAt, now).Ago, new Buttons(DeleteButton(host, caller))))],
            $"There is no host named “{filter}”."));
        parts.Add(new Drawn(new AspNetCoreGeneratedDocument.shell_Pager { Model = new(App.Hosts.Path, filter, page.NextCursor) }));
        return parts;
    }

    /// <summary>One host.</summary>
    public static IReadOnlyList<Part> Detail(Host host, IReadOnlyList<Mapping> mappings, HostSecrets secrets, HostQuota quota, HostReport report, Caller caller, Outcome outcome, DateTimeOffset now)
    {
        List<Part> parts =
        [
            new Facts(
            [
                new("Initiator", new Code(host.InitiatorName)),
                new("Volumes", host.Mappings.ToString(CultureInfo.InvariantCulture)),
                new("Added", new Line(Age.Between(host.CreatedAt, now).Ago, Moment.Of(host.CreatedAt))),
                new("May ask for by itself", quota.BytesMax is { } bytes
                    ? new Line($"{new ByteSize(bytes)} in {Counted.Of(quota.VolumesMax ?? 0, "volume")}", $"in use: {new ByteSize(quota.Bytes)} in {Counted.Of(quota.Volumes, "volume")}")
                    : new Quiet("nothing")),
                new("Secrets are replaced", secrets.EveryDays is { } days ? $"every {Counted.Of(days, "day")}" : new Quiet("by hand")),
            ]),
            new Block(new Buttons(DeleteButton(host, caller), PostPages.LinkAbout($"host/{host.Id}", host.Name))),
            new Section("volumes", "Volumes", new Table("Volumes of the host", ["Volume", "State", "Units", "Access", Column.Actions],
                [.. mappings.Select(mapping => RowOf(mapping, caller))],
                "It may use no volume. Give it one from the volume's page.")),
            HostLayers.Of(report, mappings, now),
            new Section("secrets", "CHAP secrets", new Table("Secrets of the host on each unit", ["Unit", "Made", "Replacement"],
                [.. secrets.Units.Select(secret => new Row(null, secret.UnitName, new Line(Age.Between(secret.MadeAt, now).Ago, Moment.Of(secret.MadeAt)), ReplacementOf(secret)))],
                "It has no secret: one is made with its first volume on a unit.")),
        ];
        if (caller.May("host.rotate-secret")) parts.Add(new Section("rotating", "Replace the secrets", RotateForm(host).After(outcome)) { Folds = true, Open = outcome.IsOf(RotateId) });
        if (caller.May("host.set-quota")) parts.Add(new Section("quotas", "What it may ask for by itself", QuotaForm(host, quota).After(outcome)) { Folds = true, Open = outcome.IsOf(QuotaId) });
        return parts;
    }

    /// <summary>How a host comes to use a volume.</summary>
    public static IReadOnlyList<Part> Connect(Mapping mapping, ConnectInfo info)
    {
        List<Part> parts =
        [
            new Notice(new Cue(Tone.Warning, "Secret"), "This page shows secrets; that you read it is in the audit log. Enter the commands on the host, as root."),
            new Section("initiator", "1. The host's own name", new Block(new Command(ConnectCommands.Initiator(info)))),
        ];
        foreach (ConnectLeg leg in info.Legs)
        {
            parts.Add(new Section(
                $"leg-{leg.Index}", $"2. Log in to leg {leg.Index + 1}: LUN {leg.Lun}",
                new Block(new Command(ConnectCommands.LogIn(leg))),
                new Facts(
                [
                    new("Target", new Code(leg.TargetName)), new("Portals", new Lines([.. leg.Portals.Select(portal => new Code(portal))])), new("LUN", leg.Lun.ToString(CultureInfo.InvariantCulture)),
                    new("Size", new ByteSize(leg.SizeBytes).ToString()), new("Serial number", new Code(leg.SerialNumber)), new("NAA", new Code(leg.Naa)),
                    new("CHAP user", new Code(leg.ChapUser)), new("CHAP secret", new Code(leg.ChapSecret)),
                    .. leg is { TargetChapUser: { } user, TargetChapSecret: { } secret } ? (Fact[])[new("Target's CHAP user", new Code(user)), new("Target's CHAP secret", new Code(secret))] : [],
                ])));
        }
        if (ConnectCommands.Assemble(info) is { } assemble) parts.Add(new Section("assemble", "3. Make one disk of the legs", new Block(new Command(assemble))));
        parts.Add(new Section("disk", "The disk", new Block(new Command(ConnectCommands.Device(info)))));
        parts.Add(new Block(new Buttons(new Link($"Back to {mapping.HostName}", PathOf(mapping.HostId)) { ClassName = "button" })));
        return parts;
    }

    /// <summary>The last question before a host is forgotten.</summary>
    public static Confirmation Delete(Host host) => Confirmation.Typed(
        $"Delete host {host.Name}?",
        [
            host.Mappings == 0 ? "It may use no volume now." : $"It may use {Counted.Of(host.Mappings, "volume")}: the deletion is refused until they are taken away.",
            "Its secrets are lost; if it is added again it gets new ones.",
        ],
        $"{PathOf(host.Id)}/delete", "Delete the host", PathOf(host.Id), "host");

    /// <summary>The request of the form for other secrets.</summary>
    public static SecretRotate ReadRotate(FormValues values) => new(values.Count("overlap", "/overlapHours"), values.Count("every", "/everyDays"));

    /// <summary>The request of the form for a quota.</summary>
    public static HostQuotaSpec ReadQuota(FormValues values) =>
        new(values.Size("bytes", "/bytesMax"), values.Count("volumes", "/volumesMax") ?? values.Unreadable<int>("/volumesMax", "Write a whole number."));

    private static Form NewForm() => new(
        NewId, App.Hosts.Path, "Add host",
        new Field("name", "Name") { Required = true },
        new Field("initiator", "Initiator name") { Required = true, Pointer = "/initiatorName", Note = "iqn.…, as in /etc/iscsi/initiatorname.iscsi of the host." });

    private static Form RotateForm(Host host) => new(
        RotateId, $"{PathOf(host.Id)}/rotate", "Replace now",
        new Field("overlap", "Hours in which both admit") { Kind = FieldKind.Number, Pointer = "/overlapHours", Value = "168", Note = "Give the host the new secret within this time. Sessions that run go on." },
        new Field("every", "Replace again at this age, in days") { Kind = FieldKind.Number, Pointer = "/everyDays", Note = "Empty leaves it as it is; 0 ends it." });

    private static Form QuotaForm(Host host, HostQuota quota) => new(
        QuotaId, $"{PathOf(host.Id)}/quota", "Set quota",
        new Field("bytes", "Space") { Kind = FieldKind.Size, Pointer = "/bytesMax", Required = true },
        new Field("volumes", "Volumes") { Kind = FieldKind.Number, Pointer = "/volumesMax", Required = true, Value = quota.VolumesMax?.ToString(CultureInfo.InvariantCulture) ?? "" });

    private static Link? DeleteButton(Host host, Caller caller) =>
        caller.May("host.delete") ? new Link("Delete…", $"{PathOf(host.Id)}/delete") { ClassName = "button danger", Of = host.Name } : null;

    private static Row RowOf(Mapping mapping, Caller caller) => new(
        $"mapping-{mapping.Id}", new Link(mapping.VolumeName, $"/app/volumes/{mapping.VolumeId}"), new Mark(Cue.Of(mapping.State)),
        new Lines([.. mapping.Legs.Select(leg => new Line(leg.UnitName, $"LUN {leg.Lun}"))]), mapping.ReadOnly ? "reads" : "reads and writes",
        new Buttons(
            caller.May("mapping.connect-info") && mapping.State != MappingState.Removing ? new Link("How to connect", $"/app/mappings/{mapping.Id}/connect") { ClassName = "button", Of = mapping.VolumeName } : null,
            caller.May("mapping.delete") && mapping.State != MappingState.Removing ? new Link("Take away…", $"/app/mappings/{mapping.Id}/delete") { ClassName = "button danger", Of = mapping.VolumeName } : null));

    private static Inline ReplacementOf(HostSecret secret) => secret switch
    {
        { Rotating: false } => new Quiet("none"),
        { FormerUntil: { } until } => new Line("Both admit", $"the former until {Moment.Of(until)}"),
        _ => new Line("Begun", "the unit does not admit the new one yet"),
    };
}
