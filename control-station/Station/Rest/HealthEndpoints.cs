using VSan.Station.Execution;

namespace VSan.Station.Rest;

/// <summary><c>/healthz</c> (the process answers) and <c>/readyz</c> (its database does). Open to all, and without secrets.</summary>
internal sealed class HealthEndpoints(IStationStore store, ILogger<HealthEndpoints> log)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/healthz", context => context.Response.WriteAsync("ok\n", context.RequestAborted));
        routes.MapGet("/readyz", ReadyAsync);
    }

    private async Task ReadyAsync(HttpContext context)
    {
        try
        {
            _ = await store.ReadAsync(transaction => transaction.LastEvents(1).Count, context.RequestAborted);
            await context.Response.WriteAsync("ready\n", context.RequestAborted);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            log.LogError(exception, "The database does not answer.");
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            await context.Response.WriteAsync("the database does not answer\n", context.RequestAborted);
        }
    }
}
