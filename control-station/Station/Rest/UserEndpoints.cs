using VSan.Contracts.Api;
using VSan.Station.Execution;

namespace VSan.Station.Rest;

/// <summary><c>/users</c> and <c>/roles</c>.</summary>
internal sealed class UserEndpoints(UserService users)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/roles", RolesAsync).Needs("role.read");
        routes.MapGet("/users", ListAsync).Needs("user.read");
        routes.MapPost("/users", CreateAsync).Needs("user.create");
        routes.MapGet("/users/{id:guid}", GetAsync).Needs("user.read");
        routes.MapPatch("/users/{id:guid}", ChangeAsync).Needs("user.change");
        routes.MapDelete("/users/{id:guid}", DeleteAsync).Needs("user.delete");
        routes.MapPost("/users/{id:guid}:reset-password", ResetPasswordAsync).Needs("user.reset-password");
        routes.MapPost("/users/{id:guid}:reset-totp", ResetTotpAsync).Needs("user.reset-totp");
    }

    private static Task RolesAsync(HttpContext context)
    {
        IEnumerable<RoleDescription> roles = Enum.GetValues<Role>().Select(role => new RoleDescription(
            role, [.. Permissions.All.Keys.Where(action => Permissions.Allow(role, action)).Order(StringComparer.Ordinal)]));
        return Reply.OkAsync(context, new RolePage([.. roles], null), ApiJson.Default.RolePage);
    }

    private async Task ListAsync(HttpContext context) =>
        await Reply.OkAsync(context, await users.ListAsync(context.Caller, context.ListQuery(), context.RequestAborted), ApiJson.Default.UserPage);

    private async Task GetAsync(HttpContext context) =>
        await Reply.OkAsync(context, await users.GetAsync(context.Caller, context.RouteId, context.RequestAborted), ApiJson.Default.User);

    private async Task CreateAsync(HttpContext context)
    {
        UserCreate request = await context.BodyAsync(ApiJson.Default.UserCreate);
        UserPassword created = await users.CreateAsync(context.Caller, request, context.IdempotencyKey, context.RequestAborted);
        await Reply.CreatedAsync(context, $"{RestApi.Root}/users/{created.User.Id:D}", created, ApiJson.Default.UserPassword);
    }

    private async Task ChangeAsync(HttpContext context)
    {
        UserChange request = await context.BodyAsync(ApiJson.Default.UserChange);
        await Reply.OkAsync(context, await users.ChangeAsync(context.Caller, context.RouteId, request, context.RequestAborted), ApiJson.Default.User);
    }

    private async Task DeleteAsync(HttpContext context)
    {
        await users.DeleteAsync(context.Caller, context.RouteId, context.RequestAborted);
        await Reply.NoContent(context);
    }

    private async Task ResetPasswordAsync(HttpContext context)
    {
        PasswordReset request = await context.BodyAsync(ApiJson.Default.PasswordReset);
        UserPassword reset = await users.ResetPasswordAsync(context.Caller, context.RouteId, request, context.IdempotencyKey, context.RequestAborted);
        await Reply.OkAsync(context, reset, ApiJson.Default.UserPassword);
    }

    private async Task ResetTotpAsync(HttpContext context) =>
        await Reply.OkAsync(context, await users.ResetTotpAsync(context.Caller, context.RouteId, context.RequestAborted), ApiJson.Default.User);
}
