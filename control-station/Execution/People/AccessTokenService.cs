using VSan.Contracts.Api;

namespace VSan.Station.Execution;

/// <summary>Access tokens of machines and scripts.</summary>
public sealed class AccessTokenService
{
    private static readonly TimeSpan LifetimeDefault = TimeSpan.FromDays(90);
    private static readonly TimeSpan LifetimeMin = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LifetimeMax = TimeSpan.FromDays(366);

    private readonly Ledger _ledger;

    internal AccessTokenService(Ledger ledger) => _ledger = ledger;

    /// <summary>One page of tokens, also of those that have expired.</summary>
    public Task<AccessTokenPage> ListAsync(Caller caller, ListQuery query, CancellationToken cancellationToken) => _ledger.ReadAsync(
        caller,
        "access-token.read",
        "access-token",
        transaction =>
        {
            (IReadOnlyList<Contracts.Api.AccessToken> items, string? next) = transaction.List(
                caller, "access-token.read", query, Lookups.AccessTokenName, PeopleViews.AccessToken);
            return new AccessTokenPage(items, next);
        },
        cancellationToken);

    /// <summary>Makes a token; its secret is in the answer and nowhere else.</summary>
    public Task<AccessTokenCreated> CreateAsync(Caller caller, AccessTokenCreate request, string? idempotencyKey, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        string name = Names.Object(request.Name, "/name");
        IReadOnlyList<Binding> bindings = Binding.Parse(request.Bindings, "/bindings");
        if (bindings.Count == 0) throw ProblemException.Field("/bindings", "must have at least one role.");
        double seconds = request.LifetimeSeconds ?? LifetimeDefault.TotalSeconds;
        if (seconds < LifetimeMin.TotalSeconds || seconds > LifetimeMax.TotalSeconds)
            throw ProblemException.Field("/lifetimeSeconds", $"must be {LifetimeMin.TotalSeconds:0} to {LifetimeMax.TotalSeconds:0}.");
        return _ledger.MutateAsync(
            caller.Asking(idempotencyKey, request, ApiJson.Default.AccessTokenCreate),
            "access-token.create",
            $"access-token/{name}",
            (transaction, now) =>
            {
                Grants.Require(caller, [], bindings, personId: null);
                if (transaction.Table<AccessToken>().Where(Lookups.AccessTokenName, name) is not []) throw new ProblemException("name-taken", $"There is an access token {name} already.");
                string bearer = SessionService.NewBearer();
                AccessToken token = transaction.Table<AccessToken>().Insert(new AccessToken(
                    transaction.NewId(now), name, SessionService.HashOf(bearer), bindings, now, now + TimeSpan.FromSeconds(seconds), caller.Name));
                transaction.AppendEvent(now, "access-token.created", $"access-token/{token.Id}", $"Access token {name} was made by {caller.Name}.");
                return new AccessTokenCreated(PeopleViews.AccessToken(token), bearer);
            },
            cancellationToken);
    }

    /// <summary>Removes a token; it opens nothing from now on.</summary>
    public Task DeleteAsync(Caller caller, Guid id, CancellationToken cancellationToken) => _ledger.MutateAsync(
        caller,
        "access-token.delete",
        $"access-token/{id}",
        (transaction, now) =>
        {
            AccessToken token = transaction.Require<AccessToken>(id, "access token");
            Grants.Require(caller, token.Bindings, [], personId: null);
            transaction.Table<AccessToken>().Delete(id);
            transaction.AppendEvent(now, "access-token.removed", $"access-token/{id}", $"Access token {token.Name} was removed by {caller.Name}.");
            return true;
        },
        cancellationToken);
}
