using VSan.Contracts.Api;
using VSan.Station.Execution;

namespace VSan.Station.Rest;

/// <summary><c>/tokens</c>.</summary>
internal sealed class TokenEndpoints(TokenService tokens)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/tokens", ListAsync);
        routes.MapPost("/tokens", CreateAsync);
        routes.MapDelete("/tokens/{id}", DeleteAsync);
    }

    private async Task ListAsync(HttpContext context) =>
        await Reply.OkAsync(context, await tokens.ListAsync(context.Caller, context.ListQuery(), context.RequestAborted), ApiJson.Default.TokenPage);

    private async Task CreateAsync(HttpContext context)
    {
        TokenCreate request = await context.BodyAsync(ApiJson.Default.TokenCreate);
        TokenCreated created = await tokens.CreateAsync(context.Caller, request, context.RequestAborted);
        await Reply.CreatedAsync(context, $"{RestApi.Root}/tokens/{created.Token.Id}", created, ApiJson.Default.TokenCreated);
    }

    private async Task DeleteAsync(HttpContext context)
    {
        await tokens.DeleteAsync(context.Caller, context.RouteText("id"), context.RequestAborted);
        await Reply.NoContent(context);
    }
}
