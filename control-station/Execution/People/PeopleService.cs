using System.Security.Cryptography;
using System.Text;
using VSan.Contracts.Api;

namespace VSan.Station.Execution;

/// <summary>People and their sessions.</summary>
public sealed class PeopleService
{
    private const string FirstName = "admin";
    private const int PasswordLength = 20;
    private const int TextMax = 256;

    // Without the characters that look alike: 57 of them, so 20 are 116 bits.
    private const string PasswordCharacters = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";

    private static readonly TimeSpan SessionLifetime = TimeSpan.FromHours(12);

    /// <summary>One password check at once in the whole process: each takes a core for a fifth of a second, and the pool must go on beside it.</summary>
    private static readonly SemaphoreSlim Checks = new(1);

    private readonly Ledger _ledger;
    private readonly TimeProvider _time;
    private readonly SignInBrake _brake;

    internal PeopleService(Ledger ledger, TimeProvider time)
    {
        _ledger = ledger;
        _time = time;
        _brake = new SignInBrake(time);
    }

    /// <summary>Makes the first administrator and its password, shown this once.</summary>
    /// <exception cref="ProblemException"><c>name-taken</c> when there is one.</exception>
    public async Task<(string UserName, string Password)> CreateFirstAdministratorAsync(CancellationToken cancellationToken)
    {
        string password = RandomNumberGenerator.GetString(PasswordCharacters, PasswordLength);
        string hash = PasswordHash.Of(password);
        await _ledger.WriteAsync(
            (transaction, now) =>
            {
                if (transaction.Table<Person>().Count > 0) throw new ProblemException("name-taken", "The station has an administrator already.");
                transaction.AppendAudit(now, "station", "user.create", $"user/{FirstName}", "granted");
                return transaction.Table<Person>().Insert(new Person(transaction.NewId(now), FirstName, [new Binding(Role.Admin, Scope.All)], hash, Disabled: false, Totp: null, now));
            },
            cancellationToken);
        return (FirstName, password);
    }

    /// <summary>Signs in. Failures slow the next attempt of the same user or peer; nobody is locked out.</summary>
    public async Task<SessionCreated> SignInAsync(SessionCreate request, string peerAddress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.UserName is not { Length: > 0 and <= TextMax }) throw ProblemException.Field("/userName", $"must have 1 to {TextMax} characters.");
        if (request.Password is not { Length: > 0 and <= TextMax }) throw ProblemException.Field("/password", $"must have 1 to {TextMax} characters.");
        await _brake.WaitAsync(request.UserName, peerAddress, cancellationToken);
        Person? person = await _ledger.ReadAsync(transaction => Find(transaction, request.UserName), cancellationToken);
        bool fits = await FitsAsync(request.Password, person?.PasswordHash ?? PasswordHash.OfNobody, cancellationToken);
        bool granted = fits && person is not null;
        _brake.Note(request.UserName, peerAddress, granted);
        if (granted) return await OpenAsync(person!, peerAddress, cancellationToken);
        await _ledger.AuditAsync(request.UserName, "session.create", $"peer/{peerAddress}", "unauthenticated", cancellationToken);
        throw new ProblemException("unauthenticated", "The user name or the password is wrong.");
    }

    /// <summary>Who a bearer token belongs to; null when nobody (any more).</summary>
    public Task<Caller?> AuthenticateAsync(string bearer, CancellationToken cancellationToken)
    {
        string tokenHash = Hash(bearer);
        DateTimeOffset now = _time.GetUtcNow();
        return _ledger.ReadAsync(
            transaction => transaction.Table<Session>().Where(Lookups.SessionToken, tokenHash) is [var session] && now < session.ExpiresAt
                && transaction.Table<Person>().Find(session.PersonId) is { Disabled: false } person
                    ? new Caller(person.UserName, person.Bindings) { PersonId = person.Id, SessionId = session.Id }
                    : null,
            cancellationToken);
    }

    /// <summary>Ends a session; nothing happens when there is none.</summary>
    public Task SignOutAsync(string bearer, CancellationToken cancellationToken)
    {
        string tokenHash = Hash(bearer);
        return _ledger.WriteAsync(
            (transaction, _) =>
            {
                foreach (Session session in transaction.Table<Session>().Where(Lookups.SessionToken, tokenHash)) transaction.Table<Session>().Delete(session.Id);
                return true;
            },
            cancellationToken);
    }

    private static async Task<bool> FitsAsync(string password, string stored, CancellationToken cancellationToken)
    {
        await Checks.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(() => PasswordHash.Fits(password, stored), cancellationToken);
        }
        finally
        {
            Checks.Release();
        }
    }

    private async Task<SessionCreated> OpenAsync(Person person, string peerAddress, CancellationToken cancellationToken)
    {
        string bearer = RandomNumberGenerator.GetHexString(64, lowercase: true);
        Session session = await _ledger.WriteAsync(
            (transaction, now) =>
            {
                ITable<Session> sessions = transaction.Table<Session>();
                foreach (Session old in sessions.Page(after: null, limit: 8).Where(old => now >= old.ExpiresAt)) sessions.Delete(old.Id);
                transaction.AppendAudit(now, person.UserName, "session.create", $"peer/{peerAddress}", "granted");
                return sessions.Insert(new Session(transaction.NewId(now), Hash(bearer), person.Id, peerAddress, now, now + SessionLifetime));
            },
            cancellationToken);
        return new SessionCreated(person.UserName, bearer, session.ExpiresAt);
    }

    private static Person? Find(IStationTransaction transaction, string userName) =>
        transaction.Table<Person>().Where(Lookups.PersonUserName, userName) is [var person] ? person : null;

    private static string Hash(string bearer) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(bearer)));
}
