using System.Net;
using System.Text;
using VSan.Contracts.Api;

namespace VSan.Client;

/// <summary>Ends a command: what went wrong, what to do about it, and the exit code. Caught once, where the program ends.</summary>
internal sealed class CommandFailure(ExitCode exitCode, string message, string? nextAction = null, string? code = null) : Exception(message)
{
    /// <summary>The code of the station's problem, or null.</summary>
    public string? Code { get; } = code;

    /// <summary>What the process ends with.</summary>
    public ExitCode ExitCode { get; } = exitCode;

    /// <summary>What the reader can do, in one sentence, or null.</summary>
    public string? NextAction { get; } = nextAction;

    /// <summary>A problem that the station reported.</summary>
    public static CommandFailure Of(Problem problem)
    {
        var message = new StringBuilder(problem.Title);
        if (problem.Detail.Length > 0) message.Append(": ").Append(problem.Detail);
        // A field is named only where the detail has not said the same already.
        foreach (FieldProblem field in (problem.Fields ?? []).Where(f => !problem.Detail.Contains(f.Detail, StringComparison.Ordinal)))
        {
            message.Append("; ").Append(field.Pointer).Append(": ").Append(field.Detail);
        }

        return new CommandFailure(ExitCodes.Of((HttpStatusCode)problem.Status), message.ToString(), problem.NextAction ?? Hint(problem.Code), problem.Code);
    }

    /// <summary>One or two lines for standard error.</summary>
    /// <param name="error">Standard error.</param>
    /// <param name="program">The name that the program goes by.</param>
    public void WriteTo(TextWriter error, string program = "vsan")
    {
        error.WriteLine($"{program}: {Message}");
        if (NextAction is not null) error.WriteLine($"      {NextAction}");
    }

    private static string? Hint(string code) => code switch
    {
        "unauthenticated" => "Sign in with 'vsan login --server URL --ca-file FILE'.",
        _ => null,
    };
}
