using System.Globalization;
using VSan.Contracts.BlockServer;
using VSan.Reactor;

namespace VSan.BlockServer;

/// <summary>What this process was started to do.</summary>
internal enum CommandVerb
{
    /// <summary>Serve.</summary>
    Run,

    /// <summary>Hand a configuration to a running server.</summary>
    Apply,

    /// <summary>Ask a running server what it does.</summary>
    Inspect,

    /// <summary>Ask a running server for its counters as Prometheus reads them.</summary>
    Metrics,

    /// <summary>Have a running server make snapshots.</summary>
    Snapshot,

    /// <summary>Have a running server see sessions off.</summary>
    Drain,
}

/// <summary>How inspect answers.</summary>
internal enum OutputFormat
{
    /// <summary>Tables on a terminal, JSON elsewhere.</summary>
    Auto,

    /// <summary>One line of JSON, for scripts.</summary>
    Json,

    /// <summary>Tables, for people.</summary>
    Table,
}

/// <summary>The command line, checked.</summary>
/// <param name="Verb">What to do.</param>
/// <param name="Control">Path of the control socket.</param>
/// <param name="State">Directory of the server's own copy of its configuration; with run.</param>
/// <param name="File">The configuration; with apply.</param>
/// <param name="Rings">Rings, one thread each; 1 to 256.</param>
/// <param name="BuffersMib">Data buffers of each ring in MiB: 4 to 1024, a multiple of 4.</param>
internal sealed record CommandLine(CommandVerb Verb, string Control, string? State, string? File, int Rings, int BuffersMib)
{
    /// <summary>A longer pause is a job for Prometheus.</summary>
    internal const int WatchSecondsMax = 3600;

    private const int BuffersMibDefault = 16;

    private const string Verbs = "run, apply, inspect, metrics, snapshot or drain";

    // Everybody, in the time that a Linux host gives a disk's command: what is in flight has ended by then, one way or the other.
    private static readonly DrainRequest DrainDefault = new(null, null, 30);

    /// <summary>Group that may use the control socket beside root and the server's own user, by name or number; with run.</summary>
    internal string? ControlGroup { get; init; }

    /// <summary>How the rings talk to the kernel; with run.</summary>
    internal EngineKind Engine { get; init; }

    /// <summary>Where GET /metrics is answered, <c>unix:PATH</c> or a loopback address with a port; with run. Null: nowhere.</summary>
    internal string? Metrics { get; init; }

    /// <summary>With inspect.</summary>
    internal OutputFormat Output { get; init; }

    /// <summary>The group to make; with snapshot.</summary>
    internal IReadOnlyList<SnapshotRequest> Snapshots { get; init; } = [];

    /// <summary>Whom to see off; with drain.</summary>
    internal DrainRequest Drain { get; init; } = DrainDefault;

    /// <summary>Seconds between two looks; with inspect. Null: one look.</summary>
    internal int? WatchSeconds { get; init; }

    /// <summary>Parses the arguments; null with one sentence when they make no sense.</summary>
    internal static CommandLine? TryParse(IReadOnlyList<string> args, out string? error)
    {
        if (args.Count == 0 || !TryVerb(args[0], out CommandVerb verb))
        {
            error = args.Count == 0 ? $"a verb is missing: {Verbs}" : $"'{args[0]}' is no verb: the first word must be {Verbs}";
            return null;
        }

        var line = new CommandLine(verb, string.Empty, null, null, Math.Min(Environment.ProcessorCount, Scsi.LogicalUnit.RingsMax), BuffersMibDefault);
        for (int i = 1; i < args.Count; i++)
        {
            if (!args[i].StartsWith('-'))
            {
                if (!TryWord(ref line, args[i], out error)) return null;
                continue;
            }

            if (args[i] == "--watch" && (i + 1 == args.Count || args[i + 1].StartsWith('-')))
            {
                line = line with { WatchSeconds = 2 };
                continue;
            }

            if (i + 1 == args.Count)
            {
                error = $"{args[i]} needs a value";
                return null;
            }

            error = TryOption(ref line, args[i], args[i + 1]);
            if (error is not null) return null;
            i++;
        }

        error = Missing(line);
        return error is null ? line : null;
    }

    private static bool TryVerb(string word, out CommandVerb verb)
    {
        (bool known, verb) = word switch
        {
            "run" => (true, CommandVerb.Run),
            "apply" => (true, CommandVerb.Apply),
            "inspect" => (true, CommandVerb.Inspect),
            "metrics" => (true, CommandVerb.Metrics),
            "snapshot" => (true, CommandVerb.Snapshot),
            "drain" => (true, CommandVerb.Drain),
            _ => (false, CommandVerb.Run),
        };
        return known;
    }

    /// <summary>A word that is no option: the file of apply, a VOLUME=PATH of snapshot.</summary>
    private static bool TryWord(ref CommandLine line, string word, out string? error)
    {
        error = null;
        if (line.Verb is not CommandVerb.Snapshot)
        {
            line = line with { File = word };
            return true;
        }

        int equals = word.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0 || !Guid.TryParse(word.AsSpan(0, equals), out Guid volumeId))
        {
            error = $"'{word}' is not VOLUME=PATH, the volume by its id";
            return false;
        }

        line = line with { Snapshots = [.. line.Snapshots, new SnapshotRequest(volumeId, word[(equals + 1)..])] };
        return true;
    }

    private static string? TryOption(ref CommandLine line, string name, string value)
    {
        switch (name)
        {
            case "--control":
                line = line with { Control = value };
                return null;
            case "--state":
                line = line with { State = value };
                return null;
            case "--control-group":
                line = line with { ControlGroup = value };
                return null;
            case "--metrics":
                line = line with { Metrics = value };
                return null;
            case "--engine" when Enum.TryParse(value, ignoreCase: true, out EngineKind engine) && Enum.IsDefined(engine) && !char.IsAsciiDigit(value[0]):
                line = line with { Engine = engine };
                return null;
            case "--target":
                line = line with { Drain = line.Drain with { TargetName = value } };
                return null;
            case "--portal":
                line = line with { Drain = line.Drain with { Portal = value } };
                return null;
            case "--within" when TryNumber(value, 1, Serving.SessionDrain.SecondsMax, out int within):
                line = line with { Drain = line.Drain with { WithinSeconds = within } };
                return null;
            case "-o" or "--output" when value is "json" or "table":
                line = line with { Output = value == "json" ? OutputFormat.Json : OutputFormat.Table };
                return null;
            case "--watch" when TryNumber(value, 1, WatchSecondsMax, out int seconds):
                line = line with { WatchSeconds = seconds };
                return null;
            case "--rings" when TryNumber(value, 1, Scsi.LogicalUnit.RingsMax, out int rings):
                line = line with { Rings = rings };
                return null;
            case "--buffers-mib" when TryNumber(value, 4, 1024, out int mib) && mib % 4 == 0:
                line = line with { BuffersMib = mib };
                return null;
            case "--rings":
                return $"--rings takes a number from 1 to {Scsi.LogicalUnit.RingsMax}";
            case "--buffers-mib":
                return "--buffers-mib takes a multiple of 4 from 4 to 1024";
            case "--engine":
                return "--engine takes auto, uring or epoll";
            case "-o" or "--output":
                return $"{name} takes json or table";
            case "--watch":
                return $"--watch takes a number of seconds from 1 to {WatchSecondsMax}, or nothing for 2";
            case "--within":
                return $"--within takes a number of seconds from 1 to {Serving.SessionDrain.SecondsMax}";
            default:
                return $"{name} is not an option";
        }
    }

    private static bool TryNumber(string text, int min, int max, out int number)
        => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number >= min && number <= max;

    private static string? Missing(CommandLine line) => line switch
    {
        { Control.Length: 0 } => "--control SOCKET is missing: the path of the server's control socket",
        { Verb: CommandVerb.Run, State: null } => "--state DIR is missing: the directory for the server's copy of its configuration",
        { Verb: CommandVerb.Apply, File: null } => "the configuration file is missing: name it last",
        { Verb: CommandVerb.Snapshot, Snapshots.Count: 0 } => "nothing to make: name each snapshot as VOLUME=PATH",
        { Verb: not CommandVerb.Apply, File: { } stray } => $"'{stray}' is too much: only apply takes a file",
        { Verb: not CommandVerb.Run, Metrics: not null } or { Verb: not CommandVerb.Run, ControlGroup: not null } => "--metrics and --control-group belong to run",
        { Verb: not CommandVerb.Run, Engine: not EngineKind.Auto } => "--engine belongs to run",
        { Verb: not CommandVerb.Inspect, WatchSeconds: not null } or { Verb: not CommandVerb.Inspect, Output: not OutputFormat.Auto } => "--output and --watch belong to inspect",
        { Verb: not CommandVerb.Drain } when line.Drain != DrainDefault => "--target, --portal and --within belong to drain",
        { Output: OutputFormat.Json, WatchSeconds: not null } => "--watch draws tables: leave -o json away, or ask again and again",
        _ => null,
    };
}
