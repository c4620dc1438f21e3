using VSan.Contracts.Api;
using VSan.Station.Execution;

namespace VSan.Station.Rest;

/// <summary><c>/shares</c> and <c>/service-kinds</c>.</summary>
internal sealed class ShareEndpoints(ShareService shares, ServiceKindService kinds, OperationService operations)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/service-kinds", ListKindsAsync).Needs("service-kind.read");
        routes.MapGet("/shares", ListAsync).Needs("share.read");
        routes.MapPost("/shares", CreateAsync).Needs("share.create");
        routes.MapPost("/shares:explain", ExplainAsync).Needs("placement.explain");
        routes.MapGet("/shares/{id:guid}", GetAsync).Needs("share.read");
        routes.MapDelete("/shares/{id:guid}", DeleteAsync).Needs("share.delete");
        routes.MapPost("/shares/{id:guid}:bind", BindAsync).Needs("share.bind");
        routes.MapPost("/shares/{id:guid}:release", ReleaseAsync).Needs("share.release");
    }

    private async Task ListKindsAsync(HttpContext context) =>
        await Reply.OkAsync(context, await kinds.ListAsync(context.Caller, context.RequestAborted), ApiJson.Default.ServiceKindPage);

    private async Task ListAsync(HttpContext context) =>
        await Reply.OkAsync(context, await shares.ListAsync(context.Caller, context.ListQuery(), context.RequestAborted), ApiJson.Default.SharePage);

    private async Task GetAsync(HttpContext context) =>
        await Reply.OkAsync(context, await shares.GetAsync(context.Caller, context.RouteId, context.RequestAborted), ApiJson.Default.Share);

    private async Task ExplainAsync(HttpContext context) => await Reply.OkAsync(
        context, await shares.ExplainAsync(context.Caller, await context.BodyAsync(ApiJson.Default.ShareCreate), context.RequestAborted), ApiJson.Default.PlacementExplanation);

    private async Task CreateAsync(HttpContext context)
    {
        TimeSpan wait = context.Wait();
        ShareCreate request = await context.BodyAsync(ApiJson.Default.ShareCreate);
        ShareAccepted accepted = await shares.CreateAsync(context.Caller, request, context.IdempotencyKey, context.RequestAborted);
        Operation operation = await operations.FollowAsync(accepted.Operation, wait, context.RequestAborted);
        Share share = operation.State == OperationState.Succeeded ? await shares.GetAsync(context.Caller, accepted.Share.Id, context.RequestAborted) : accepted.Share;
        Reply.PointTo(context, operation);
        await Reply.CreatedAsync(context, $"{RestApi.Root}/shares/{share.Id:D}", new ShareAccepted(share, operation), ApiJson.Default.ShareAccepted);
    }

    private async Task BindAsync(HttpContext context)
    {
        TimeSpan wait = context.Wait();
        ShareBind request = await context.BodyAsync(ApiJson.Default.ShareBind);
        ShareBound bound = await shares.BindAsync(context.Caller, context.RouteId, request, context.IdempotencyKey, context.RequestAborted);
        Operation operation = await operations.FollowAsync(bound.Operation, wait, context.RequestAborted);
        Reply.PointTo(context, operation);
        context.Response.Headers.CacheControl = "no-store";
        await Reply.JsonAsync(context, StatusCodes.Status202Accepted, bound with { Operation = operation }, ApiJson.Default.ShareBound);
    }

    private async Task ReleaseAsync(HttpContext context)
    {
        TimeSpan wait = context.Wait();
        ShareRelease request = await context.BodyAsync(ApiJson.Default.ShareRelease);
        Operation operation = await shares.ReleaseAsync(context.Caller, context.RouteId, request, context.RequestAborted);
        await Reply.AcceptedAsync(context, await operations.FollowAsync(operation, wait, context.RequestAborted));
    }

    private async Task DeleteAsync(HttpContext context)
    {
        TimeSpan wait = context.Wait();
        Operation operation = await shares.DeleteAsync(context.Caller, context.RouteId, context.RequestAborted);
        await Reply.AcceptedAsync(context, await operations.FollowAsync(operation, wait, context.RequestAborted));
    }
}
