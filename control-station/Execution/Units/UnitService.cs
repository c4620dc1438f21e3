using VSan.Contracts.Api;
using VSan.Station.Domain;
using Unit = VSan.Contracts.Api.Unit;

namespace VSan.Station.Execution;

/// <summary>Units: looks, approves, forgets.</summary>
public sealed class UnitService
{
    private readonly Ledger _ledger;
    private readonly UnitPresence _presence;
    private readonly UnitReconcilers _reconcilers;
    private readonly Views _views;

    internal UnitService(Ledger ledger, UnitPresence presence, UnitReconcilers reconcilers, Views views)
    {
        _ledger = ledger;
        _presence = presence;
        _reconcilers = reconcilers;
        _views = views;
    }

    /// <summary>One page of units.</summary>
    public Task<UnitPage> ListAsync(Caller caller, ListQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return _ledger.ReadAsync(
            transaction =>
            {
                (IReadOnlyList<Unit> items, string? next) = transaction.List(caller, "unit.read", query, Lookups.UnitName, unit => _views.Unit(transaction, unit), ListFilters.Units);
                return new UnitPage(items, next);
            },
            cancellationToken);
    }

    /// <summary>One by identity.</summary>
    public Task<Unit> GetAsync(Caller caller, Guid id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return _ledger.ReadAsync(caller, "unit.read", $"unit/{id}", transaction => _views.Unit(transaction, transaction.Require<Domain.Unit>(id, "unit")), cancellationToken);
    }

    /// <summary>Admits a pending unit; it gets its certificate when it asks next.</summary>
    public Task<Unit> ApproveAsync(Caller caller, Guid id, CancellationToken cancellationToken) => _ledger.MutateAsync(
        caller,
        "unit.approve",
        $"unit/{id}",
        (transaction, now) =>
        {
            Domain.Unit unit = transaction.Require<Domain.Unit>(id, "unit");
            if (unit.Phase != UnitPhase.Pending) throw new ProblemException("unit-not-pending", $"{unit.Name} was admitted already.");
            unit = transaction.Table<Domain.Unit>().Update(unit with { Phase = UnitPhase.Joining });
            transaction.AppendEvent(now, "unit.approved", $"unit/{id}", $"{unit.Name} was approved by {caller.Name}.");
            return _views.Unit(transaction, unit);
        },
        cancellationToken);

    /// <summary>Forgets a pending unit, or one without legs. Its stores leave the pool; its certificate opens nothing any more.</summary>
    public async Task ForgetAsync(Caller caller, Guid id, CancellationToken cancellationToken)
    {
        await _ledger.MutateAsync(caller, "unit.forget", $"unit/{id}", (transaction, now) => Forget(transaction, now, id), cancellationToken);
        _reconcilers.Forget(id);
        _presence.Forget(id);
    }

    /// <summary>True when the unit was admitted and not forgotten; the link asks before it accepts a connection.</summary>
    public Task<bool> IsAdmittedAsync(Guid id, CancellationToken cancellationToken) =>
        _ledger.ReadAsync(transaction => transaction.Table<Domain.Unit>().Find(id) is { Phase: not UnitPhase.Pending }, cancellationToken);

    private static bool Forget(IStationTransaction transaction, DateTimeOffset now, Guid id)
    {
        Domain.Unit unit = transaction.Require<Domain.Unit>(id, "unit");
        int legs = transaction.Table<Domain.Leg>().CountWhere(Lookups.LegUnit, id.ToString());
        if (legs > 0) throw new ProblemException("unit-in-use", $"{unit.Name} keeps {legs} volumes.", "Remove its volumes first.");
        foreach (Credential credential in transaction.Table<Credential>().Where(Lookups.CredentialUnit, id.ToString())) transaction.Table<Credential>().Delete(credential.Id);
        foreach (Domain.Store store in transaction.Table<Domain.Store>().Where(Lookups.StoreUnit, id.ToString())) transaction.Table<Domain.Store>().Delete(store.Id);
        transaction.Table<Domain.Unit>().Delete(id);
        transaction.AppendEvent(now, "unit.forgotten", $"unit/{id}", $"{unit.Name} was forgotten.");
        return true;
    }
}
