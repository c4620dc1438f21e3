using Microsoft.Extensions.Logging.Console;

namespace VSan.Station;

/// <summary>The log: one line for each event, on stderr; stdout belongs to what a caller reads.</summary>
internal static class StationConsole
{
    public static void AddStationConsole(this ILoggingBuilder logging)
    {
        logging.ClearProviders();
        logging.AddSimpleConsole(line =>
        {
            line.SingleLine = true;
            line.UseUtcTimestamp = true;
            line.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
            line.ColorBehavior = LoggerColorBehavior.Disabled;
        });
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        logging.SetMinimumLevel(LogLevel.Information);
        logging.AddFilter("Microsoft", LogLevel.Warning);

        // The host would print a failure to start, which the command line says in one line, and a failure of the work, which StationWork logs.
        logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
    }
}
