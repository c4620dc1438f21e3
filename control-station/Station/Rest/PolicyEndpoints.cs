using VSan.Contracts.Api;
using VSan.Station.Execution;

namespace VSan.Station.Rest;

/// <summary><c>/policies</c>.</summary>
internal sealed class PolicyEndpoints(PolicyService policies)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/policies", ListAsync).Needs("policy.read");
        routes.MapPost("/policies", CreateAsync).Needs("policy.create");
        routes.MapGet("/policies/{id:guid}", GetAsync).Needs("policy.read");
        routes.MapPut("/policies/{id:guid}", ChangeAsync).Needs("policy.change");
        routes.MapDelete("/policies/{id:guid}", DeleteAsync).Needs("policy.delete");
    }

    private async Task ListAsync(HttpContext context) =>
        await Reply.OkAsync(context, await policies.ListAsync(context.Caller, context.ListQuery(), context.RequestAborted), ApiJson.Default.PolicyPage);

    private async Task GetAsync(HttpContext context) =>
        await Reply.OkAsync(context, await policies.GetAsync(context.Caller, context.RouteId, context.RequestAborted), ApiJson.Default.Policy);

    private async Task CreateAsync(HttpContext context)
    {
        PolicyCreate request = await context.BodyAsync(ApiJson.Default.PolicyCreate);
        Policy policy = await policies.CreateAsync(context.Caller, request, context.IdempotencyKey, context.RequestAborted);
        await Reply.CreatedAsync(context, $"{RestApi.Root}/policies/{policy.Id:D}", policy, ApiJson.Default.Policy);
    }

    private async Task ChangeAsync(HttpContext context)
    {
        PolicyCreate request = await context.BodyAsync(ApiJson.Default.PolicyCreate);
        await Reply.OkAsync(context, await policies.ChangeAsync(context.Caller, context.RouteId, request, context.RequestAborted), ApiJson.Default.Policy);
    }

    private async Task DeleteAsync(HttpContext context)
    {
        await policies.DeleteAsync(context.Caller, context.RouteId, context.RequestAborted);
        await Reply.NoContent(context);
    }
}
