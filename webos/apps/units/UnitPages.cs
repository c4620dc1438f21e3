using System.Globalization;
using VSan.Contracts.Api;
using VSan.Contracts.UnitLink;
using VSan.Station.Execution;
using VSan.WebOs.Apps.Monitor;
using VSan.WebOs.Apps.Posts;
using VSan.WebOs.Parts;
using VSan.WebOs.Shell;
using VSan.WebOs.Text;

namespace VSan.WebOs.Apps.Units;

/// <summary>What is on the pages about units.</summary>
internal static class UnitPages
{
    public const string TokensPath = "/app/units/tokens";

    private static readonly Column[] s_columns =
        ["Name", "State", "Used", new("Promised", "number wide"), new("Portals", "wide"), new("Sessions", "number wide"), new("Last seen", "wide"), Column.Actions];

    /// <summary>Where a unit is shown.</summary>
    public static string PathOf(Guid id) => $"/app/units/{id}";

    /// <summary>All units.</summary>
    public static IReadOnlyList<Part> List(UnitPage page, string? filter, Caller caller, FirstUnitModel firstUnit, DateTimeOffset now)
    {
        List<Part> parts = [.. Tabs(App.Units.Path, caller)];
        if (page.Items.Count == 0 && filter is null) return [.. parts, new Drawn(new AspNetCoreGeneratedDocument.apps_units_FirstUnit { Model = firstUnit })];
        parts.Add(new Drawn(new AspNetCoreGeneratedDocument.shell_Toolbar { Model = new(App.Units.Path, filter, Counted.Of(page.Items.Count, "unit"), page.NextCursor is not null) }));
        parts.Add(new Table("Units of the pool", s_columns, [.. page.Items.Select(unit => RowOf(unit, caller, now))], $"There is no unit named “{filter}”."));
        if (caller.May("unit.approve") && page.Items.Any(unit => unit.State == UnitState.Pending))
            parts.Add(new Paragraph("Before you approve a unit, compare its code with the one on its own screen, or with vsan-unit status there."));
        parts.Add(new Drawn(new AspNetCoreGeneratedDocument.shell_Pager { Model = new(App.Units.Path, filter, page.NextCursor) }));
        return parts;
    }

    /// <summary>One unit.</summary>
    public static IReadOnlyList<Part> Detail(Unit unit, SafeToStop safety, IReadOnlyList<Disk> disks, DiskClaimResult? trial, Caller caller, Outcome outcome, DateTimeOffset now) =>
    [
        .. safety.Maintenance is { } maintenance ? (Part[])[UnderMaintenance(unit, maintenance, caller)] : [],
        Facts(unit, now),
        Actions(unit, caller),
        new Section("conditions", "Conditions", new Table("What is wrong with the unit", ["Condition", "What it says"], [.. unit.Conditions.Select(condition => new Row(null, new Code(condition.Code), condition.Message))], "None: all is well.")),
        new Section("stores", "Stores", new Table("Stores of the unit", ["Store", "Used", new("Capacity", "number"), new("Free", "number"), new("Promised", "number")],
            [.. unit.Stores.Select(store => new Row(
                $"store-{store.Id}", store.Name, GaugeOf(store.Name, store.CapacityBytes, store.FreeBytes),
                new ByteSize(store.CapacityBytes).ToString(), new ByteSize(store.FreeBytes).ToString(), new ByteSize(store.PromisedBytes).ToString()))],
            "It has no store yet.")),
        Disks(unit, disks, trial, caller, outcome),
        Stopping(safety, caller, outcome),
        .. caller.May("unit.label") ? (Part[])[new Section("labelling", "Labels", UnitForms.Label(unit).After(outcome)) { Folds = true, Open = outcome.IsOf(UnitForms.LabelId) }] : [],
    ];

    /// <summary>The tokens by which units come.</summary>
    public static IReadOnlyList<Part> Tokens(TokenPage page, Caller caller, Outcome outcome, DateTimeOffset now) =>
    [
        .. Tabs(TokensPath, caller),
        .. caller.May("token.create") ? (Part[])[new Section("create", "New token", UnitForms.Token().After(outcome)) { Folds = true, Open = page.Items.Count == 0 || outcome.IsOf(UnitForms.TokenId) }] : [],
        new Table("Enrolment tokens", ["Token", "Admits", "Then", new("Labels", "wide"), "Ends in", new("Made by", "wide"), Column.Actions],
            [.. page.Items.Select(token => new Row(
                $"token-{token.Id}", new Code(token.Id), $"{token.UsesLeft} of {token.UsesMax}", token.AutoApprove ? "ready at once" : "waits for approval", LabelsOf(token.Labels),
                token.ExpiresAt > now ? Age.Between(now, token.ExpiresAt).ToString() : "ended", token.CreatedBy,
                new Buttons(caller.May("token.delete") ? new Press("Revoke", $"{TokensPath}/{Uri.EscapeDataString(token.Id)}/revoke", token.Id) { ClassName = "danger" } : null)))],
            "There is no token. One is needed for each machine that is to become a unit."),
    ];

    /// <summary>What is said once of a new token.</summary>
    public static Notice TokenMade(TokenCreated created, FirstUnitModel firstUnit) => new(
        new Cue(Tone.Warning, "Shown once"),
        "This is the token's secret. Put it into a file on the machine, which only root reads, and start the unit there; ADDRESS is the one by which hosts reach the machine.",
        new Command(created.Secret),
        new Command($"vsan-unit run --name unit-01 --state /var/lib/vsan/unit --control /run/vsan-blockserver.sock \\\n  --station {firstUnit.StationAddress} --ca-fingerprint {created.CaFingerprint} \\\n  --token-file token --store /srv/vsan --portal ADDRESS:3260"));

    /// <summary>The last question before a unit is taken out of service.</summary>
    public static Confirmation Retire(Unit unit) => Confirmation.Typed(
        $"Retire unit {unit.Name}?",
        ["Its certificate opens nothing any more; to come back it has to be approved anew.", "It is refused while volumes lie on it: drain it first."],
        $"{PathOf(unit.Id)}/retire", "Retire the unit", PathOf(unit.Id), "unit");

    /// <summary>The last question before a unit is forgotten.</summary>
    public static Confirmation Forget(Unit unit, IReadOnlyList<Volume> volumes) => Confirmation.Typed(
        $"Forget unit {unit.Name}?",
        [
            $"{Counted.Of(unit.Stores.Count, "store")} with {new ByteSize(unit.CapacityBytes)} leave the pool.",
            .. volumes.Select(volume => volume.Legs.All(leg => leg.UnitId == unit.Id)
                ? $"{volume.Name}: all of it lies there, and it would be lost."
                : $"{volume.Name}: {Counted.Of(volume.Legs.Count(leg => leg.UnitId == unit.Id), "leg")} of {volume.Legs.Count} would be lost."),
            volumes.Count == 0 ? "No volume lies there." : "It is refused unless you say that these are to be abandoned.",
        ],
        $"{PathOf(unit.Id)}/forget", "Forget the unit", PathOf(unit.Id), "unit",
        volumes.Count == 0 ? [] : [new Field("abandon", "Abandon what lies there") { Kind = FieldKind.Check }]);

    /// <summary>Labels in one line.</summary>
    public static string LabelsOf(IReadOnlyDictionary<string, string>? labels) =>
        labels is null ? "" : string.Join(", ", labels.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}={label.Value}"));

    private static IEnumerable<Part> Tabs(string current, Caller caller) =>
        caller.May("token.read") ? [new Tabs(current, new Link("Units", App.Units.Path), new Link("Enrolment tokens", TokensPath))] : [];

    private static Row RowOf(Unit unit, Caller caller, DateTimeOffset now) => new(
        $"unit-{unit.Id}",
        new Link(unit.Name, PathOf(unit.Id)) { Note = string.Join(", ", unit.Addresses) },
        new Lines([new Mark(Cue.Of(unit)), .. CodeOf(unit), .. unit.Cordoned ? (Part[])[new Quiet("cordoned")] : [], .. unit.Conditions.Select(condition => new Quiet(condition.Message))]),
        GaugeOf(unit.Name, unit.CapacityBytes, unit.FreeBytes),
        new ByteSize(unit.PromisedBytes).ToString(),
        new Lines([.. unit.Portals.Select(portal => new Code(portal))]),
        unit.Sessions.ToString(CultureInfo.InvariantCulture),
        unit.LastSeenAt is { } seen ? Age.Between(seen, now).Ago : "never",
        new Buttons(Approve(unit, caller)));

    private static IEnumerable<Part> CodeOf(Unit unit) => unit.State == UnitState.Pending ? [new Line("code", unit.ShortCode)] : [];

    private static Press? Approve(Unit unit, Caller caller) => unit.State is UnitState.Pending or UnitState.Quarantined or UnitState.Retired && caller.May("unit.approve")
        ? new Press(unit.State == UnitState.Pending ? $"Approve {unit.ShortCode}" : "Approve again", $"{PathOf(unit.Id)}/approve", $"of {unit.Name}") { ClassName = "primary" }
        : null;

    private static Inline GaugeOf(string name, long capacityBytes, long freeBytes)
    {
        if (capacityBytes <= 0) return new Quiet("not known yet");
        Portion used = new(capacityBytes - freeBytes, capacityBytes);
        return new Gauge($"Used space of {name}", used, $"{used.Percent} % of {new ByteSize(capacityBytes)}");
    }

    private static Facts Facts(Unit unit, DateTimeOffset now) => new(
    [
        new("State", new Mark(Cue.Of(unit), unit.Cordoned ? "cordoned: nothing new is placed on it" : null)),
        new("Short code", new Code(unit.ShortCode)),
        new("Addresses", new Lines([.. unit.Addresses.Select(address => new Code(address))])),
        new("Portals", new Lines([.. unit.Portals.Select(portal => new Code(portal))])),
        new("Used", GaugeOf(unit.Name, unit.CapacityBytes, unit.FreeBytes)),
        new("Promised", new ByteSize(unit.PromisedBytes).ToString()),
        new("Sessions", unit.Sessions.ToString(CultureInfo.InvariantCulture)),
        new("Software", unit.ImageVersion),
        new("Configuration", unit.Generation == unit.AppliedGeneration
            ? $"generation {unit.Generation}"
            : new Line($"generation {unit.AppliedGeneration}", $"is to have {unit.Generation}")),
        new("Labels", LabelsOf(unit.Labels) is { Length: > 0 } labels ? labels : new Quiet("none")),
        new("First seen", new Line(Age.Between(unit.EnrolledAt, now).Ago, unit.JoinMilliseconds is { } joined ? $"ready within {new Age(TimeSpan.FromMilliseconds(joined))}" : Moment.Of(unit.EnrolledAt))),
        new("Last seen", unit.LastSeenAt is { } seen ? Age.Between(seen, now).Ago : new Quiet("never")),
    ]);

    private static Block Actions(Unit unit, Caller caller)
    {
        string path = PathOf(unit.Id);
        bool serves = unit.State is not (UnitState.Pending or UnitState.Retired or UnitState.Quarantined);
        return new(new Buttons(
            Approve(unit, caller),
            serves && !unit.Cordoned && caller.May("unit.cordon") ? new Press("Cordon", $"{path}/cordon", unit.Name) : null,
            serves && unit.Cordoned && caller.May("unit.uncordon") ? new Press("Uncordon", $"{path}/uncordon", unit.Name) : null,
            serves && unit.State != UnitState.Draining && caller.May("unit.drain") ? new Press("Drain", $"{path}/drain", unit.Name) : null,
            serves ? MonitorPages.LinkTo($"unit/{unit.Id}", unit.Name) : null,
            PostPages.LinkAbout($"unit/{unit.Id}", unit.Name),
            serves && caller.May("unit.retire") ? new Link("Retire…", $"{path}/retire") { ClassName = "button danger", Of = unit.Name } : null,
            caller.May("unit.forget") ? new Link("Forget…", $"{path}/forget") { ClassName = "button danger", Of = unit.Name } : null));
    }

    private static Notice UnderMaintenance(Unit unit, Maintenance maintenance, Caller caller) => new(
        new Cue(Tone.Busy, "In maintenance"), $"By {maintenance.By} since {Moment.Of(maintenance.Since)}{(maintenance.Reason.Length > 0 ? $": {maintenance.Reason}" : "")}.",
        caller.May("unit.maintenance") ? [new Press("End maintenance", $"{PathOf(unit.Id)}/maintenance", $"of {unit.Name}")] : []);

    private static Section Stopping(SafeToStop safety, Caller caller, Outcome outcome)
    {
        List<Part> parts =
        [
            new Notice(safety.Safe ? new Cue(Tone.Ok, "Safe to stop") : new Cue(Tone.Warning, "Not safe to stop"), safety.Answer),
            new Table("Volumes that would notice", ["Volume", "What would become of it", "Hosts"],
                [.. safety.Volumes.Select(volume => new Row(null, new Link(volume.Name, $"/app/volumes/{volume.Id}"), new Mark(EffectOf(volume.Effect)), volume.Hosts.Count == 0 ? new Quiet("none") : string.Join(", ", volume.Hosts)))],
                "No volume would notice."),
        ];
        if (safety.Shares.Count > 0)
        {
            parts.Add(new Table("Shares that would be out of reach", ["Share", "What would become of it", "Used by"],
                [.. safety.Shares.Select(share => new Row(null, share.Name, new Mark(EffectOf(share.Effect)), share.Holders.Count == 0 ? new Quiet("nobody") : string.Join(", ", share.Holders)))], string.Empty));
        }

        if (safety.Maintenance is null && caller.May("unit.maintenance")) parts.Add(UnitForms.Maintenance(safety).After(outcome));
        return new Section("stopping", "May it be stopped?", parts);
    }

    private static Cue EffectOf(StopEffect effect) => effect switch
    {
        StopEffect.Lost => new(Tone.Critical, "Out of reach"),
        StopEffect.Degraded => new(Tone.Warning, "One copy fewer"),
        StopEffect.Unmapped => new(Tone.Unknown, "Nobody uses it"),
    };

    private static Section Disks(Unit unit, IReadOnlyList<Disk> disks, DiskClaimResult? trial, Caller caller, Outcome outcome)
    {
        List<Part> parts =
        [
            new Table("Disks of the unit", ["Disk", "State", new("Size", "number"), "Media", new("Health", "wide"), new("Serial number", "wide"), Column.Actions],
                [.. disks.Select(disk => new Row(
                    null, new Line(disk.Path, disk.Model), new Mark(StateOf(disk), disk.Content), new ByteSize(disk.SizeBytes).ToString(), disk.Media.ToString(),
                    disk.Health is { } health ? health : new Quiet("not known"), new Code(disk.SerialNumber),
                    new Buttons(disk is { Claimed: true, StoreId: not null } && caller.May("disk.release")
                        ? new Press("Release", $"{PathOf(unit.Id)}/release", disk.Path) { ClassName = "danger", Values = [new("store", $"{disk.StoreId}")] }
                        : null)))],
                "The unit has told of no disk."),
        ];
        Disk[] blank = [.. disks.Where(disk => disk is { State: DiskState.Blank, Claimed: false })];
        if (blank.Length > 0 && caller.May("disk.claim")) parts.Add(UnitForms.Claim(unit.Id, blank).After(outcome));
        if (trial is not null)
        {
            parts.Add(new Table("What would become of each disk", ["Disk", "Verdict"],
                [.. trial.Disks.Select(verdict => new Row(null, verdict.Disk.Path, new Mark(verdict.Claims ? new Cue(Tone.Ok, "Would be claimed") : new Cue(Tone.Warning, "Would be left alone"), verdict.Reason)))],
                "No disk was chosen."));
        }
        return new Section("disks", "Disks", parts);
    }

    private static Cue StateOf(Disk disk) => disk.State switch
    {
        DiskState.Blank => disk.Claimed ? new(Tone.Busy, "Being claimed") : new(Tone.Unknown, "Blank"),
        DiskState.Ours => new(Tone.Ok, "In the pool"),
        DiskState.Foreign => new(Tone.Warning, "Foreign"),
        DiskState.Unreadable => new(Tone.Critical, "Unreadable"),
    };
}
