using VSan.Contracts.Api;
using VSan.Station.Execution;

namespace VSan.Station.Rest;

/// <summary><c>/access-tokens</c>: what machines and scripts sign their requests with.</summary>
internal sealed class AccessTokenEndpoints(AccessTokenService tokens)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/access-tokens", ListAsync).Needs("access-token.read");
        routes.MapPost("/access-tokens", CreateAsync).Needs("access-token.create");
        routes.MapDelete("/access-tokens/{id:guid}", DeleteAsync).Needs("access-token.delete");
    }

    private async Task ListAsync(HttpContext context) =>
        await Reply.OkAsync(context, await tokens.ListAsync(context.Caller, context.ListQuery(), context.RequestAborted), ApiJson.Default.AccessTokenPage);

    private async Task CreateAsync(HttpContext context)
    {
        AccessTokenCreate request = await context.BodyAsync(ApiJson.Default.AccessTokenCreate);
        AccessTokenCreated created = await tokens.CreateAsync(context.Caller, request, context.IdempotencyKey, context.RequestAborted);
        await Reply.CreatedAsync(context, $"{RestApi.Root}/access-tokens/{created.Token.Id:D}", created, ApiJson.Default.AccessTokenCreated);
    }

    private async Task DeleteAsync(HttpContext context)
    {
        await tokens.DeleteAsync(context.Caller, context.RouteId, context.RequestAborted);
        await Reply.NoContent(context);
    }
}
