using System.CommandLine;
using VSan.Contracts.Api;

namespace VSan.Cli.Commands;

/// <summary><c>account</c> and <c>session</c>.</summary>
internal static class AccountCommands
{
    private static readonly Argument<string> Code = new("CODE") { Description = "The six digits that the authenticator shows; to remove it, a recovery code as well." };
    private static readonly Argument<Guid> Id = new("ID") { Description = "Id of a session." };

    private static readonly Noun<Session, SessionPage> Sessions = new(
        "session", "sessions", p => p.Items, p => p.NextCursor, items => new SessionPage(items, null), s => s.Id.ToString(), s => s.Id.ToString(),
        [
            new("ID", s => s.Id.ToString()),
            new("USER", s => s.UserName),
            new("FROM", s => s.Peer),
            new("OPENED", s => Text.Of(s.CreatedAt)),
            new("EXPIRES", s => Text.Of(s.ExpiresAt)),
        ]);

    private static readonly Column<TotpEnrolment>[] EnrolmentColumns = [new("SECRET", e => e.Secret), new("ADDRESS", e => e.Address)];

    private static readonly Column<TotpRecovery>[] RecoveryColumns = [new("RECOVERY CODES", r => string.Join(' ', r.Codes))];

    private static readonly Column<SessionCurrent>[] CurrentColumns = [new("NAME", s => s.UserName), new("ROLES", s => Text.Of(s.Bindings.Select(Bindings.Format)))];

    /// <summary>Adds the nouns.</summary>
    public static void AddTo(Command parent, CommandRunner run)
    {
        parent.Add(new Command("account", "Your own password and authenticator.")
        {
            run.Command("show", "Show who you are and what you may do.", ShowAsync),
            run.Command("change-password", "Change your password. Your other sessions end.", ChangePasswordAsync),
            run.Command("enrol-totp", """
                Get a secret for an authenticator. It is asked for at sign-in once you have confirmed one of its codes.

                Example:
                  vsan account enrol-totp && vsan account confirm-totp 123456
                """, EnrolAsync),
            run.Command("confirm-totp", """
                Confirm the authenticator with one of its codes: it is asked for at sign-in from then on.

                The recovery codes are printed this once. Keep them apart from the authenticator: each opens one sign-in in its place.
                """, ConfirmAsync, Code),
            run.Command("remove-totp", "Remove the authenticator, with one of its codes or a recovery code.", RemoveAsync, Code),
        });
        parent.Add(new Command("session", "Sessions: who is signed in.")
        {
            run.Command("list", "List the sessions of all users.", ListAsync),
            run.Command("revoke", "End a session at once.", RevokeAsync, Id),
        });
    }

    private static async Task ShowAsync(Invocation invocation) => invocation.Output.WriteOne(
        CurrentColumns, s => s.UserName, await invocation.Api.GetAsync<SessionCurrent>("sessions/current", TimeSpan.Zero, invocation.Cancellation).ConfigureAwait(false));

    private static async Task ChangePasswordAsync(Invocation invocation)
    {
        string present = invocation.AskSecret("Present password: ");
        string wanted = invocation.AskSecret("New password: ");
        await invocation.Api.PostAsync("account:change-password", new PasswordChange(present, wanted), invocation.Cancellation).ConfigureAwait(false);
        invocation.Output.WriteSentence("Your password is changed.");
    }

    private static async Task EnrolAsync(Invocation invocation)
    {
        TotpEnrolment enrolment = await invocation.Api.PostAsync<TotpEnrolment>("account:enrol-totp", invocation.Cancellation).ConfigureAwait(false);
        invocation.Output.WriteOne(EnrolmentColumns, e => e.Secret, enrolment);
    }

    private static async Task ConfirmAsync(Invocation invocation)
    {
        TotpRecovery recovery = await invocation.Api.PostAsync<TotpCode, TotpRecovery>("account:confirm-totp", new TotpCode(invocation.Get(Code)), TimeSpan.Zero, invocation.Cancellation).ConfigureAwait(false);
        invocation.Output.WriteOne(RecoveryColumns, r => string.Join('\n', r.Codes), recovery);
    }

    private static async Task RemoveAsync(Invocation invocation)
    {
        await invocation.Api.PostAsync("account:remove-totp", new TotpCode(invocation.Get(Code)), invocation.Cancellation).ConfigureAwait(false);
        invocation.Output.WriteSentence("You sign in without an authenticator from now on.");
    }

    private static async Task ListAsync(Invocation invocation) =>
        invocation.Output.WriteList(Sessions, await invocation.Api.ListAsync(Sessions, invocation.Cancellation).ConfigureAwait(false));

    private static async Task RevokeAsync(Invocation invocation)
    {
        await invocation.Api.DeleteAsync($"sessions/{invocation.Get(Id)}", invocation.Cancellation).ConfigureAwait(false);
        invocation.Output.WriteSentence("The session is ended.");
    }
}
