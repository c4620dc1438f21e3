using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using VSan.Contracts.Api;
using VSan.Station.Execution;
using VSan.WebOs.Parts;
using VSan.WebOs.Shell;

namespace VSan.WebOs.Apps.Users;

/// <summary>People, machines, and what they may do.</summary>
internal sealed class UsersApp(StationServices services, TimeProvider time)
{
    /// <summary>Maps its addresses.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/app/users", Gate.SignedIn(EnterAsync));
        routes.MapPost("/app/users", Gate.SignedIn(CreateAsync));
        routes.MapGet("/app/users/{id}", Gate.SignedIn((context, caller) => ShowOneAsync(context, caller, Outcome.None)));
        routes.MapPost("/app/users/{id}/disable", Gate.SignedIn((context, caller) => ChangeAsync(context, caller, new UserChange(Disabled: true))));
        routes.MapPost("/app/users/{id}/enable", Gate.SignedIn((context, caller) => ChangeAsync(context, caller, new UserChange(Disabled: false))));
        routes.MapPost("/app/users/{id}/bind", Gate.SignedIn((context, caller) => BindAsync(context, caller, (bindings, role) => [.. bindings, role])));
        routes.MapPost("/app/users/{id}/unbind", Gate.SignedIn((context, caller) => BindAsync(context, caller, (bindings, role) => [.. bindings.Where(binding => binding != role)])));
        routes.MapPost("/app/users/{id}/reset-password", Gate.SignedIn(ResetPasswordAsync));
        routes.MapPost("/app/users/{id}/reset-totp", Gate.SignedIn(ResetTotpAsync));
        routes.MapGet("/app/users/{id}/delete", Gate.SignedIn((context, caller) => ShowDeleteAsync(context, caller, Outcome.None)));
        routes.MapPost("/app/users/{id}/delete", Gate.SignedIn(DeleteAsync));
        routes.MapGet(UserPages.RolesPath, Gate.SignedIn((context, caller) => AppPage.SendAsync(context, caller, App.Users, "Roles", UserPages.Roles(caller))));
        routes.MapGet(UserPages.SessionsPath, Gate.SignedIn((context, caller) => ShowSessionsAsync(context, caller, Outcome.None)));
        routes.MapPost($"{UserPages.SessionsPath}/{{id}}/end", Gate.SignedIn(EndSessionAsync));
        routes.MapGet(UserPages.TokensPath, Gate.SignedIn((context, caller) => ShowTokensAsync(context, caller, Outcome.None)));
        routes.MapPost(UserPages.TokensPath, Gate.SignedIn(CreateTokenAsync));
        routes.MapPost($"{UserPages.TokensPath}/{{id}}/revoke", Gate.SignedIn(RevokeTokenAsync));
    }

    /// <summary>Whoever may not see other people sees the own account.</summary>
    private Task EnterAsync(HttpContext context, Caller caller) =>
        caller.May("user.read") ? ShowAsync(context, caller, Outcome.None) : PageResponse.SeeOther(context, UserPages.AccountPath);

    private async Task ShowAsync(HttpContext context, Caller caller, Outcome outcome)
    {
        ListQuery query = ListRequest.Read(context.Request);
        UserPage page = await services.Users.ListAsync(caller, query, context.RequestAborted);
        await AppPage.SendAsync(context, caller, App.Users, "Users & access", UserPages.List(page, query.Name, caller, outcome, time.GetUtcNow()), outcome);
    }

    private Task CreateAsync(HttpContext context, Caller caller) => AppPage.SubmitAsync(
        context, UserPages.NewId,
        values => new UserCreate(values.Text("name"), [UserPages.ReadRole(values)], values.Exactly("password") is { Length: > 0 } password ? password : null),
        async (request, values) =>
        {
            UserPassword made = await services.Users.CreateAsync(caller, request, values.Key, context.RequestAborted);
            await ShowAsync(context, caller, new Outcome(Said: UserPages.Password(made)));
            return null;
        },
        outcome => ShowAsync(context, caller, outcome));

    private async Task ShowOneAsync(HttpContext context, Caller caller, Outcome outcome)
    {
        User user = await services.Users.GetAsync(caller, ListRequest.Id(context), context.RequestAborted);
        await AppPage.SendAsync(context, caller, App.Users, user.Name, UserPages.Detail(user, caller, outcome), outcome);
    }

    private Task ChangeAsync(HttpContext context, Caller caller, UserChange change) => AppPage.PressAsync(
        context,
        async () => UserPages.PathOf((await services.Users.ChangeAsync(caller, ListRequest.Id(context), change, context.RequestAborted)).Id),
        outcome => ShowOneAsync(context, caller, outcome));

    private Task BindAsync(HttpContext context, Caller caller, Func<IReadOnlyList<RoleBinding>, RoleBinding, IReadOnlyList<RoleBinding>> change) => AppPage.SubmitAsync(
        context, UserPages.BindId, UserPages.ReadRole,
        async (role, _) =>
        {
            User user = await services.Users.GetAsync(caller, ListRequest.Id(context), context.RequestAborted);
            await services.Users.ChangeAsync(caller, user.Id, new UserChange(change(user.Bindings, role)), context.RequestAborted);
            return UserPages.PathOf(user.Id);
        },
        outcome => ShowOneAsync(context, caller, outcome));

    private Task ResetPasswordAsync(HttpContext context, Caller caller) => AppPage.SubmitAsync(
        context, "", _ => new PasswordReset(),
        async (request, values) =>
        {
            UserPassword made = await services.Users.ResetPasswordAsync(caller, ListRequest.Id(context), request, values.Key, context.RequestAborted);
            await ShowOneAsync(context, caller, new Outcome(Said: UserPages.Password(made)));
            return null;
        },
        outcome => ShowOneAsync(context, caller, outcome));

    private Task ResetTotpAsync(HttpContext context, Caller caller) => AppPage.PressAsync(
        context,
        async () => UserPages.PathOf((await services.Users.ResetTotpAsync(caller, ListRequest.Id(context), context.RequestAborted)).Id),
        outcome => ShowOneAsync(context, caller, outcome));

    private async Task ShowDeleteAsync(HttpContext context, Caller caller, Outcome outcome)
    {
        User user = await services.Users.GetAsync(caller, ListRequest.Id(context), context.RequestAborted);
        await AppPage.SendAsync(context, caller, App.Users, "Delete user", [UserPages.Delete(user).After(outcome)], outcome);
    }

    private async Task DeleteAsync(HttpContext context, Caller caller)
    {
        User user = await services.Users.GetAsync(caller, ListRequest.Id(context), context.RequestAborted);
        await AppPage.ConfirmAsync(
            context, user.Name,
            async () =>
            {
                await services.Users.DeleteAsync(caller, user.Id, context.RequestAborted);
                return App.Users.Path;
            },
            outcome => ShowDeleteAsync(context, caller, outcome));
    }

    private async Task ShowSessionsAsync(HttpContext context, Caller caller, Outcome outcome)
    {
        SessionPage page = await services.Sessions.ListAsync(caller, ListRequest.Read(context.Request), context.RequestAborted);
        await AppPage.SendAsync(context, caller, App.Users, "Sessions", UserPages.Sessions(page, caller, time.GetUtcNow()), outcome);
    }

    private Task EndSessionAsync(HttpContext context, Caller caller) => AppPage.PressAsync(
        context,
        async () =>
        {
            await services.Sessions.RevokeAsync(caller, ListRequest.Id(context), context.RequestAborted);
            return UserPages.SessionsPath;
        },
        outcome => ShowSessionsAsync(context, caller, outcome));

    private async Task ShowTokensAsync(HttpContext context, Caller caller, Outcome outcome)
    {
        AccessTokenPage page = await services.AccessTokens.ListAsync(caller, ListRequest.Read(context.Request), context.RequestAborted);
        await AppPage.SendAsync(context, caller, App.Users, "Access tokens", UserPages.Tokens(page, caller, outcome, time.GetUtcNow()), outcome);
    }

    private Task CreateTokenAsync(HttpContext context, Caller caller) => AppPage.SubmitAsync(
        context, UserPages.TokenId,
        values => new AccessTokenCreate(values.Text("name"), [UserPages.ReadRole(values)], values.Count("days", "/lifetimeSeconds") * 86400L),
        async (request, values) =>
        {
            AccessTokenCreated created = await services.AccessTokens.CreateAsync(caller, request, values.Key, context.RequestAborted);
            await ShowTokensAsync(context, caller, new Outcome(Said: UserPages.TokenMade(created)));
            return null;
        },
        outcome => ShowTokensAsync(context, caller, outcome));

    private Task RevokeTokenAsync(HttpContext context, Caller caller) => AppPage.PressAsync(
        context,
        async () =>
        {
            await services.AccessTokens.DeleteAsync(caller, ListRequest.Id(context), context.RequestAborted);
            return UserPages.TokensPath;
        },
        outcome => ShowTokensAsync(context, caller, outcome));
}
