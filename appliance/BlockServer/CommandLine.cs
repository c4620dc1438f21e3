using System.Globalization;

namespace VSan.BlockServer;

/// <summary>What this process was started to do.</summary>
internal enum CommandVerb
{
    /// <summary>Serve.</summary>
    Run,

    /// <summary>Hand a configuration to a running server.</summary>
    Apply,

    /// <summary>Ask a running server.</summary>
    Inspect,
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
    private const int BuffersMibDefault = 16;

    /// <summary>Parses the arguments; null with one sentence when they make no sense.</summary>
    internal static CommandLine? TryParse(IReadOnlyList<string> args, out string? error)
    {
        if (args.Count == 0 || !TryVerb(args[0], out CommandVerb verb))
        {
            error = "the first word must be run, apply or inspect";
            return null;
        }

        var line = new CommandLine(verb, string.Empty, null, null, Math.Min(Environment.ProcessorCount, Scsi.LogicalUnit.RingsMax), BuffersMibDefault);
        for (int i = 1; i < args.Count; i++)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal))
            {
                line = line with { File = args[i] };
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
            _ => (false, CommandVerb.Run),
        };
        return known;
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
            default:
                return $"{name} is not an option";
        }
    }

    private static bool TryNumber(string text, int min, int max, out int number)
        => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number >= min && number <= max;

    private static string? Missing(CommandLine line) => line switch
    {
        { Control.Length: 0 } => "--control SOCKET is missing",
        { Verb: CommandVerb.Run, State: null } => "--state DIR is missing",
        { Verb: CommandVerb.Apply, File: null } => "the configuration file is missing",
        _ => null,
    };
}
