using VSan.Contracts.Api;

namespace VSan.Station.Execution;

/// <summary>The people who may sign in.</summary>
public sealed class UserService
{
    private const string FirstName = "admin";

    private readonly Ledger _ledger;

    internal UserService(Ledger ledger) => _ledger = ledger;

    /// <summary>Makes the first administrator and its password, shown this once.</summary>
    /// <exception cref="ProblemException"><c>name-taken</c> when there is one.</exception>
    public async Task<(string UserName, string Password)> CreateFirstAdministratorAsync(CancellationToken cancellationToken)
    {
        string password = Passwords.Make();
        string hash = await Passwords.HashAsync(password, cancellationToken);
        await _ledger.WriteAsync(
            (transaction, now) =>
            {
                if (transaction.Table<Person>().Count > 0) throw new ProblemException("name-taken", "The station has an administrator already.");
                transaction.AppendAudit(now, "station", "user.create", $"user/{FirstName}", "granted");
                return transaction.Table<Person>().Insert(new Person(
                    transaction.NewId(now), FirstName, [new Binding(Role.Admin, Scope.All)], hash, Disabled: false, Totp: null, now));
            },
            cancellationToken);
        return (FirstName, password);
    }

    /// <summary>One page of users.</summary>
    public Task<UserPage> ListAsync(Caller caller, ListQuery query, CancellationToken cancellationToken) => _ledger.ReadAsync(
        caller,
        "user.read",
        "user",
        transaction =>
        {
            (IReadOnlyList<User> items, string? next) = transaction.List(caller, "user.read", query, Lookups.PersonUserName, PeopleViews.User);
            return new UserPage(items, next);
        },
        cancellationToken);

    /// <summary>One by identity.</summary>
    public Task<User> GetAsync(Caller caller, Guid id, CancellationToken cancellationToken) =>
        _ledger.ReadAsync(caller, "user.read", $"user/{id}", transaction => PeopleViews.User(transaction.Require<Person>(id, "user")), cancellationToken);

    /// <summary>Makes a user; without a password in the request the station makes one and shows it this once.</summary>
    public async Task<UserPassword> CreateAsync(Caller caller, UserCreate request, string? idempotencyKey, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        string name = Names.Object(request.Name, "/name");
        IReadOnlyList<Binding> bindings = Binding.Parse(request.Bindings ?? [], "/bindings");
        (string? made, string hash) = await HashAsync(request.Password, cancellationToken);
        return await _ledger.MutateAsync(
            caller.Asking(idempotencyKey, request, ApiJson.Default.UserCreate),
            "user.create",
            $"user/{name}",
            (transaction, now) =>
            {
                Grants.Require(caller, [], bindings, personId: null);
                if (transaction.Table<Person>().Where(Lookups.PersonUserName, name) is not []) throw new ProblemException("name-taken", $"There is a user {name} already.");
                Person person = transaction.Table<Person>().Insert(new Person(transaction.NewId(now), name, bindings, hash, Disabled: false, Totp: null, now));
                transaction.AppendEvent(now, "user.created", $"user/{person.Id}", $"User {name} was made by {caller.Name}.");
                return new UserPassword(PeopleViews.User(person), made);
            },
            cancellationToken);
    }

    /// <summary>Changes roles, or disables; a disabled user's sessions end.</summary>
    public Task<User> ChangeAsync(Caller caller, Guid id, UserChange request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        IReadOnlyList<Binding>? bindings = request.Bindings is null ? null : Binding.Parse(request.Bindings, "/bindings");
        return _ledger.MutateAsync(
            caller,
            "user.change",
            $"user/{id}",
            (transaction, now) =>
            {
                Person person = transaction.Require<Person>(id, "user");
                Grants.RequireOver(caller, person);
                Grants.Require(caller, person.Bindings, bindings ?? person.Bindings, id);
                Person changed = transaction.Table<Person>().Update(person with { Bindings = bindings ?? person.Bindings, Disabled = request.Disabled ?? person.Disabled });
                if (changed.Disabled) EndSessions(transaction, id, except: null);
                Grants.RequireAnAdmin(transaction, person);
                transaction.AppendEvent(now, "user.changed", $"user/{id}", $"User {person.UserName} was changed by {caller.Name}.");
                return PeopleViews.User(changed);
            },
            cancellationToken);
    }

    /// <summary>Removes a user; the audit log keeps the name.</summary>
    public Task DeleteAsync(Caller caller, Guid id, CancellationToken cancellationToken) => _ledger.MutateAsync(
        caller,
        "user.delete",
        $"user/{id}",
        (transaction, now) =>
        {
            Person person = transaction.Require<Person>(id, "user");
            Grants.RequireOver(caller, person);
            EndSessions(transaction, id, except: null);
            transaction.Table<Desktop>().Delete(id);
            // Whoever is given the name next is somebody else.
            foreach (Posting post in transaction.Table<Posting>().Where(Lookups.PostAudience, Audience.OfUser(person.UserName).Text)) transaction.Table<Posting>().Delete(post.Id);
            transaction.Table<Person>().Delete(id);
            Grants.RequireAnAdmin(transaction, person);
            transaction.AppendEvent(now, "user.removed", $"user/{id}", $"User {person.UserName} was removed by {caller.Name}.");
            return true;
        },
        cancellationToken);

    /// <summary>Gives a user a new password and ends the user's sessions.</summary>
    public async Task<UserPassword> ResetPasswordAsync(Caller caller, Guid id, PasswordReset request, string? idempotencyKey, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        (string? made, string hash) = await HashAsync(request.Password, cancellationToken);
        return await _ledger.MutateAsync(
            caller.Asking(idempotencyKey, request, ApiJson.Default.PasswordReset),
            "user.reset-password",
            $"user/{id}",
            (transaction, now) =>
            {
                Person person = transaction.Require<Person>(id, "user");
                Grants.RequireOver(caller, person);
                EndSessions(transaction, id, except: null);
                return new UserPassword(PeopleViews.User(transaction.Table<Person>().Update(person with { PasswordHash = hash })), made);
            },
            cancellationToken);
    }

    /// <summary>Takes a lost authenticator from a user.</summary>
    public Task<User> ResetTotpAsync(Caller caller, Guid id, CancellationToken cancellationToken) => _ledger.MutateAsync(
        caller,
        "user.reset-totp",
        $"user/{id}",
        (transaction, _) =>
        {
            Person person = transaction.Require<Person>(id, "user");
            Grants.RequireOver(caller, person);
            return PeopleViews.User(transaction.Table<Person>().Update(person with { Totp = null }));
        },
        cancellationToken);

    /// <summary>Ends a person's sessions, all but one.</summary>
    internal static void EndSessions(IStationTransaction transaction, Guid personId, Guid? except)
    {
        foreach (Session session in transaction.Table<Session>().Where(Lookups.SessionPerson, personId.ToString()).Where(session => session.Id != except))
            transaction.Table<Session>().Delete(session.Id);
    }

    private static async Task<(string? Made, string Hash)> HashAsync(string? given, CancellationToken cancellationToken)
    {
        string? made = given is null ? Passwords.Make() : null;
        return (made, await Passwords.HashAsync(made ?? Passwords.Require(given!, "/password"), cancellationToken));
    }
}
