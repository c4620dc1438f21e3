using System.CommandLine;

namespace VSan.Cli;

/// <summary>Options that every command takes.</summary>
internal static class GlobalOptions
{
    /// <summary>Format of results.</summary>
    public static Option<string> Output { get; } = Restricted(new("--output", "-o")
    {
        Description = "How results are written: table, wide (more columns), json (sizes in bytes) or name (one a line).",
        HelpName = "table|wide|json|name",
        Recursive = true,
        DefaultValueFactory = _ => "table",
    });

    /// <summary>Which saved station.</summary>
    public static MachineOption<string?> Context { get; } = new("--context")
    {
        Description = "Use the station that 'vsan login --context NAME' saved under this name.",
        HelpName = "NAME",
        Recursive = true,
    };

    /// <summary>A host's own certificate, in place of a context.</summary>
    public static MachineOption<string?> Certificate { get; } = new("--certificate")
    {
        Description = "Ask as the host whose certificate 'vsan host join --dir DIR' has put into this directory.",
        HelpName = "DIR",
        Recursive = true,
    };

    /// <summary>Whether changes are only tried.</summary>
    public static Option<bool> DryRun { get; } = new("--dry-run")
    {
        Description = "Let the station check and try the change, and roll it back.",
        Recursive = true,
    };

    /// <summary>In which project a name is looked for; taken by each command that takes the name of something of a project.</summary>
    public static Option<string?> Project { get; } = new("--project")
    {
        Description = "The project that it belongs to; needed for a name that several projects have.",
        HelpName = "PROJECT",
    };

    /// <summary>Whether to show a list again whenever something happens.</summary>
    public static MachineOption<bool> Watch() => new("--watch", "-w") { Description = "Show the list again whenever something happens, until Ctrl+C." };

    /// <summary>Whether to wait for the operation.</summary>
    public static Option<bool> Wait() => new("--wait") { Description = "Return when the work is done, not when it is accepted." };

    /// <summary>How long to wait.</summary>
    public static Option<TimeSpan> Timeout() => OfDuration("--timeout", "With --wait: give up after this long; the work goes on. Default 10m.", TimeSpan.FromMinutes(10));

    /// <summary>Do not ask.</summary>
    public static Option<bool> Yes() => new("--yes", "-y") { Description = "Do not ask for confirmation." };

    /// <summary>An option whose value is a duration.</summary>
    public static Option<TimeSpan> OfDuration(string name, string description, TimeSpan @default) => new(name)
    {
        Description = description,
        HelpName = "30s|5m|3h|7d",
        DefaultValueFactory = _ => @default,
        CustomParser = result =>
        {
            if (!Duration.TryParse(result.Tokens[0].Value, out TimeSpan value, out string error)) result.AddError(error);
            return value;
        },
    };

    /// <summary>The same without a default: null when it is not given.</summary>
    public static Option<TimeSpan?> OfOptionalDuration(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "30s|5m|3h|7d",
        CustomParser = result =>
        {
            if (Duration.TryParse(result.Tokens[0].Value, out TimeSpan value, out string error)) return value;
            result.AddError(error);
            return null;
        },
    };

    private static Option<string> Restricted(Option<string> option)
    {
        option.AcceptOnlyFromAmong("table", "wide", "json", "name");
        return option;
    }
}
