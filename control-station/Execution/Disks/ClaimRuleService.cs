using VSan.Contracts.Api;

namespace VSan.Station.Execution;

/// <summary>Rules by which blank disks are claimed without being asked for.</summary>
public sealed class ClaimRuleService
{
    private readonly Ledger _ledger;
    private readonly UnitReconcilers _reconcilers;

    internal ClaimRuleService(Ledger ledger, UnitReconcilers reconcilers)
    {
        _ledger = ledger;
        _reconcilers = reconcilers;
    }

    /// <summary>One page of rules.</summary>
    public Task<ClaimRulePage> ListAsync(Caller caller, ListQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return _ledger.ReadAsync(
            transaction =>
            {
                (IReadOnlyList<ClaimRule> items, string? next) = transaction.List(caller, "claim-rule.read", query, Lookups.ClaimRuleName, View);
                return new ClaimRulePage(items, next);
            },
            cancellationToken);
    }

    /// <summary>Makes a rule; what matches it already is claimed at once.</summary>
    public async Task<ClaimRule> CreateAsync(Caller caller, ClaimRuleCreate request, string? idempotencyKey, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ClaimRule made = await _ledger.MutateAsync(
            caller.Asking(idempotencyKey, request, ApiJson.Default.ClaimRuleCreate),
            "claim-rule.create",
            "claim-rule",
            (transaction, now) =>
            {
                Domain.ClaimRule rule = Of(request, transaction.NewId(now), caller, now);
                if (transaction.Table<Domain.ClaimRule>().CountWhere(Lookups.ClaimRuleName, rule.Name) > 0) throw new ProblemException("name-taken", $"There is a rule {rule.Name} already.");
                transaction.AppendEvent(now, "claim-rule.created", "pool", $"{caller.Name} made rule {rule.Name}: blank disks that match are claimed by themselves.");
                return View(transaction.Table<Domain.ClaimRule>().Insert(rule));
            },
            cancellationToken);
        _reconcilers.Enquired.Pulse();
        return made;
    }

    /// <summary>Removes a rule; what it claimed stays.</summary>
    public Task DeleteAsync(Caller caller, Guid id, CancellationToken cancellationToken) => _ledger.MutateAsync(
        caller,
        "claim-rule.delete",
        $"claim-rule/{id}",
        (transaction, _) =>
        {
            transaction.Require<Domain.ClaimRule>(id, "claim rule");
            transaction.Table<Domain.ClaimRule>().Delete(id);
            return true;
        },
        cancellationToken);

    private static Domain.ClaimRule Of(ClaimRuleCreate request, Guid id, Caller caller, DateTimeOffset now)
    {
        DiskSelector selector = request.Selector ?? throw ProblemException.Field("/selector", "is missing.");
        if (selector is { Media: null, Model: null, SizeBytesMin: null, SizeBytesMax: null, Labels: null or { Count: 0 } })
            throw ProblemException.Field("/selector", "must narrow by something: a rule for every blank disk is one for the wrong one too.");
        return new Domain.ClaimRule(
            id, Names.Object(request.Name, "/name"), selector.Media?.ToString(), selector.Model, selector.SizeBytesMin, selector.SizeBytesMax,
            Labels.Check(selector.Labels, "/selector/labels"), caller.Name, now);
    }

    private static ClaimRule View(Domain.ClaimRule rule) => new(rule.Id, rule.Name, DiskSelection.Of(rule), rule.CreatedBy, rule.CreatedAt);
}
