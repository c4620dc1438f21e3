using VSan.Contracts.Api;
using VSan.Station.Execution;

namespace VSan.Station.Rest;

/// <summary><c>/pool</c>.</summary>
internal sealed class PoolEndpoints(PoolService pool, ImportService import)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/pool", GetAsync).Needs("pool.read");
        routes.MapPatch("/pool", ChangeAsync).Needs("pool.change");
        routes.MapPost("/pool:thaw", ThawAsync).Needs("pool.thaw");
        routes.MapPost("/pool:import", ImportAsync).Needs("pool.import");
    }

    private async Task GetAsync(HttpContext context) =>
        await Reply.OkAsync(context, await pool.GetAsync(context.Caller, context.RequestAborted), ApiJson.Default.Pool);

    private async Task ChangeAsync(HttpContext context)
    {
        PoolChange request = await context.BodyAsync(ApiJson.Default.PoolChange);
        await Reply.OkAsync(context, await pool.ChangeAsync(context.Caller, request, context.RequestAborted), ApiJson.Default.Pool);
    }

    private async Task ImportAsync(HttpContext context)
    {
        ImportRequest request = await context.BodyAsync(ApiJson.Default.ImportRequest);
        await Reply.OkAsync(context, await import.ImportAsync(context.Caller, request, context.RequestAborted), ApiJson.Default.ImportReport);
    }

    private async Task ThawAsync(HttpContext context) =>
        await Reply.OkAsync(context, await pool.ThawAsync(context.Caller, context.RequestAborted), ApiJson.Default.Pool);
}
