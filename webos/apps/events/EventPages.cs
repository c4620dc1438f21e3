using System.Globalization;
using VSan.Contracts.Api;
using VSan.Station.Execution;
using VSan.WebOs.Parts;
using VSan.WebOs.Shell;
using VSan.WebOs.Text;

namespace VSan.WebOs.Apps.Events;

/// <summary>What is on the pages about what happened.</summary>
internal static class EventPages
{
    public const string AuditPath = "/app/events/audit";
    public const string VerifyPath = "/app/events/audit/verify";

    /// <summary>What happened, newest first.</summary>
    public static IReadOnlyList<Part> Events(IReadOnlyList<PoolEvent> events, IReadOnlyDictionary<string, string> filters, string? next, Caller caller, DateTimeOffset now) =>
    [
        Tabs(App.Events.Path, caller),
        Filter(App.Events.Path, filters, new Field("kind", "Kind") { Note = "For example unit.ready, or unit.* for all of units." }, new Field("subject", "Object") { Note = "For example volume/ID." }),
        new Table("Events", ["What", "When", "Kind", new("Object", "wide")],
            [.. events.Select(one => new Row($"event-{one.Id}", one.Message, new Line(Age.Between(one.At, now).Ago, Moment.Of(one.At)), new Code(one.Kind), ObjectOf(one.Subject)))],
            filters.Count == 0 ? "Nothing has happened yet." : "Nothing of this kind has happened."),
        new Drawn(new AspNetCoreGeneratedDocument.shell_Pager { Model = new(App.Events.Path, null, next) { Filters = filters } }),
    ];

    /// <summary>Who asked for what, newest first.</summary>
    public static IReadOnlyList<Part> Audit(AuditPage page, IReadOnlyDictionary<string, string> filters, Caller caller) =>
    [
        Tabs(AuditPath, caller),
        Filter(AuditPath, filters, new Field("who", "Who"), new Field("action", "Action"), new Field("subject", "On what"), new Field("outcome", "Outcome") { Note = "granted, or the code of a refusal." }),
        new Block(new Link("Check that the log is whole", VerifyPath) { ClassName = "button" }),
        new Table("Audit log", [new("Line"), "When", "Who", "Action", "On what", "Outcome", new("Hash", "wide")],
            [.. page.Items.Select(line => new Row(
                $"line-{line.Number}", line.Number.ToString(CultureInfo.InvariantCulture), Moment.Of(line.At), line.Who, new Code(line.Action), new Code(line.Subject),
                line.Outcome == "granted" ? new Mark(new Cue(Tone.Ok, "granted")) : new Mark(new Cue(Tone.Warning, line.Outcome)), new Code(line.Hash[..Math.Min(16, line.Hash.Length)])))],
            "There is no such line."),
        new Drawn(new AspNetCoreGeneratedDocument.shell_Pager { Model = new(AuditPath, null, page.NextCursor) { Filters = filters } }),
    ];

    /// <summary>Whether the log is whole.</summary>
    public static Notice Verified(AuditVerification verification) => verification.Whole
        ? new(
            new Cue(Tone.Ok, "Whole"),
            $"{Counted.Of(verification.Lines, "line")}, each follows the one before. Keep the number and this hash elsewhere: with them, the removal of the newest lines shows too.",
            new Command(verification.LastHash))
        : new(new Cue(Tone.Critical, "Not whole"), $"{verification.Fault} {Counted.Of(verification.Lines, "line")} before it are good.");

    private static Tabs Tabs(string current, Caller caller) =>
        new(current, [new Link("Events", App.Events.Path), .. caller.May("audit.read") ? (Link[])[new("Audit", AuditPath)] : []]);

    private static Form Filter(string path, IReadOnlyDictionary<string, string> filters, params IReadOnlyList<Field> fields) =>
        new("filter", path, "Show", [.. fields.Select(field => field with { Value = filters.GetValueOrDefault(field.Name, "") })])
        {
            Looks = true,
            Back = filters.Count > 0 ? new Link("Show all", path) { ClassName = "button" } : null,
        };

    private static Inline ObjectOf(string subject) => subject.Split('/', 2) is [var kind, var id] && Guid.TryParse(id, out Guid known) && kind is "unit" or "volume" or "host"
        ? new Link(kind, $"/app/{kind}s/{known}")
        : new Code(subject);
}
