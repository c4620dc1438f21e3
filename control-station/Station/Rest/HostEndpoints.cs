using VSan.Contracts.Api;
using VSan.Station.Execution;
using Host = VSan.Contracts.Api.Host;

namespace VSan.Station.Rest;

/// <summary><c>/hosts</c>.</summary>
internal sealed class HostEndpoints(HostService hosts)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/hosts", ListAsync).Needs("host.read");
        routes.MapPost("/hosts", CreateAsync).Needs("host.create");
        routes.MapGet("/hosts/{id:guid}", GetAsync).Needs("host.read");
        routes.MapDelete("/hosts/{id:guid}", DeleteAsync).Needs("host.delete");
    }

    private async Task ListAsync(HttpContext context) =>
        await Reply.OkAsync(context, await hosts.ListAsync(context.Caller, context.ListQuery(), context.RequestAborted), ApiJson.Default.HostPage);

    private async Task GetAsync(HttpContext context) =>
        await Reply.OkAsync(context, await hosts.GetAsync(context.Caller, context.RouteId, context.RequestAborted), ApiJson.Default.Host);

    private async Task CreateAsync(HttpContext context)
    {
        HostCreate request = await context.BodyAsync(ApiJson.Default.HostCreate);
        Host created = await hosts.CreateAsync(context.Caller, request, context.IdempotencyKey, context.RequestAborted);
        await Reply.CreatedAsync(context, $"{RestApi.Root}/hosts/{created.Id:D}", created, ApiJson.Default.Host);
    }

    private async Task DeleteAsync(HttpContext context)
    {
        await hosts.DeleteAsync(context.Caller, context.RouteId, context.RequestAborted);
        await Reply.NoContent(context);
    }
}
