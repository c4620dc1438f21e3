using VSan.Contracts.Api;
using VSan.Station.Execution;

namespace VSan.Station.Rest;

/// <summary><c>/mappings</c>.</summary>
internal sealed class MappingEndpoints(MappingService mappings, OperationService operations)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/mappings", ListAsync).Needs("mapping.read");
        routes.MapPost("/mappings", CreateAsync).Needs("mapping.create");
        routes.MapGet("/mappings/{id:guid}", GetAsync).Needs("mapping.read");
        routes.MapDelete("/mappings/{id:guid}", DeleteAsync).Needs("mapping.delete");
        routes.MapGet("/mappings/{id:guid}/connect-info", ConnectInfoAsync).Needs("mapping.connect-info");
    }

    private async Task ListAsync(HttpContext context) =>
        await Reply.OkAsync(context, await mappings.ListAsync(context.Caller, context.ListQuery(), context.RequestAborted), ApiJson.Default.MappingPage);

    private async Task GetAsync(HttpContext context) =>
        await Reply.OkAsync(context, await mappings.GetAsync(context.Caller, context.RouteId, context.RequestAborted), ApiJson.Default.Mapping);

    private async Task CreateAsync(HttpContext context)
    {
        TimeSpan wait = context.Wait();
        MappingCreate request = await context.BodyAsync(ApiJson.Default.MappingCreate);
        MappingAccepted accepted = await mappings.CreateAsync(context.Caller, request, context.IdempotencyKey, context.RequestAborted);
        Operation operation = await operations.FollowAsync(accepted.Operation, wait, context.RequestAborted);
        Mapping mapping = operation.State == OperationState.Succeeded
            ? await mappings.GetAsync(context.Caller, accepted.Mapping.Id, context.RequestAborted)
            : accepted.Mapping;
        Reply.PointTo(context, operation);
        await Reply.CreatedAsync(context, $"{RestApi.Root}/mappings/{mapping.Id:D}", new MappingAccepted(mapping, operation), ApiJson.Default.MappingAccepted);
    }

    private async Task DeleteAsync(HttpContext context)
    {
        TimeSpan wait = context.Wait();
        Operation operation = await mappings.DeleteAsync(context.Caller, context.RouteId, context.RequestAborted);
        await Reply.AcceptedAsync(context, await operations.FollowAsync(operation, wait, context.RequestAborted));
    }

    private async Task ConnectInfoAsync(HttpContext context) =>
        await Reply.OkAsync(context, await mappings.ConnectInfoAsync(context.Caller, context.RouteId, context.RequestAborted), ApiJson.Default.ConnectInfo);
}
