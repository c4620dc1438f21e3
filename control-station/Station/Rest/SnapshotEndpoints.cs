using VSan.Contracts.Api;
using VSan.Station.Execution;

namespace VSan.Station.Rest;

/// <summary><c>/snapshots</c> and <c>/volumes/{id}/snapshots</c>.</summary>
internal sealed class SnapshotEndpoints(SnapshotService snapshots, VolumeService volumes, OperationService operations)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/snapshots", ListAsync).Needs("snapshot.read");
        routes.MapPost("/snapshots", CreateGroupAsync).Needs("snapshot.create");
        routes.MapGet("/snapshots/{id:guid}", GetAsync).Needs("snapshot.read");
        routes.MapDelete("/snapshots/{id:guid}", DeleteAsync).Needs("snapshot.delete");
        routes.MapPost("/snapshots/{id:guid}:clone", CloneAsync).Needs("snapshot.clone");
        routes.MapGet("/volumes/{id:guid}/snapshots", OfVolumeAsync).Needs("snapshot.read");
        routes.MapPost("/volumes/{id:guid}/snapshots", CreateAsync).Needs("snapshot.create");
    }

    private async Task ListAsync(HttpContext context) =>
        await Reply.OkAsync(context, await snapshots.ListAsync(context.Caller, context.ListQuery(), context.RequestAborted), ApiJson.Default.SnapshotPage);

    private async Task OfVolumeAsync(HttpContext context) =>
        await Reply.OkAsync(context, await snapshots.OfVolumeAsync(context.Caller, context.RouteId, context.RequestAborted), ApiJson.Default.SnapshotPage);

    private async Task GetAsync(HttpContext context) =>
        await Reply.OkAsync(context, await snapshots.GetAsync(context.Caller, context.RouteId, context.RequestAborted), ApiJson.Default.Snapshot);

    private async Task CreateAsync(HttpContext context)
    {
        SnapshotCreate request = await context.BodyAsync(ApiJson.Default.SnapshotCreate);
        await TakeAsync(context, new SnapshotGroupCreate(request.Name, [context.RouteId]));
    }

    private async Task CreateGroupAsync(HttpContext context) => await TakeAsync(context, await context.BodyAsync(ApiJson.Default.SnapshotGroupCreate));

    private async Task TakeAsync(HttpContext context, SnapshotGroupCreate request)
    {
        TimeSpan wait = context.Wait();
        SnapshotsAccepted accepted = await snapshots.CreateAsync(context.Caller, request, context.IdempotencyKey, context.RequestAborted);
        Operation operation = await operations.FollowAsync(accepted.Operation, wait, context.RequestAborted);
        List<Snapshot> shown = [];
        foreach (Snapshot snapshot in accepted.Snapshots)
            shown.Add(operation.State == OperationState.Succeeded ? await snapshots.GetAsync(context.Caller, snapshot.Id, context.RequestAborted) : snapshot);
        Reply.PointTo(context, operation);
        await Reply.CreatedAsync(context, $"{RestApi.Root}/snapshots/{shown[0].Id:D}", new SnapshotsAccepted(shown, operation), ApiJson.Default.SnapshotsAccepted);
    }

    private async Task CloneAsync(HttpContext context)
    {
        TimeSpan wait = context.Wait();
        SnapshotClone request = await context.BodyAsync(ApiJson.Default.SnapshotClone);
        VolumeAccepted accepted = await snapshots.CloneAsync(context.Caller, context.RouteId, request, context.IdempotencyKey, context.RequestAborted);
        Operation operation = await operations.FollowAsync(accepted.Operation, wait, context.RequestAborted);
        Volume volume = operation.State == OperationState.Succeeded
            ? await volumes.GetAsync(context.Caller, accepted.Volume.Id, context.RequestAborted)
            : accepted.Volume;
        Reply.PointTo(context, operation);
        await Reply.CreatedAsync(context, $"{RestApi.Root}/volumes/{volume.Id:D}", new VolumeAccepted(volume, operation), ApiJson.Default.VolumeAccepted);
    }

    private async Task DeleteAsync(HttpContext context)
    {
        TimeSpan wait = context.Wait();
        Operation operation = await snapshots.DeleteAsync(context.Caller, context.RouteId, context.RequestAborted);
        await Reply.AcceptedAsync(context, await operations.FollowAsync(operation, wait, context.RequestAborted));
    }
}
