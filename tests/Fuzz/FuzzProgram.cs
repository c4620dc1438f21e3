using System.Reflection;
using VSan.Tests.Fuzz;
using VSan.Tests.Fuzz.Coverage;
using VSan.Tests.Fuzz.Grammar;

const string variable = "VSAN_SABOTAGE";

// vsan-fuzz [--seconds N] [--scripts N] [--seed S] [--target …] [--break] [--folder F] | replay FILE…: docs/fuzzing.md.
if (args is ["replay", _, ..]) return FuzzCommand.Replay(args[1..]) == 0 ? 0 : 1;
if (FuzzOptions.TryParse(args) is not { } options)
{
    await Console.Error.WriteLineAsync("usage: ./dev fuzz [--seconds N] [--scripts N] [--seed S] [--target in-process|pdu|text|cdb|sockets] [--break]\n       ./dev fuzz replay FILE...");
    return 2;
}

if (!options.Break) return await RunAsync() == 0 ? 0 : 1;
int missed = 0;
foreach (string bug in FuzzCommand.PlantedBugs(options.Target))
{
    Console.WriteLine($"planted: {bug}");
    Environment.SetEnvironmentVariable(variable, bug);
    bool seen = await RunAsync() > 0;
    Console.WriteLine(seen ? "the fuzzer sees it" : "THE FUZZER DOES NOT SEE IT");
    if (!seen) missed++;
}

return missed == 0 ? 0 : 1;

// In process the fuzzer is loaded anew for each run, on instrumented code.
async Task<int> RunAsync()
{
    if (options.Target == FuzzTarget.Sockets) return await FuzzCommand.RunOverSocketsAsync(options);
    Type command = InstrumentedContext.LoadFuzzer().GetType(typeof(FuzzCommand).FullName!)!;
    return (int)command.GetMethod(nameof(FuzzCommand.Run), BindingFlags.Static | BindingFlags.Public)!.Invoke(null, [args])!;
}
