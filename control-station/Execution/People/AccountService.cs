using System.Security.Cryptography;
using VSan.Contracts.Api;

namespace VSan.Station.Execution;

/// <summary>What people do with their own account: password and authenticator.</summary>
public sealed class AccountService
{
    private const string Action = "own-account.change";

    private readonly Ledger _ledger;
    private readonly ISecretProtector _protector;

    internal AccountService(Ledger ledger, ISecretProtector protector)
    {
        _ledger = ledger;
        _protector = protector;
    }

    /// <summary>Changes the password of whoever knows the present one; the person's other sessions end.</summary>
    public async Task ChangePasswordAsync(Caller caller, PasswordChange request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        Guid id = PersonOf(caller);
        Passwords.Require(request.NewPassword, "/newPassword");
        Person person = await _ledger.ReadAsync(transaction => transaction.Require<Person>(id, "user"), cancellationToken);
        bool fits = await Passwords.FitsAsync(request.Password, person.PasswordHash, cancellationToken);
        string hash = await Passwords.HashAsync(request.NewPassword, cancellationToken);
        await ChangeAsync(caller, (transaction, current, _) =>
        {
            if (!fits || current.PasswordHash != person.PasswordHash) throw ProblemException.Field("/password", "is not the present password.");
            UserService.EndSessions(transaction, id, caller.SessionId);
            transaction.Table<Person>().Update(current with { PasswordHash = hash });
            return true;
        }, cancellationToken);
    }

    /// <summary>Makes a secret for an authenticator. It counts once a code is confirmed; until then a present one goes on.</summary>
    public Task<TotpEnrolment> EnrolTotpAsync(Caller caller, CancellationToken cancellationToken) => ChangeAsync(caller, (transaction, person, _) =>
    {
        if (person.Totp is { Confirmed: true }) throw new ProblemException("totp-enrolled", $"{person.UserName} has an authenticator already.", "Remove it first, with one of its codes.");
        byte[] secret = RandomNumberGenerator.GetBytes(Totp.SecretBytes);
        transaction.Table<Person>().Update(person with { Totp = new TotpFactor(_protector.Protect(secret), Confirmed: false, LastStep: 0) });
        string text = Totp.Base32(secret);
        return new TotpEnrolment(text, $"otpauth://totp/VSan:{Uri.EscapeDataString(person.UserName)}?secret={text}&issuer=VSan");
    }, cancellationToken);

    /// <summary>Confirms the authenticator by one of its codes; from now on it is asked for. The recovery codes are shown this once.</summary>
    public Task<TotpRecovery> ConfirmTotpAsync(Caller caller, TotpCode request, CancellationToken cancellationToken) => ChangeAsync(caller, (transaction, person, now) =>
    {
        TotpFactor factor = person.Totp ?? throw new ProblemException("totp-not-enrolled", $"{person.UserName} has no authenticator.", "Enrol one first.");
        long step = Totp.Accept(_protector.Unprotect(factor.ProtectedSecret), request.Code, now, factor.LastStep) ?? throw NotAccepted();
        IReadOnlyList<string> codes = RecoveryCodes.Make();
        transaction.Table<Person>().Update(person with { Totp = factor with { Confirmed = true, LastStep = step, Recovery = RecoveryCodes.Hashes(codes) } });
        return new TotpRecovery(codes);
    }, cancellationToken);

    /// <summary>Removes the authenticator, by one of its codes or a recovery code.</summary>
    public Task RemoveTotpAsync(Caller caller, TotpCode request, CancellationToken cancellationToken) => ChangeAsync(caller, (transaction, person, now) =>
    {
        TotpFactor factor = person.Totp ?? throw new ProblemException("totp-not-enrolled", $"{person.UserName} has no authenticator.");
        if (factor.Accept(_protector.Unprotect(factor.ProtectedSecret), request.Code, now) is null) throw NotAccepted();
        transaction.Table<Person>().Update(person with { Totp = null });
        return true;
    }, cancellationToken);

    private static Guid PersonOf(Caller caller) => caller.PersonId ?? throw new ProblemException("forbidden", $"{caller.Name} is a machine and has no account.", "Sign in as a person.");

    private static ProblemException NotAccepted() => ProblemException.Field("/code", "is not one that the authenticator shows now, or was used before.");

    private async Task<T> ChangeAsync<T>(Caller caller, Func<IStationTransaction, Person, DateTimeOffset, T> change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        Guid id = PersonOf(caller);
        return await _ledger.MutateAsync(
            caller, Action, $"account/{id}", (transaction, now) => change(transaction, transaction.Require<Person>(id, "user"), now), cancellationToken);
    }
}
