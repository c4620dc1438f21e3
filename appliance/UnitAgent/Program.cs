using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging.Console;
using VSan.UnitAgent;
using VSan.UnitAgent.State;
using VSan.UnitAgent.Updating;

using CancellationTokenSource stop = new();
using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
try
{
    switch (args)
    {
        case ["run", .. string[] rest]:
            using (ILoggerFactory logs = Logs())
                await new UnitProgram(UnitOptions.Parse(rest), TimeProvider.System, logs, Console.Out).RunAsync(stop.Token);
            return (int)ExitCode.Done;
        case ["status", "--state", string path]:
            StatusReport.Print(path, Console.Out);
            return (int)ExitCode.Done;
        case ["console", "--state", string path]:
            await new ConsoleScreen(path, PortalAddresses.OfThisMachine, TimeProvider.System, Console.Out).RunAsync(stop.Token);
            return (int)ExitCode.Done;
        case ["slots", .. string[] rest]:
            SlotVerbs.Serve(rest);
            return (int)ExitCode.Done;
        case ["--help"] or ["-h"]:
            Console.WriteLine(UnitOptions.Usage);
            return (int)ExitCode.Done;
        default:
            Console.Error.WriteLine(UnitOptions.Usage);
            return (int)ExitCode.Usage;
    }
}
catch (UnitFailure failure)
{
    Console.Error.WriteLine($"vsan-unit: {failure.Message}");
    return (int)failure.Code;
}

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}

// The journal keeps stderr; stdout belongs to the one line that scripts wait for.
static ILoggerFactory Logs() => LoggerFactory.Create(logging => logging
    .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace)
    .AddSimpleConsole(line => (line.SingleLine, line.ColorBehavior) = (true, LoggerColorBehavior.Disabled))
    .AddFilter("Microsoft", LogLevel.Warning));
