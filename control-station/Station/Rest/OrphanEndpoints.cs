using VSan.Contracts.Api;
using VSan.Station.Execution;

namespace VSan.Station.Rest;

/// <summary><c>/orphans</c>.</summary>
internal sealed class OrphanEndpoints(OrphanService orphans)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/orphans", ListAsync).Needs("orphan.read");
        routes.MapPost("/orphans/{id:guid}:adopt", AdoptAsync).Needs("orphan.adopt");
        routes.MapDelete("/orphans/{id:guid}", DeleteAsync).Needs("orphan.delete");
    }

    private async Task ListAsync(HttpContext context) =>
        await Reply.OkAsync(context, await orphans.ListAsync(context.Caller, context.ListQuery(), context.RequestAborted), ApiJson.Default.OrphanPage);

    private async Task AdoptAsync(HttpContext context)
    {
        OrphanAdopt request = await context.BodyAsync(ApiJson.Default.OrphanAdopt);
        Volume volume = await orphans.AdoptAsync(context.Caller, context.RouteId, request, context.RequestAborted);
        await Reply.CreatedAsync(context, $"{RestApi.Root}/volumes/{volume.Id:D}", volume, ApiJson.Default.Volume);
    }

    private async Task DeleteAsync(HttpContext context)
    {
        Orphan orphan = await orphans.DeleteAsync(context.Caller, context.RouteId, context.RequestAborted);
        await Reply.JsonAsync(context, StatusCodes.Status202Accepted, orphan, ApiJson.Default.Orphan);
    }
}
