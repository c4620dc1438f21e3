using VSan.Station.Execution;

namespace VSan.Station;

/// <summary>The services' log, on the host's.</summary>
internal sealed class StationLog(ILogger<StationLog> log) : IStationLog
{
    /// <inheritdoc/>
    public void Information(string message) => log.LogInformation("{Message}", message);

    /// <inheritdoc/>
    public void Warning(string message, Exception? exception = null) => log.LogWarning(exception, "{Message}", message);
}
