using VSan.Tests.Fuzz.Grammar;
using VSan.Tests.Fuzz.Running;
using VSan.Tests.Fuzz.Scripts;
using VSan.Tests.Fuzz.Sockets;

namespace VSan.Tests.Fuzz;

/// <summary>What FuzzProgram asks of the fuzzer that it has loaded; plain types only, as the two may be loaded apart.</summary>
internal static class FuzzCommand
{
    /// <summary>Runs with the words of the command line.</summary>
    /// <returns>Findings; the report's line goes to the console.</returns>
    public static int Run(string[] words)
    {
        FuzzOptions options = FuzzOptions.TryParse(words)!;
        FuzzReport report = new Fuzzer(options with { StopAtFirst = options.Break }, Console.Out).Run();
        Console.WriteLine($"{report.Scripts} scripts from seed {options.Seed}");
        Console.WriteLine(report.Line);
        return report.Findings.Count;
    }

    /// <summary>Runs scripts from files.</summary>
    /// <returns>How many showed something.</returns>
    public static int Replay(string[] paths)
    {
        int findings = 0;
        var trial = new ScriptTrial(timed: false);
        foreach (string path in paths)
        {
            string? what = trial.Try(ScriptText.Parse(File.ReadAllText(path)), cutSeed: 1);
            Console.WriteLine($"{path}: {what ?? "nothing wrong"}");
            if (what is not null) findings++;
        }

        return findings;
    }

    /// <summary>The same over TCP against the block server; no protocol code runs here.</summary>
    public static async Task<int> RunOverSocketsAsync(FuzzOptions options)
    {
        FuzzReport report = await new SocketFuzzer(options, Console.Out).RunAsync();
        Console.WriteLine($"{report.Scripts} scripts from seed {options.Seed}");
        Console.WriteLine(report.Line);
        return report.Findings.Count;
    }

    /// <summary>The planted bugs of appliance/Sabotage.cs that a target's grammar has to find.</summary>
    public static string[] PlantedBugs(FuzzTarget target) => target switch
    {
        FuzzTarget.Text => ["overflow-chap-response"],
        FuzzTarget.Sockets => [SocketFuzzer.PlantedBug],
        FuzzTarget.Pdu => ["ignore-data-sn"],
        FuzzTarget.Cdb => ["trust-unmap-length"],
        FuzzTarget.InProcess => ["overflow-chap-response", "ignore-data-sn", "trust-unmap-length"],
    };
}
