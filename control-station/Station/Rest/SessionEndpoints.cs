using Microsoft.AspNetCore.Authorization;
using VSan.Contracts.Api;
using VSan.Station.Execution;
using VSan.WebOs.Shell;

namespace VSan.Station.Rest;

/// <summary><c>/sessions</c>: programs sign in and out here, browsers at the web OS.</summary>
internal sealed class SessionEndpoints(SessionService sessions)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/sessions", CreateAsync).WithMetadata(new AllowAnonymousAttribute());
        routes.MapGet("/sessions", ListAsync).Needs("session.read");
        routes.MapDelete("/sessions/{id:guid}", RevokeAsync).Needs("session.delete");
        routes.MapGet("/sessions/current", GetAsync).Needs("own-session.read");
        routes.MapDelete("/sessions/current", DeleteAsync).Needs("own-session.delete");
    }

    private async Task CreateAsync(HttpContext context)
    {
        SessionCreate request = await context.BodyAsync(ApiJson.Default.SessionCreate);
        SessionCreated created = await sessions.SignInAsync(request, context.PeerAddress(), context.RequestAborted);
        await Reply.CreatedAsync(context, $"{RestApi.Root}/sessions/current", created, ApiJson.Default.SessionCreated);
    }

    private async Task ListAsync(HttpContext context) =>
        await Reply.OkAsync(context, await sessions.ListAsync(context.Caller, context.ListQuery(), context.RequestAborted), ApiJson.Default.SessionPage);

    private async Task RevokeAsync(HttpContext context)
    {
        await sessions.RevokeAsync(context.Caller, context.RouteId, context.RequestAborted);
        await Reply.NoContent(context);
    }

    private static Task GetAsync(HttpContext context) => Reply.OkAsync(
        context, new SessionCurrent(context.Caller.Name, [.. context.Caller.Bindings.Select(binding => binding.View())]), ApiJson.Default.SessionCurrent);

    private async Task DeleteAsync(HttpContext context)
    {
        string bearer = CallerMiddleware.Bearer(context.Request) ?? SessionCookie.Read(context.Request)!;
        await sessions.SignOutAsync(bearer, context.RequestAborted);
        await Reply.NoContent(context);
    }
}
