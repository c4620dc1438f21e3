using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using VSan.Cli.Commands;

namespace VSan.Cli;

/// <summary>All nouns and verbs, and the one place where a command's failure becomes words and an exit code.</summary>
internal static class CommandTree
{
    private const string Overview = """
        Examples:
          vsan login --server https://station:8443 --ca-file ca.crt
          vsan volume create db --size 10GiB --host demo --wait
          vsan connect-info db demo

        Exit codes: 0 ok, 1 error, 2 usage, 3 not found, 4 conflict, 5 denied, 6 station unavailable, 7 timed out (the work goes on).
        """;

    private const string ConsoleOverview = """
        Examples:
          volume create db --size 10GiB --host demo --wait
          unit list -o wide
          placement explain --size 1TiB --layout mirror-2

        You are who is signed in here. What reads or writes files, signs in or keeps watching is left out: for that, run vsan on your own machine.
        """;

    /// <summary>Parses and runs a command line.</summary>
    public static async Task<int> RunAsync(string[] arguments, CommandEnvironment environment)
    {
        ParseResult result = Create(environment).Parse(arguments);
        if (result.Action is ParseErrorAction) return (int)Refuse(result, environment.Error);
        try
        {
            var console = new InvocationConfiguration { Output = environment.Output, Error = environment.Error, EnableDefaultExceptionHandler = false };
            return await result.InvokeAsync(console).ConfigureAwait(false);
        }
        catch (CommandFailure failure)
        {
            failure.WriteTo(environment.Error);
            return (int)failure.ExitCode;
        }
        catch (DryRunOutcome tried)
        {
            if (tried.Result is not null && result.GetValue(GlobalOptions.Output) == "json") environment.Output.WriteLine(tried.Result);
            else environment.Output.WriteLine(tried.Message);
            return (int)ExitCode.Ok;
        }
        catch (OperationCanceledException)
        {
            environment.Error.WriteLine("vsan: interrupted. What the station accepted goes on; 'vsan operation list' shows it.");
            return (int)ExitCode.Interrupted;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            environment.Error.WriteLine($"vsan: {failure.Message}");
            return (int)ExitCode.Error;
        }
    }

    /// <summary>The tree; commands run in <paramref name="environment"/>.</summary>
    public static RootCommand Create(CommandEnvironment environment)
    {
        var root = new RootCommand("The virtual storage pool from a shell: volumes for hosts, units, operations.")
        {
            GlobalOptions.Output,
            GlobalOptions.DryRun,
        };
        var run = new CommandRunner(environment);
        run.Explain(root, run.IsConsole ? ConsoleOverview : Overview);
        if (!run.IsConsole) AddForOwnMachine(root, run);
        PoolCommands.AddTo(root, run);
        PlanCommands.AddTo(root, run);
        OrphanCommands.AddTo(root, run);
        StationCommands.AddTo(root, run);
        UnitCommands.AddTo(root, run);
        StoreCommands.AddTo(root, run);
        DiskCommands.AddTo(root, run);
        TokenCommands.AddTo(root, run);
        ImageCommands.AddTo(root, run);
        HostCommands.AddTo(root, run);
        VolumeCommands.AddTo(root, run);
        SnapshotCommands.AddTo(root, run);
        ScheduleCommands.AddTo(root, run);
        TrashCommands.AddTo(root, run);
        ShareCommands.AddTo(root, run);
        ServiceKindCommands.AddTo(root, run);
        PlacementCommands.AddTo(root, run);
        ProjectCommands.AddTo(root, run);
        PolicyCommands.AddTo(root, run);
        AlarmCommands.AddTo(root, run);
        MappingCommands.AddTo(root, run);
        OperationCommands.AddTo(root, run);
        EventCommands.AddTo(root, run);
        PostCommands.AddTo(root, run);
        UserCommands.AddTo(root, run);
        AccessTokenCommands.AddTo(root, run);
        AccountCommands.AddTo(root, run);
        AuditCommands.AddTo(root, run);
        DoctorCommands.AddTo(root, run);
        run.ShowExplanations(root);
        return root;
    }

    // What keeps a session, reads files or prepares a shell.
    private static void AddForOwnMachine(RootCommand root, CommandRunner run)
    {
        root.Options.Add(GlobalOptions.Context);
        root.Options.Add(GlobalOptions.Certificate);
        SessionCommands.AddTo(root, run);
        ContextCommands.AddTo(root, run);
        CompletionCommands.AddTo(root, run);
    }

    private static ExitCode Refuse(ParseResult result, TextWriter error)
    {
        foreach (string message in result.Errors.Select(e => e.Message).Distinct())
        {
            string[] words = message.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries);
            error.WriteLine($"vsan: {string.Join(' ', words)}");
        }

        var names = new Stack<string>();
        for (SymbolResult? at = result.CommandResult; at is CommandResult command; at = at.Parent) names.Push(command.IdentifierToken.Value);
        names.Pop();
        error.WriteLine($"      '{string.Join(' ', names.Prepend("vsan"))} --help' shows how it is used.");
        return ExitCode.Usage;
    }
}
