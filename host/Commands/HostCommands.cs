using System.CommandLine;
using System.CommandLine.Invocation;
using VSan.HostAgent.State;

namespace VSan.HostAgent.Commands;

/// <summary>All verbs of <c>vsan-host</c>, and the one place where a failure becomes words and an exit code.</summary>
internal static class HostCommands
{
    private static readonly Option<string> Membership = new("--dir") { Description = "Where 'vsan-host join' or 'vsan host join' keeps key and certificate.", HelpName = "DIR", DefaultValueFactory = _ => "/etc/vsan/host" };
    private static readonly Option<string> State = new("--state") { Description = "Where the agent keeps what it remembers of each volume.", HelpName = "DIR", DefaultValueFactory = _ => "/var/lib/vsan-host", Recursive = true };
    private static readonly Argument<string> Name = new("NAME") { Description = "Name of a volume." };
    private static readonly Option<long> Size = new("--size") { Description = "Capacity; without it the volume is one that this host has been given already.", HelpName = "SIZE", CustomParser = ParseSize };
    private static readonly Option<long> NewSize = new("--size") { Description = "The new capacity.", HelpName = "SIZE", Required = true, CustomParser = ParseSize };
    private static readonly Option<string> Layout = new("--layout") { Description = "single, mirror-2, mirror-3, stripe-N or concat.", HelpName = "LAYOUT", DefaultValueFactory = _ => "single" };
    private static readonly Option<string?> Policy = new("--policy") { Description = "Name of the policy that fills in what is left open.", HelpName = "POLICY" };
    private static readonly Option<FileSystemKind?> FileSystem = new("--filesystem") { Description = "xfs or ext4; made where the volume is blank, and never anywhere else. Without it the device is left as it is.", HelpName = "xfs|ext4" };
    private static readonly Option<string?> MountPath = new("--mount") { Description = "Where it is mounted.", HelpName = "PATH" };
    private static readonly Option<int?> GrowAt = new("--grow-at") { Description = "Ask for more by itself when the filesystem is this full, within the host's quota.", HelpName = "PERCENT" };
    private static readonly Option<long> GrowBy = new("--grow-by") { Description = "How much more at a time. Default: a tenth of the size, at least 1 GiB.", HelpName = "SIZE", CustomParser = ParseSize };
    private static readonly Option<int> Leg = new("--leg") { Description = "The copy that is taken as it is.", HelpName = "N", Required = true };
    private static readonly Option<bool> Yes = new("--yes", "-y") { Description = "Do not ask." };
    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Print each command, and run none; that is what plan does anyway." };

    private static readonly HostJoin Joining = new(Membership);

    /// <summary>Parses and runs a command line.</summary>
    public static async Task<int> RunAsync(string[] arguments, TextWriter output, TextWriter error)
    {
        ParseResult result = Create(output, error).Parse(arguments);
        if (result.Action is ParseErrorAction)
        {
            foreach (string message in result.Errors.Select(one => one.Message).Distinct()) await error.WriteLineAsync($"vsan-host: {message}").ConfigureAwait(false);
            await error.WriteLineAsync("           'vsan-host --help' shows how it is used.").ConfigureAwait(false);
            return (int)ExitCode.Usage;
        }

        try
        {
            return await result.InvokeAsync(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false }).ConfigureAwait(false);
        }
        catch (CommandFailure failure)
        {
            failure.WriteTo(error, "vsan-host");
            return (int)failure.ExitCode;
        }
        catch (OperationCanceledException)
        {
            await error.WriteLineAsync("vsan-host: stopped.").ConfigureAwait(false);
            return (int)ExitCode.Interrupted;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync($"vsan-host: {failure.Message}").ConfigureAwait(false);
            return (int)ExitCode.Error;
        }
    }

    private static RootCommand Create(TextWriter output, TextWriter error)
    {
        RootCommand root = new("The host agent: volumes of the pool as disks and filesystems of this machine.");
        root.Options.Add(State);
        root.Add(Verb("join", "Join the pool as a host; run again it gets the next certificate.", async (arguments, _, cancellation) => await output.WriteLineAsync(await Joining.RunAsync(arguments, Ask, cancellation).ConfigureAwait(false)).ConfigureAwait(false), [.. Joining.Options]));
        root.Add(Verb("request", "Ask for a volume, or take one that this host was given, and put it to use.", (arguments, agent, cancellation) => agent.RequestAsync(arguments.GetRequiredValue(Name), Wish(arguments), cancellation), Name, Size, Layout, Policy, FileSystem, MountPath, GrowAt, GrowBy, Membership));
        root.Add(Verb("apply", "One pass: do what is needed for each volume to be in use.", (_, agent, cancellation) => agent.ApplyAsync(cancellation), Membership));
        root.Add(Verb("run", "Keep this host in step with the pool, until it is stopped. What is mounted stays mounted then.", (_, agent, cancellation) => agent.RunAsync(cancellation), Membership));
        root.Add(Verb("plan", "Print each command that 'apply' would run. Nothing is changed.", (_, agent, cancellation) => agent.PlanAsync(cancellation), DryRun, Membership));
        root.Add(Verb("status", "Explain every layer of each volume.", (_, agent, cancellation) => agent.StatusAsync(cancellation), Membership));
        root.Add(Verb("grow", "Make a volume larger while it is in use: legs, mirror, filesystem.", (arguments, agent, cancellation) => agent.GrowAsync(arguments.GetRequiredValue(Name), arguments.GetValue(NewSize), cancellation), Name, NewSize, Membership));
        root.Add(Verb("detach", "Take a volume out of use here, in the safe order: unmount, stop the mirror, log out, remove the node records. Its data stay.", (arguments, agent, cancellation) => agent.DetachAsync(arguments.GetRequiredValue(Name), cancellation), Name, Membership));
        root.Add(Verb("accept", "Start a mirror from one copy although a newer one may exist. What only the other has is lost.", (arguments, agent, cancellation) => agent.AcceptAsync(arguments.GetRequiredValue(Name), arguments.GetValue(Leg), Confirmed(arguments), cancellation), Name, Leg, Yes, Membership));
        return root;

        Command Verb(string name, string help, Func<ParseResult, HostAgent, CancellationToken, Task> body, params Symbol[] symbols)
        {
            Command command = new(name, help);
            foreach (Symbol symbol in symbols)
            {
                if (symbol is Argument argument) command.Arguments.Add(argument);
                if (symbol is Option option) command.Options.Add(option);
            }

            command.SetAction(async (arguments, cancellation) =>
            {
                await body(arguments, new HostAgent(arguments.GetRequiredValue(Membership), arguments.GetRequiredValue(State), output, error), cancellation).ConfigureAwait(false);
                return (int)ExitCode.Ok;
            });
            return command;
        }
    }

    private static VolumeWish Wish(ParseResult arguments) => new(
        arguments.GetValue(Size), arguments.GetRequiredValue(Layout), arguments.GetValue(Policy), arguments.GetValue(FileSystem), arguments.GetValue(MountPath))
    {
        GrowAtPercent = arguments.GetValue(GrowAt),
        GrowByBytes = arguments.GetValue(GrowBy),
    };

    private static long ParseSize(System.CommandLine.Parsing.ArgumentResult result)
    {
        if (!ByteSize.TryParse(result.Tokens[0].Value, out long bytes, out string error)) result.AddError(error);
        return bytes;
    }

    private static bool Confirmed(ParseResult arguments)
    {
        if (arguments.GetValue(Yes)) return true;
        if (Console.IsInputRedirected) throw new CommandFailure(ExitCode.Usage, "What only another copy has would be lost, and there is nobody to ask.", "Add --yes if that is what you want.");
        Console.Error.Write("What only another copy has is lost by this. Type 'yes' to go on: ");
        return Console.ReadLine() == "yes";
    }

    private static string Ask(string question)
    {
        Console.Error.Write(question);
        return Console.ReadLine() ?? throw new CommandFailure(ExitCode.Usage, $"{question.TrimEnd(':', ' ')}: standard input has no more lines.");
    }
}
