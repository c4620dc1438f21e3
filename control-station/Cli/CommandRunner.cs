using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace VSan.Cli;

/// <summary>Gives commands their body and their help.</summary>
internal sealed class CommandRunner(CommandEnvironment environment)
{
    private readonly Dictionary<Command, string> _explanations = [];

    /// <summary>True where commands that need the person's own machine are left out.</summary>
    public bool IsConsole => environment.IsConsole;

    /// <summary>Makes a command of a name, a help text, a body, and its arguments and options.</summary>
    /// <param name="name">The verb.</param>
    /// <param name="help">A first paragraph for lists of commands; what follows it is shown in the command's own help only.</param>
    /// <param name="body">What it does.</param>
    /// <param name="symbols">Its arguments and options.</param>
    public Command Command(string name, string help, Func<Invocation, Task> body, params Symbol[] symbols)
    {
        string[] parts = help.Split("\n\n", 2);
        var command = new Command(name, parts[0]);
        if (parts.Length > 1) Explain(command, parts[1]);
        foreach (Symbol symbol in symbols)
        {
            if (symbol is Argument argument) command.Arguments.Add(argument);
            if (symbol is Option option && (option is not IMachineOption || !environment.IsConsole)) command.Options.Add(option);
        }

        command.SetAction(async (result, cancellation) =>
        {
            using var invocation = new Invocation(result, environment, cancellation);
            await body(invocation).ConfigureAwait(false);
            return (int)ExitCode.Ok;
        });
        return command;
    }

    /// <summary>A command that reads or writes files of the machine that it runs on; the console of the web OS says so in place of running it.</summary>
    public Command OwnMachineCommand(string name, string help, Func<Invocation, Task> body, params Symbol[] symbols) => Command(
        name, help, IsConsole ? _ => throw new CommandFailure(ExitCode.Usage, $"'{name}' works on the machine that it runs on.", "Run vsan there.") : body, symbols);

    /// <summary>Adds text to the end of a command's own help.</summary>
    public void Explain(Command command, string explanation) => _explanations[command] = explanation;

    /// <summary>Makes the help option print the explanations.</summary>
    public void ShowExplanations(RootCommand root)
    {
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Action = new ExplainingHelp((HelpAction)help.Action!, _explanations);
    }

    private sealed class ExplainingHelp(HelpAction inner, Dictionary<Command, string> explanations) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            int code = inner.Invoke(parseResult);
            if (explanations.TryGetValue(parseResult.CommandResult.Command, out string? text))
                parseResult.InvocationConfiguration.Output.WriteLine(text);
            return code;
        }
    }
}
