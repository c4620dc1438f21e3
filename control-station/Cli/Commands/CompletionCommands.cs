using System.CommandLine;

namespace VSan.Cli.Commands;

/// <summary><c>completion</c>.</summary>
internal static class CompletionCommands
{
    // vsan itself knows its words: the [suggest] directive prints what fits at the cursor.
    private const string Bash = """
        _vsan() {
            local word="${COMP_WORDS[COMP_CWORD]}"
            mapfile -t COMPREPLY < <(compgen -W "$(vsan "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)" -- "$word")
        }
        complete -o default -F _vsan vsan
        """;

    /// <summary>Adds the noun.</summary>
    public static void AddTo(Command parent, CommandRunner run) => parent.Add(new Command("completion", "Completion for shells.")
    {
        run.Command("bash", """
            Print the completion script for bash.

            Example:
              source <(vsan completion bash)
            """, WriteBashAsync),
    });

    private static Task WriteBashAsync(Invocation invocation) => invocation.Output.Writer.WriteLineAsync(Bash);
}
