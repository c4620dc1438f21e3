using VSan.WebOs.Parts;
using VSan.WebOs.Shell;
using VSan.WebOs.Text;

namespace VSan.WebOs.Apps.Console;

/// <summary>What is on the page of the console.</summary>
internal static class ConsolePages
{
    public const string FormId = "command";

    /// <summary>The line to type in, and what came of the last ones.</summary>
    public static IReadOnlyList<Part> Console(IReadOnlyList<ConsoleEntry> entries, DateTimeOffset now, Outcome outcome)
    {
        List<Part> parts =
        [
            new Form(FormId, App.Console.Path, "Run", new Field("line", "Command")
            {
                Required = true,
                Note = "As in vsan on your own machine, with your rights: volume list, unit show NAME, help volume create.",
            }).After(outcome),
        ];
        if (entries.Count == 0)
        {
            parts.Add(new Empty("Nothing was run in this session", "Everything that the pool can do has a command. This one lists them:", new Command("help")));
            return parts;
        }

        parts.AddRange(entries.Select((entry, index) => Ran($"run-{entries.Count - index}", entry, now)));
        parts.Add(new Buttons(new Press("Clear", $"{App.Console.Path}/clear", "the console")));
        return parts;
    }

    private static Section Ran(string id, ConsoleEntry entry, DateTimeOffset now) => new(
        id, entry.Line, new Mark(CueOf(entry.Result), Age.Between(entry.At, now).Ago), new Printed($"Output of {entry.Line}", entry.Result.Output));

    private static Cue CueOf(CommandResult result) => result.ExitCode switch
    {
        0 => new(Tone.Ok, "Done"),
        { } code => new(Tone.Critical, $"Exit code {code}"),
        null => new(Tone.Warning, "Ended before it was done"),
    };
}
