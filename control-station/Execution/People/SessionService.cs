using System.Security.Cryptography;
using System.Text;
using VSan.Contracts.Api;

namespace VSan.Station.Execution;

/// <summary>Signing in and out, who a bearer token belongs to, and the sessions of all.</summary>
public sealed class SessionService
{
    private const int TextMax = 256;

    private static readonly TimeSpan SessionLifetime = TimeSpan.FromHours(12);

    private readonly Ledger _ledger;
    private readonly ISecretProtector _protector;
    private readonly TimeProvider _time;
    private readonly SignInBrake _brake;

    internal SessionService(Ledger ledger, ISecretProtector protector, TimeProvider time)
    {
        _ledger = ledger;
        _protector = protector;
        _time = time;
        _brake = new SignInBrake(time);
    }

    /// <summary>Signs in. Failures slow the next attempt of the same user or peer; nobody is locked out.</summary>
    /// <exception cref="ProblemException">
    /// <c>unauthenticated</c>; <c>code-required</c> when the password is right and the person has an authenticator whose code is missing.
    /// </exception>
    public async Task<SessionCreated> SignInAsync(SessionCreate request, string peerAddress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.UserName is not { Length: > 0 and <= TextMax }) throw ProblemException.Field("/userName", $"must have 1 to {TextMax} characters.");
        if (request.Password is not { Length: > 0 and <= TextMax }) throw ProblemException.Field("/password", $"must have 1 to {TextMax} characters.");
        await _brake.WaitAsync(request.UserName, peerAddress, cancellationToken);
        Person? person = await _ledger.ReadAsync(transaction => transaction.Table<Person>().Where(Lookups.PersonUserName, request.UserName) is [var one] ? one : null, cancellationToken);
        bool fits = await Passwords.FitsAsync(request.Password, person?.PasswordHash ?? PasswordHash.OfNobody, cancellationToken);
        if (!fits || person is not { Disabled: false }) throw await RefuseAsync(request.UserName, peerAddress, cancellationToken);
        if (person.Totp is { Confirmed: true } && string.IsNullOrEmpty(request.Code))
            throw new ProblemException("code-required", $"{person.UserName} signs in with a code of an authenticator too.", "Send the six digits, or one of the recovery codes, as code.");
        SessionCreated? created = await OpenAsync(person, request.Code, peerAddress, cancellationToken);
        if (created is null) throw await RefuseAsync(request.UserName, peerAddress, cancellationToken);
        _brake.Note(request.UserName, peerAddress, succeeded: true);
        return created;
    }

    /// <summary>Who a bearer token belongs to, be it of a session or an access token; null when nobody (any more).</summary>
    public Task<Caller?> AuthenticateAsync(string bearer, CancellationToken cancellationToken)
    {
        string tokenHash = HashOf(bearer);
        DateTimeOffset now = _time.GetUtcNow();
        return _ledger.ReadAsync(transaction => Person(transaction, tokenHash, now) ?? Machine(transaction, tokenHash, now), cancellationToken);
    }

    /// <summary>Ends a session; nothing happens when there is none.</summary>
    public Task SignOutAsync(string bearer, CancellationToken cancellationToken)
    {
        string tokenHash = HashOf(bearer);
        return _ledger.WriteAsync(
            (transaction, now) =>
            {
                foreach (Session session in transaction.Table<Session>().Where(Lookups.SessionToken, tokenHash))
                {
                    transaction.Table<Session>().Delete(session.Id);
                    string who = transaction.Table<Person>().Find(session.PersonId)?.UserName ?? session.PersonId.ToString();
                    transaction.AppendAudit(now, who, "own-session.delete", $"session/{session.Id}", "granted");
                }

                return true;
            },
            cancellationToken);
    }

    /// <summary>One page of sessions.</summary>
    public Task<SessionPage> ListAsync(Caller caller, ListQuery query, CancellationToken cancellationToken) => _ledger.ReadAsync(
        caller,
        "session.read",
        "session",
        transaction =>
        {
            (IReadOnlyList<Contracts.Api.Session> items, string? next) = transaction.List<Session, Contracts.Api.Session>(
                caller, "session.read", query, null, session => PeopleViews.Session(transaction, session), ListFilters.Sessions);
            return new SessionPage(items, next);
        },
        cancellationToken);

    /// <summary>Ends somebody's session.</summary>
    public Task RevokeAsync(Caller caller, Guid id, CancellationToken cancellationToken) => _ledger.MutateAsync(
        caller,
        "session.delete",
        $"session/{id}",
        (transaction, _) =>
        {
            Session session = transaction.Require<Session>(id, "session");
            if (transaction.Table<Person>().Find(session.PersonId) is { } person) Grants.RequireOver(caller, person);
            transaction.Table<Session>().Delete(id);
            return true;
        },
        cancellationToken);

    /// <summary>What is kept of a bearer token. It has 256 random bits: a fast hash is enough.</summary>
    internal static string HashOf(string bearer) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(bearer)));

    /// <summary>A fresh bearer token of 256 random bits.</summary>
    internal static string NewBearer() => RandomNumberGenerator.GetHexString(64, lowercase: true);

    /// <summary>
    /// The caller with the rights it has by now; null once its session or its token has ended. Who came with neither is as it was: for what
    /// goes on after the request that asked for it.
    /// </summary>
    internal static Caller? Present(IStationTransaction transaction, Caller caller, DateTimeOffset now) => caller switch
    {
        { SessionId: { } id } => transaction.Table<Session>().Find(id) is { } session ? Of(transaction, session, now) : null,
        { TokenId: { } id } => transaction.Table<AccessToken>().Find(id) is { } token ? Of(token, now) : null,
        _ => caller,
    };

    private static Caller? Person(IStationTransaction transaction, string tokenHash, DateTimeOffset now) =>
        transaction.Table<Session>().Where(Lookups.SessionToken, tokenHash) is [var session] ? Of(transaction, session, now) : null;

    private static Caller? Machine(IStationTransaction transaction, string tokenHash, DateTimeOffset now) =>
        transaction.Table<AccessToken>().Where(Lookups.AccessTokenHash, tokenHash) is [var token] ? Of(token, now) : null;

    private static Caller? Of(IStationTransaction transaction, Session session, DateTimeOffset now) =>
        now < session.ExpiresAt && transaction.Table<Person>().Find(session.PersonId) is { Disabled: false } person
            ? new Caller(person.UserName, person.Bindings) { PersonId = person.Id, SessionId = session.Id }
            : null;

    private static Caller? Of(AccessToken token, DateTimeOffset now) => now < token.ExpiresAt ? new Caller($"token:{token.Name}", token.Bindings) { TokenId = token.Id } : null;

    private async Task<ProblemException> RefuseAsync(string userName, string peerAddress, CancellationToken cancellationToken)
    {
        _brake.Note(userName, peerAddress, succeeded: false);
        await _ledger.AuditAsync(userName, "session.create", $"peer/{peerAddress}", "unauthenticated", cancellationToken);
        return new ProblemException("unauthenticated", "The user name, the password or the code is wrong.");
    }

    /// <summary>Opens a session; null when the code is wrong, or was used before.</summary>
    private Task<SessionCreated?> OpenAsync(Person person, string? code, string peerAddress, CancellationToken cancellationToken)
    {
        string bearer = NewBearer();
        return _ledger.WriteAsync(
            (transaction, now) =>
            {
                // Read anew: another sign-in may have used the code meanwhile, or somebody disabled the user.
                if (transaction.Table<Person>().Find(person.Id) is not { Disabled: false } current || current.PasswordHash != person.PasswordHash) return null;
                if (current.Totp is { Confirmed: true } factor)
                {
                    if (factor.Accept(_protector.Unprotect(factor.ProtectedSecret), code ?? string.Empty, now) is not { } accepted) return null;
                    transaction.Table<Person>().Update(current with { Totp = accepted });
                }

                ITable<Session> sessions = transaction.Table<Session>();
                foreach (Session old in sessions.Page(after: null, limit: 8).Where(old => now >= old.ExpiresAt)) sessions.Delete(old.Id);
                transaction.AppendAudit(now, current.UserName, "session.create", $"peer/{peerAddress}", "granted");
                Session session = sessions.Insert(new Session(transaction.NewId(now), HashOf(bearer), current.Id, peerAddress, now, now + SessionLifetime));
                return new SessionCreated(current.UserName, bearer, session.ExpiresAt);
            },
            cancellationToken);
    }
}
