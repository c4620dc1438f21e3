using System.CommandLine;
using System.Text.Json;
using VSan.Contracts.Api;

namespace VSan.Cli.Commands;

/// <summary><c>audit</c>.</summary>
internal static class AuditCommands
{
    private const int LimitDefault = 50;

    private static readonly (Option<string?> Option, string Parameter)[] Filters =
    [
        (Filter("--who", "Only what this user or token asked for.", "NAME"), "who"),
        (Filter("--action", "Only this action, for example volume.create.", "ACTION"), "action"),
        (Filter("--subject", "Only what was asked of this object, for example volume/ID.", "SUBJECT"), "subject"),
        (Filter("--outcome", "Only what ended so: granted, or the code of a problem.", "OUTCOME"), "outcome"),
        (Filter("--since", "Only at this time (RFC 3339) or later.", "TIME"), "since"),
        (Filter("--until", "Only before this time (RFC 3339).", "TIME"), "until"),
    ];

    private static readonly Option<int> Limit = new("--limit") { Description = "How many lines. Default 50.", HelpName = "N", DefaultValueFactory = _ => LimitDefault };
    private static readonly Option<long?> Number = new("--number") { Description = "A line that was noted earlier; with --hash.", HelpName = "N" };
    private static readonly Option<string?> Hash = new("--hash") { Description = "The hash that was noted for it.", HelpName = "HASH" };
    private static readonly MachineOption<string?> FromFile = new("--file") { Description = "Check an export of 'vsan audit export' and ask no station.", HelpName = "FILE" };

    private static readonly Noun<AuditLine, AuditPage> Lines = new(
        "audit", "audit", p => p.Items, p => p.NextCursor, items => new AuditPage(items, null), l => $"{l.Number}", l => $"{l.Number}",
        [
            new("NUMBER", l => $"{l.Number}", Numeric: true),
            new("AT", l => Text.Of(l.At)),
            new("WHO", l => l.Who),
            new("ACTION", l => l.Action),
            new("SUBJECT", l => l.Subject),
            new("OUTCOME", l => l.Outcome),
            new("HASH", l => l.Hash, WideOnly: true),
        ]);

    private static readonly Column<AuditVerification>[] VerificationColumns =
    [
        new("WHOLE", v => v.Whole ? "yes" : "no"),
        new("LINES", v => $"{v.Lines}"),
        new("LAST HASH", v => v.LastHash),
        new("FAULT", v => v.Fault ?? "-"),
    ];

    /// <summary>Adds the noun.</summary>
    public static void AddTo(Command parent, CommandRunner run) => parent.Add(new Command("audit", "The audit log: who asked for what, and whether it was granted.")
    {
        run.Command("list", """
            List lines, the newest first.

            Examples:
              vsan audit list --outcome forbidden
              vsan audit list --who kim --since 2026-11-28T00:00:00Z
            """, ListAsync, [.. Filters.Select(filter => filter.Option), Limit]),
        run.Command("export", """
            Write the whole log, the oldest first, one JSON object a line.

            Example:
              vsan audit export > audit.jsonl
            """, ExportAsync),
        run.Command("verify", """
            Check that no line was changed, removed or reordered; exit code 1 when one was.

            Each line's hash covers the line before. Note the number and hash that this prints, elsewhere: given back with
            --number and --hash, they show too whether the newest lines were cut off. 'vsan-station audit verify' checks a
            database file.

            Examples:
              vsan audit verify
              vsan audit verify --number 4711 --hash 5e0c…
              vsan audit verify --file audit.jsonl
            """, VerifyAsync, Number, Hash, FromFile),
    });

    private static Option<string?> Filter(string name, string description, string help) => new(name) { Description = description, HelpName = help };

    private static async Task ListAsync(Invocation invocation)
    {
        IEnumerable<string> filters = Filters
            .Where(filter => invocation.Get(filter.Option) is not null)
            .Select(filter => $"&{filter.Parameter}={Uri.EscapeDataString(invocation.Get(filter.Option)!)}");
        string path = $"audit?limit={invocation.Get(Limit)}{string.Concat(filters)}";
        AuditPage page = await invocation.Api.GetAsync<AuditPage>(path, TimeSpan.Zero, invocation.Cancellation).ConfigureAwait(false);
        invocation.Output.WriteList(Lines, page.Items);
    }

    private static async Task ExportAsync(Invocation invocation)
    {
        IReadOnlyList<AuditLine> lines = await invocation.Api.ListAsync(Lines, invocation.Cancellation).ConfigureAwait(false);
        foreach (AuditLine line in lines.Reverse()) invocation.Output.WriteJsonLine(line);
    }

    private static async Task VerifyAsync(Invocation invocation)
    {
        (long Number, string Hash)? noted = invocation.Get(Number) is { } number && invocation.Get(Hash) is { } hash ? (number, hash) : null;
        AuditVerification found = invocation.Get(FromFile) is { } file
            ? Walk(file, noted)
            : await invocation.Api.GetAsync<AuditVerification>(
                "audit:verify" + (noted is { } line ? $"?number={line.Number}&hash={Uri.EscapeDataString(line.Hash)}" : string.Empty),
                TimeSpan.FromMinutes(5),
                invocation.Cancellation).ConfigureAwait(false);
        invocation.Output.WriteOne(VerificationColumns, v => v.LastHash, found);
        if (!found.Whole) throw new CommandFailure(ExitCode.Error, $"The audit log is broken: {found.Fault}", "Keep the database as it is, and compare it with an older export or backup.");
    }

    private static AuditVerification Walk(string file, (long Number, string Hash)? noted)
    {
        AuditWalk walk = new();
        string? notedNow = null;
        foreach (string text in File.ReadLines(file))
        {
            AuditLine line = Read(file, text);
            if (!walk.Take(line)) return walk.Outcome();
            if (line.Number == noted?.Number) notedNow = line.Hash;
        }

        if (noted is { } earlier) walk.Compare(earlier.Number, earlier.Hash, notedNow);
        return walk.Outcome();
    }

    private static AuditLine Read(string file, string text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, ApiClient.TypeInfo<AuditLine>()) ?? throw new JsonException("a line is null");
        }
        catch (JsonException damage)
        {
            throw new CommandFailure(ExitCode.Usage, $"{file} is not an export of the audit log: {damage.Message}");
        }
    }
}
