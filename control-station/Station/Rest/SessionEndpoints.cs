using Microsoft.AspNetCore.Authorization;
using VSan.Contracts.Api;
using VSan.Station.Execution;
using VSan.WebOs.Shell;

namespace VSan.Station.Rest;

/// <summary><c>/sessions</c>: programs sign in and out here, browsers at the web OS.</summary>
internal sealed class SessionEndpoints(PeopleService people)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/sessions", CreateAsync).WithMetadata(new AllowAnonymousAttribute());
        routes.MapGet("/sessions/current", GetAsync).Needs("own-session.read");
        routes.MapDelete("/sessions/current", DeleteAsync).Needs("own-session.delete");
    }

    private async Task CreateAsync(HttpContext context)
    {
        SessionCreate request = await context.BodyAsync(ApiJson.Default.SessionCreate);
        SessionCreated created = await people.SignInAsync(request, context.PeerAddress(), context.RequestAborted);
        await Reply.CreatedAsync(context, $"{RestApi.Root}/sessions/current", created, ApiJson.Default.SessionCreated);
    }

    private static Task GetAsync(HttpContext context) =>
        Reply.OkAsync(context, new SessionCurrent(context.Caller.Name, [.. context.Caller.Bindings.Select(binding => binding.View())]), RestJson.Default.SessionCurrent);

    private async Task DeleteAsync(HttpContext context)
    {
        string bearer = CallerMiddleware.Bearer(context.Request) ?? SessionCookie.Read(context.Request)!;
        await people.SignOutAsync(bearer, context.RequestAborted);
        await Reply.NoContent(context);
    }
}
