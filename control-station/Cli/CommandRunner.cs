using System.CommandLine;

namespace VSan.Cli;

/// <summary>Gives commands their body.</summary>
internal sealed class CommandRunner(CommandEnvironment environment)
{
    /// <summary>Makes a command of a name, a description, a body, and its arguments and options.</summary>
    public Command Command(string name, string description, Func<Invocation, Task> body, params Symbol[] symbols)
    {
        var command = new Command(name, description);
        foreach (Symbol symbol in symbols)
        {
            if (symbol is Argument argument) command.Arguments.Add(argument);
            if (symbol is Option option) command.Options.Add(option);
        }

        command.SetAction(async (result, cancellation) =>
        {
            using var invocation = new Invocation(result, environment, cancellation);
            await body(invocation).ConfigureAwait(false);
            return (int)ExitCode.Ok;
        });
        return command;
    }
}
