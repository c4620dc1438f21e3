using VSan.Contracts.Api;
using Policy = VSan.Contracts.Api.Policy;

namespace VSan.Station.Execution;

/// <summary>Policies: what volumes of one purpose have in common.</summary>
public sealed class PolicyService
{
    private const int TextMax = 63;
    private const double OvercommitMax = 100;

    private readonly Ledger _ledger;

    internal PolicyService(Ledger ledger) => _ledger = ledger;

    /// <summary>One page of policies.</summary>
    public Task<PolicyPage> ListAsync(Caller caller, ListQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return _ledger.ReadAsync(
            transaction =>
            {
                (IReadOnlyList<Policy> items, string? next) = transaction.List(caller, "policy.read", query, Lookups.PolicyName, View);
                return new PolicyPage(items, next);
            },
            cancellationToken);
    }

    /// <summary>One by identity.</summary>
    public Task<Policy> GetAsync(Caller caller, Guid id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return _ledger.ReadAsync(caller, "policy.read", $"policy/{id}", transaction => View(transaction.Require<Domain.Policy>(id, "policy")), cancellationToken);
    }

    /// <summary>Makes a policy.</summary>
    public Task<Policy> CreateAsync(Caller caller, PolicyCreate request, string? idempotencyKey, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return _ledger.MutateAsync(
            caller.Asking(idempotencyKey, request, ApiJson.Default.PolicyCreate),
            "policy.create",
            $"policy/{request.Name}",
            (transaction, now) =>
            {
                Domain.Policy policy = Of(request, transaction.NewId(now), now);
                RequireFree(transaction, policy);
                transaction.AppendEvent(now, "policy.created", $"policy/{policy.Id}", $"Policy {policy.Name} was made by {caller.Name}.");
                return View(transaction.Table<Domain.Policy>().Insert(policy));
            },
            cancellationToken);
    }

    /// <summary>Changes a policy whole, for volumes that are made later.</summary>
    public Task<Policy> ChangeAsync(Caller caller, Guid id, PolicyCreate request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return _ledger.MutateAsync(
            caller,
            "policy.change",
            $"policy/{id}",
            (transaction, now) =>
            {
                Domain.Policy old = transaction.Require<Domain.Policy>(id, "policy");
                Domain.Policy policy = Of(request, id, old.CreatedAt) with { Generation = old.Generation };
                RequireFree(transaction, policy);
                transaction.AppendEvent(now, "policy.changed", $"policy/{id}", $"Policy {policy.Name} was changed by {caller.Name}.");
                return View(transaction.Table<Domain.Policy>().Update(policy));
            },
            cancellationToken);
    }

    /// <summary>Removes a policy; volumes that were made by it stay as they are.</summary>
    public Task DeleteAsync(Caller caller, Guid id, CancellationToken cancellationToken) => _ledger.MutateAsync(
        caller,
        "policy.delete",
        $"policy/{id}",
        (transaction, now) =>
        {
            Domain.Policy policy = transaction.Require<Domain.Policy>(id, "policy");
            transaction.Table<Domain.Policy>().Delete(id);
            transaction.AppendEvent(now, "policy.removed", $"policy/{id}", $"Policy {policy.Name} was removed by {caller.Name}.");
            return true;
        },
        cancellationToken);

    private static void RequireFree(IStationTransaction transaction, Domain.Policy policy)
    {
        if (transaction.Table<Domain.Policy>().Where(Lookups.PolicyName, policy.Name) is [{ } other] && other.Id != policy.Id)
            throw new ProblemException("name-taken", $"There is a policy {policy.Name} already.");
    }

    private static Domain.Policy Of(PolicyCreate request, Guid id, DateTimeOffset createdAt)
    {
        if (request.OvercommitRatio is < 1 or > OvercommitMax or double.NaN) throw ProblemException.Field("/overcommitRatio", $"must be 1 to {OvercommitMax}.");
        if (request.Media is { } media && !MediaName.Known.Contains(media, StringComparer.Ordinal)) throw ProblemException.Field("/media", $"must be one of {string.Join(", ", MediaName.Known)}.");
        if (request.SnapshotSchedule is { Length: 0 or > TextMax }) throw ProblemException.Field("/snapshotSchedule", $"must be 1 to {TextMax} characters.");
        Domain.FailureDomain domain = (request.FailureDomain ?? Contracts.Api.FailureDomain.Unit) switch
        {
            Contracts.Api.FailureDomain.Unit => Domain.FailureDomain.Unit,
            Contracts.Api.FailureDomain.Rack => Domain.FailureDomain.Rack,
            Contracts.Api.FailureDomain.Site => Domain.FailureDomain.Site,
        };
        return new Domain.Policy(
            id, Names.Object(request.Name, "/name"), VolumeSpecification.LayoutOf(request.Layout ?? "single", "/layout"), domain, request.Media, request.Thin ?? true,
            request.OvercommitRatio ?? 1, LimitRule.Of(request.Limits, "/limits"), request.SnapshotSchedule, createdAt);
    }

    private static Policy View(Domain.Policy policy) => new(
        policy.Id,
        policy.Name,
        policy.Layout.ToString(),
        policy.Domain switch
        {
            Domain.FailureDomain.Unit => Contracts.Api.FailureDomain.Unit,
            Domain.FailureDomain.Rack => Contracts.Api.FailureDomain.Rack,
            Domain.FailureDomain.Site => Contracts.Api.FailureDomain.Site,
        },
        policy.Media,
        policy.Thin,
        policy.OvercommitRatio,
        Views.Limits(policy.Limits),
        policy.SnapshotSchedule,
        policy.CreatedAt);
}
