using VSan.Station.Execution;

namespace VSan.Station;

/// <summary>Keeps the services' work going while the host runs; when it fails, the host stops and the service manager starts it anew.</summary>
internal sealed class StationWork(StationServices services) : BackgroundService
{
    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => services.RunAsync(stoppingToken);
}
