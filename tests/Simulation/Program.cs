using System.Diagnostics;
using System.Globalization;
using VSan.Tests.Simulation;
using VSan.Tests.Simulation.World;

const string variable = "VSAN_SABOTAGE";

if (SimOptions.TryParse(args) is not { } options)
{
    await Console.Error.WriteLineAsync(SimOptions.Usage);
    return 2;
}

return options.Planted ? await FindPlantedAsync() : RunSeeds();

// Each seed is a world of its own; they share nothing, so they run side by side.
int RunSeeds()
{
    SimOutcome[] outcomes = options.Seeds == 1
        ? [RunOne(options.From)]
        : [.. Enumerable.Range(options.From, options.Seeds).AsParallel().AsOrdered().Select(RunOne)];
    foreach (SimOutcome outcome in outcomes.Where(outcome => outcome.Violations.Count > 0))
    {
        foreach (Violation violation in outcome.Violations.Take(5)) Console.WriteLine($"seed {outcome.Seed}: {violation.Invariant}: {violation.What}");
    }

    if (options.Seeds == 1) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"hash {outcomes[0].Hash:x16}"));
    int violations = outcomes.Sum(outcome => outcome.Violations.Count);
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seeds {options.Seeds} events {outcomes.Sum(outcome => outcome.Events)} violations {violations}"));
    return violations == 0 ? 0 : 1;
}

SimOutcome RunOne(int seed) => SimRun.Run(seed, options.Units, TimeSpan.FromMinutes(options.Minutes), options.Trace ? Console.Out : null);

// A planted bug is chosen once for a process, so each is looked for in one of its own.
async Task<int> FindPlantedAsync()
{
    if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 })
    {
        SimOutcome? found = Enumerable.Range(options.From, options.Seeds).Select(RunOne).FirstOrDefault(outcome => outcome.Violations.Count > 0);
        Console.WriteLine(found is null ? "NOT FOUND" : $"seed {found.Seed}: {found.Violations[0].Invariant}: {found.Violations[0].What}");
        return found is null ? 1 : 0;
    }

    int missed = 0;
    foreach (string bug in PlantedBugs.All)
    {
        Console.Write($"{bug}: ");
        ProcessStartInfo again = new(Environment.ProcessPath!, args) { Environment = { [variable] = bug } };
        using Process process = Process.Start(again)!;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) missed++;
    }

    Console.WriteLine($"planted {PlantedBugs.All.Count} missed {missed}");
    return PlantedBugs.All.Count > 0 && missed == 0 ? 0 : 1;
}
