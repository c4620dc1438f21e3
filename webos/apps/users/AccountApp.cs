using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using VSan.Contracts.Api;
using VSan.Station.Execution;
using VSan.WebOs.Parts;
using VSan.WebOs.Shell;

namespace VSan.WebOs.Apps.Users;

/// <summary>What a person does with the own account.</summary>
internal sealed class AccountApp(StationServices services)
{
    private const string Path = UserPages.AccountPath;

    /// <summary>Maps its addresses.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, Gate.SignedIn((context, caller) => ShowAsync(context, caller, Outcome.None)));
        routes.MapPost($"{Path}/password", Gate.SignedIn(ChangePasswordAsync));
        routes.MapPost($"{Path}/totp", Gate.SignedIn(EnrolAsync));
        routes.MapPost($"{Path}/totp/confirm", Gate.SignedIn((context, caller) => CodeAsync(
            context, caller, UserPages.ConfirmId, async code => UserPages.Recovery(await services.Accounts.ConfirmTotpAsync(caller, code, context.RequestAborted)))));
        routes.MapPost($"{Path}/totp/remove", Gate.SignedIn((context, caller) => CodeAsync(context, caller, UserPages.RemoveId, async code =>
        {
            await services.Accounts.RemoveTotpAsync(caller, code, context.RequestAborted);
            return Done("The authenticator was removed.");
        })));
    }

    private static Task ShowAsync(HttpContext context, Caller caller, Outcome outcome) =>
        AppPage.SendAsync(context, caller, App.Users, "Your account", UserPages.Account(caller, outcome), outcome);

    private static Notice Done(string done) => new(new Cue(Tone.Ok, "Done"), done);

    private Task ChangePasswordAsync(HttpContext context, Caller caller) => AppPage.SubmitAsync(
        context, UserPages.PasswordId,
        values => values.Exactly("new") == values.Exactly("again")
            ? new PasswordChange(values.Exactly("present"), values.Exactly("new"))
            : values.Unreadable<PasswordChange>("/again", "The two new passwords differ."),
        async (request, _) =>
        {
            await services.Accounts.ChangePasswordAsync(caller, request!, context.RequestAborted);
            await ShowAsync(context, caller, new Outcome(Said: Done("The password was changed. Your other sessions have ended.")));
            return null;
        },
        outcome => ShowAsync(context, caller, outcome));

    /// <summary>Answers with the page itself: the secret is shown this once.</summary>
    private Task EnrolAsync(HttpContext context, Caller caller) => AppPage.PressAsync(
        context,
        async () =>
        {
            TotpEnrolment enrolment = await services.Accounts.EnrolTotpAsync(caller, context.RequestAborted);
            await ShowAsync(context, caller, new Outcome(Said: UserPages.Enrolment(enrolment)));
            return null;
        },
        outcome => ShowAsync(context, caller, outcome));

    private static Task CodeAsync(HttpContext context, Caller caller, string formId, Func<TotpCode, Task<Notice>> act) => AppPage.SubmitAsync(
        context, formId, values => new TotpCode(values.Text("code")),
        async (request, _) =>
        {
            await ShowAsync(context, caller, new Outcome(Said: await act(request)));
            return null;
        },
        outcome => ShowAsync(context, caller, outcome));
}
