using VSan.Contracts.Api;
using VSan.Station.Execution;

namespace VSan.Station.Rest;

/// <summary><c>/tokens</c>.</summary>
internal sealed class TokenEndpoints(TokenService tokens)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/tokens", ListAsync).Needs("token.read");
        routes.MapPost("/tokens", CreateAsync).Needs("token.create");
        routes.MapDelete("/tokens/{id}", DeleteAsync).Needs("token.delete");
    }

    private async Task ListAsync(HttpContext context) =>
        await Reply.OkAsync(context, await tokens.ListAsync(context.Caller, context.ListQuery(), context.RequestAborted), ApiJson.Default.TokenPage);

    private async Task CreateAsync(HttpContext context)
    {
        TokenCreate request = await context.BodyAsync(ApiJson.Default.TokenCreate);
        TokenCreated created = await tokens.CreateAsync(context.Caller, request, context.IdempotencyKey, context.RequestAborted);
        await Reply.CreatedAsync(context, $"{RestApi.Root}/tokens/{created.Token.Id}", created, ApiJson.Default.TokenCreated);
    }

    private async Task DeleteAsync(HttpContext context)
    {
        await tokens.DeleteAsync(context.Caller, context.RouteText("id"), context.RequestAborted);
        await Reply.NoContent(context);
    }
}
