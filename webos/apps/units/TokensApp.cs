using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using VSan.Contracts.Api;
using VSan.Station.Execution;
using VSan.WebOs.Parts;
using VSan.WebOs.Shell;

namespace VSan.WebOs.Apps.Units;

/// <summary>The tokens by which machines become units.</summary>
internal sealed class TokensApp(StationServices services, TimeProvider time)
{
    /// <summary>Maps its addresses.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/app/units/tokens", Gate.SignedIn((context, caller) => ShowAsync(context, caller, Outcome.None)));
        routes.MapPost("/app/units/tokens", Gate.SignedIn(CreateAsync));
        routes.MapPost("/app/units/tokens/{token}/revoke", Gate.SignedIn(RevokeAsync));
    }

    private async Task ShowAsync(HttpContext context, Caller caller, Outcome outcome)
    {
        TokenPage page = await services.Tokens.ListAsync(caller, ListRequest.Read(context.Request), context.RequestAborted);
        await AppPage.SendAsync(context, caller, App.Units, "Enrolment tokens", UnitPages.Tokens(page, caller, outcome, time.GetUtcNow()), outcome);
    }

    /// <summary>Answers with the page itself: the secret is shown this once.</summary>
    private Task CreateAsync(HttpContext context, Caller caller) => AppPage.SubmitAsync(
        context, UnitForms.TokenId, UnitForms.ReadToken,
        async (request, values) =>
        {
            TokenCreated created = await services.Tokens.CreateAsync(caller, request, values.Key, context.RequestAborted);
            await ShowAsync(context, caller, new Outcome(Said: UnitPages.TokenMade(created, FirstUnitModel.Of(context, services))));
            return null;
        },
        outcome => ShowAsync(context, caller, outcome));

    private Task RevokeAsync(HttpContext context, Caller caller) => AppPage.PressAsync(
        context,
        async () =>
        {
            await services.Tokens.DeleteAsync(caller, context.Request.RouteValues["token"] as string ?? "", context.RequestAborted);
            return UnitPages.TokensPath;
        },
        outcome => ShowAsync(context, caller, outcome));
}
