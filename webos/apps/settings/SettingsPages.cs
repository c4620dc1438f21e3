using System.Globalization;
using System.Reflection;
using VSan.Contracts.Api;
using VSan.Station.Execution;
using VSan.WebOs.Parts;
using VSan.WebOs.Shell;

namespace VSan.WebOs.Apps.Settings;

/// <summary>What is on the page about the station itself.</summary>
internal static class SettingsPages
{
    public const string PoolId = "pool";

    private const int SecondsOfHour = 3600;
    private const int SecondsOfMinute = 60;

    private static readonly string s_version = typeof(SettingsPages).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>Who the station is, how it is, and what stops it.</summary>
    public static IReadOnlyList<Part> Station(string address, string fingerprint, Pool pool, Diagnosis? diagnosis, Caller caller, Outcome outcome)
    {
        List<Part> parts =
        [
            new Facts(
            [
                new("Address", new Code(address)),
                new("Version", s_version),
                new("Fingerprint of the pool's authority", new Code(fingerprint)),
            ]),
            new Section("automation", "Automation", pool.Frozen
                ? new Notice(
                    new Cue(Tone.Warning, "Frozen"), "So many units vanished at once that the station may be the one that is cut off: nothing automatic begins until they return, or a person says that they are gone.",
                    caller.May("pool.thaw") ? [new Press("Thaw", "/app/settings/thaw", "the pool")] : [])
                : new Notice(new Cue(Tone.Ok, "At work"), "The station acts by itself. It freezes when more than a third of the units vanish at once.")),
            new Section("trash", "Trash and spares",
            [
                new Paragraph($"A deleted volume can be had back for {HoursOf(pool)} hours, unless whoever deletes it says otherwise. It keeps its space until it is gone."),
                new Paragraph(pool.SpareAfterSeconds == 0
                    ? "No spare is taken into service by itself: people do it."
                    : $"A spare is taken into service for a unit that is out of reach for {MinutesOf(pool)} minutes."),
                .. caller.May("pool.change") ? (Part[])[PoolForm(pool).After(outcome)] : [],
            ]),
        ];
        if (diagnosis is not null)
        {
            parts.Add(new Section("doctor", "What the station rests on", new Table("Findings of the doctor", ["Looked at", "Found", "What to do"],
                [.. diagnosis.Findings.Select(finding => new Row(null, finding.Check, new Mark(CueOf(finding.Severity), finding.Message), finding.NextAction is { } next ? next : new Quiet("nothing")))])));
            parts.Add(new Section("backup", "Backup",
                new Paragraph("The station copies its database every day into its state directory; that directory is not enough when the machine burns. Take a whole backup, with keys, and keep it elsewhere:"),
                new Block(new Command("vsan-station backup FILE --state /var/lib/vsan-station"))));
        }
        parts.Add(new Section("elsewhere", "For programs", new Facts(
        [
            new("Metrics (Prometheus)", new Link("/metrics", "/metrics")),
            new("Alive", new Link("/healthz", "/healthz")),
            new("Ready", new Link("/readyz", "/readyz")),
        ])));
        return parts;
    }

    /// <summary>The request of the form for the pool.</summary>
    public static PoolChange ReadPool(FormValues values) => new((long?)(values.Ratio("hours", "/trashDelaySeconds") * SecondsOfHour), values.Number("minutes", "/spareAfterSeconds") * SecondsOfMinute);

    private static string HoursOf(Pool pool) => ((decimal)pool.TrashDelaySeconds / SecondsOfHour).ToString("0.####", CultureInfo.InvariantCulture);

    private static string MinutesOf(Pool pool) => (pool.SpareAfterSeconds / SecondsOfMinute).ToString(CultureInfo.InvariantCulture);

    private static Form PoolForm(Pool pool) => new(
        PoolId, "/app/settings/pool", "Set",
        new Field("hours", "Hours in the trash")
        {
            Pointer = "/trashDelaySeconds",
            Required = true,
            Note = "At most 8760, a year. What lies there already leaves when it was told to.",
            Value = HoursOf(pool),
        },
        new Field("minutes", "Minutes until a spare is taken into service")
        {
            Kind = FieldKind.Number,
            Pointer = "/spareAfterSeconds",
            Note = "Of a unit that is out of reach; at most 43200, thirty days. 0: never by itself.",
            Value = MinutesOf(pool),
        });

    private static Cue CueOf(FindingSeverity severity) => severity switch
    {
        FindingSeverity.Ok => new(Tone.Ok, "Well"),
        FindingSeverity.Warning => new(Tone.Warning, "Warning"),
        FindingSeverity.Error => new(Tone.Critical, "Error"),
    };
}
