using VSan.Contracts.Api;
using VSan.Station.Execution;

namespace VSan.Station.Rest;

/// <summary><c>/trash</c>.</summary>
internal sealed class TrashEndpoints(TrashService trash)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/trash", ListAsync).Needs("volume.read");
        routes.MapPost("/trash:empty", EmptyAsync).Needs("trash.empty");
        routes.MapPost("/volumes/{id:guid}:restore", RestoreAsync).Needs("volume.restore");
    }

    private async Task ListAsync(HttpContext context) =>
        await Reply.OkAsync(context, await trash.ListAsync(context.Caller, context.RequestAborted), ApiJson.Default.VolumePage);

    private async Task RestoreAsync(HttpContext context) =>
        await Reply.OkAsync(context, await trash.RestoreAsync(context.Caller, context.RouteId, context.RequestAborted), ApiJson.Default.Volume);

    private async Task EmptyAsync(HttpContext context) =>
        await Reply.JsonAsync(context, StatusCodes.Status202Accepted, await trash.EmptyAsync(context.Caller, context.RequestAborted), ApiJson.Default.OperationPage);
}
