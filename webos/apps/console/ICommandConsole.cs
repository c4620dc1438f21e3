namespace VSan.WebOs.Apps.Console;

/// <summary>Runs the appliance's own command line for a person who is signed in.</summary>
public interface ICommandConsole
{
    /// <summary>Runs one command and waits for its end. What takes too long is ended; what the station accepted goes on.</summary>
    /// <param name="words">The command's words, without <c>vsan</c>.</param>
    /// <param name="bearer">The person's session: the command may do what the person may.</param>
    /// <param name="cancellationToken">Ends the command.</param>
    Task<CommandResult> RunAsync(IReadOnlyList<string> words, string bearer, CancellationToken cancellationToken);
}

/// <summary>How a command ended.</summary>
/// <param name="Output">What it wrote, results and errors in the order in which they were written.</param>
/// <param name="ExitCode">Its exit code; null when it was ended.</param>
public sealed record CommandResult(string Output, int? ExitCode);
