using VSan.Contracts.Api;
using VSan.Station.Execution;

namespace VSan.Station.Rest;

/// <summary><c>/volumes</c>.</summary>
internal sealed class VolumeEndpoints(VolumeService volumes, MoveService moves, TrashService trash, OperationService operations)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/volumes", ListAsync).Needs("volume.read");
        routes.MapPost("/volumes", CreateAsync).Needs("volume.create");
        routes.MapGet("/volumes/{id:guid}", GetAsync).Needs("volume.read");
        routes.MapPatch("/volumes/{id:guid}", ChangeAsync).Needs("volume.change");
        routes.MapDelete("/volumes/{id:guid}", TrashAsync).Needs("volume.delete");
        routes.MapPost("/volumes/{id:guid}:purge", PurgeAsync).Needs("volume.purge");
        routes.MapPost("/volumes/{id:guid}:move", MoveAsync).Needs("volume.move");
        routes.MapPost("/volumes/{id:guid}:expand", ExpandAsync).Needs("volume.expand");
    }

    private async Task ListAsync(HttpContext context) =>
        await Reply.OkAsync(context, await volumes.ListAsync(context.Caller, context.ListQuery(), context.RequestAborted), ApiJson.Default.VolumePage);

    private async Task GetAsync(HttpContext context) =>
        await Reply.OkAsync(context, await volumes.GetAsync(context.Caller, context.RouteId, context.RequestAborted), ApiJson.Default.Volume);

    private async Task CreateAsync(HttpContext context)
    {
        TimeSpan wait = context.Wait();
        VolumeCreate request = await context.BodyAsync(ApiJson.Default.VolumeCreate);
        VolumeAccepted accepted = await volumes.CreateAsync(context.Caller, request, context.IdempotencyKey, context.RequestAborted);
        Operation operation = await operations.FollowAsync(accepted.Operation, wait, context.RequestAborted);
        Volume volume = operation.State == OperationState.Succeeded
            ? await volumes.GetAsync(context.Caller, accepted.Volume.Id, context.RequestAborted)
            : accepted.Volume;
        Reply.PointTo(context, operation);
        await Reply.CreatedAsync(context, $"{RestApi.Root}/volumes/{volume.Id:D}", new VolumeAccepted(volume, operation), ApiJson.Default.VolumeAccepted);
    }

    private async Task ChangeAsync(HttpContext context)
    {
        VolumeChange request = await context.BodyAsync(ApiJson.Default.VolumeChange);
        await Reply.OkAsync(context, await volumes.ChangeAsync(context.Caller, context.RouteId, request, context.RequestAborted), ApiJson.Default.Volume);
    }

    private async Task TrashAsync(HttpContext context) =>
        await Reply.OkAsync(context, await trash.PutAsync(context.Caller, context.RouteId, context.Span("delay"), context.RequestAborted), ApiJson.Default.Volume);

    private async Task ExpandAsync(HttpContext context)
    {
        TimeSpan wait = context.Wait();
        VolumeExpand request = await context.BodyAsync(ApiJson.Default.VolumeExpand);
        Operation operation = await volumes.ExpandAsync(context.Caller, context.RouteId, request, context.RequestAborted);
        await Reply.AcceptedAsync(context, await operations.FollowAsync(operation, wait, context.RequestAborted));
    }

    private async Task MoveAsync(HttpContext context)
    {
        TimeSpan wait = context.Wait();
        VolumeMove request = await context.BodyAsync(ApiJson.Default.VolumeMove);
        Operation operation = await moves.MoveAsync(context.Caller, context.RouteId, request, context.RequestAborted);
        await Reply.AcceptedAsync(context, await operations.FollowAsync(operation, wait, context.RequestAborted));
    }

    private async Task PurgeAsync(HttpContext context)
    {
        TimeSpan wait = context.Wait();
        Operation operation = await volumes.DeleteAsync(context.Caller, context.RouteId, context.RequestAborted);
        await Reply.AcceptedAsync(context, await operations.FollowAsync(operation, wait, context.RequestAborted));
    }
}
