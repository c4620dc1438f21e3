using VSan.Station.Execution;

namespace VSan.Station;

/// <summary>Keeps the services' work going while the host runs; when it fails, the host stops and the service manager starts it anew.</summary>
internal sealed class StationWork(StationServices services, ILogger<StationWork> log) : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await services.RunAsync(stoppingToken);
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            if ((exception as StoreUnwritableException ?? exception.InnerException as StoreUnwritableException) is { } store)
                log.LogCritical("{Message} The station ends, to be started anew from what it has stored.", store.Message);
            else
                log.LogCritical(exception, "The station's work failed; the station ends, to be started anew from what it has stored.");
            throw;
        }
    }
}
