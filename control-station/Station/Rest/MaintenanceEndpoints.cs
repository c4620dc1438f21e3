using VSan.Contracts.Api;
using VSan.Station.Execution;

namespace VSan.Station.Rest;

/// <summary><c>/units/{id}/safe-to-stop</c> and <c>/units/{id}:maintenance</c>.</summary>
internal sealed class MaintenanceEndpoints(MaintenanceService maintenance)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/units/{id:guid}/safe-to-stop", SafeToStopAsync).Needs("unit.read");
        routes.MapPost("/units/{id:guid}:maintenance", SetAsync).Needs("unit.maintenance");
    }

    private async Task SafeToStopAsync(HttpContext context) =>
        await Reply.OkAsync(context, await maintenance.SafeToStopAsync(context.Caller, context.RouteId, context.RequestAborted), ApiJson.Default.SafeToStop);

    private async Task SetAsync(HttpContext context)
    {
        MaintenanceSet request = await context.BodyAsync(ApiJson.Default.MaintenanceSet);
        await Reply.OkAsync(context, await maintenance.SetAsync(context.Caller, context.RouteId, request, context.RequestAborted), ApiJson.Default.SafeToStop);
    }
}
