using VSan.Contracts.Api;
using VSan.Station.Execution;

namespace VSan.Station.Rest;

/// <summary><c>/operations</c>.</summary>
internal sealed class OperationEndpoints(OperationService operations)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/operations", ListAsync).Needs("operation.read");
        routes.MapGet("/operations/{id:guid}", GetAsync).Needs("operation.read");
        routes.MapPost("/operations/{id:guid}:cancel", CancelAsync).Needs("operation.cancel");
        routes.MapPost("/operations/{id:guid}:retry", RetryAsync).Needs("operation.retry");
    }

    private async Task ListAsync(HttpContext context) =>
        await Reply.OkAsync(context, await operations.ListAsync(context.Caller, context.ListQuery(), context.RequestAborted), ApiJson.Default.OperationPage);

    private async Task GetAsync(HttpContext context)
    {
        TimeSpan wait = context.Wait();
        Operation operation = await operations.GetAsync(context.Caller, context.RouteId, context.RequestAborted);
        await Reply.OkAsync(context, await operations.FollowAsync(operation, wait, context.RequestAborted), ApiJson.Default.Operation);
    }

    private async Task CancelAsync(HttpContext context) =>
        await Reply.OkAsync(context, await operations.CancelAsync(context.Caller, context.RouteId, context.RequestAborted), ApiJson.Default.Operation);

    private async Task RetryAsync(HttpContext context) =>
        await Reply.OkAsync(context, await operations.RetryAsync(context.Caller, context.RouteId, context.RequestAborted), ApiJson.Default.Operation);
}
