using VSan.Contracts.Api;
using VSan.Station.Execution;

namespace VSan.Station.Rest;

/// <summary><c>/account</c>: the caller's own password and authenticator.</summary>
internal sealed class AccountEndpoints(AccountService accounts)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/account:change-password", ChangePasswordAsync).Needs("own-account.change");
        routes.MapPost("/account:enrol-totp", EnrolAsync).Needs("own-account.change");
        routes.MapPost("/account:confirm-totp", ConfirmAsync).Needs("own-account.change");
        routes.MapPost("/account:remove-totp", RemoveAsync).Needs("own-account.change");
    }

    private async Task ChangePasswordAsync(HttpContext context)
    {
        await accounts.ChangePasswordAsync(context.Caller, await context.BodyAsync(ApiJson.Default.PasswordChange), context.RequestAborted);
        await Reply.NoContent(context);
    }

    private async Task EnrolAsync(HttpContext context) =>
        await Reply.OkAsync(context, await accounts.EnrolTotpAsync(context.Caller, context.RequestAborted), ApiJson.Default.TotpEnrolment);

    private async Task ConfirmAsync(HttpContext context)
    {
        TotpCode code = await context.BodyAsync(ApiJson.Default.TotpCode);
        await Reply.OkAsync(context, await accounts.ConfirmTotpAsync(context.Caller, code, context.RequestAborted), ApiJson.Default.TotpRecovery);
    }

    private async Task RemoveAsync(HttpContext context)
    {
        await accounts.RemoveTotpAsync(context.Caller, await context.BodyAsync(ApiJson.Default.TotpCode), context.RequestAborted);
        await Reply.NoContent(context);
    }
}
