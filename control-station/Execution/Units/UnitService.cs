using VSan.Contracts.Api;
using VSan.Station.Domain;
using Unit = VSan.Contracts.Api.Unit;

namespace VSan.Station.Execution;

/// <summary>Units: looks, and moves them through their life (<see cref="UnitLife"/>).</summary>
public sealed partial class UnitService
{
    private readonly Ledger _ledger;
    private readonly UnitPresence _presence;
    private readonly UnitReconcilers _reconcilers;
    private readonly IUnitLinks _links;
    private readonly Views _views;
    private readonly OperationEngine _engine;

    internal UnitService(Ledger ledger, UnitPresence presence, UnitReconcilers reconcilers, IUnitLinks links, Views views, OperationEngine engine)
    {
        _engine = engine;
        _ledger = ledger;
        _links = links;
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

    /// <summary>One page of the stores of all units.</summary>
    public Task<StorePage> StoresAsync(Caller caller, ListQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return _ledger.ReadAsync(
            transaction =>
            {
                (IReadOnlyList<PoolStore> items, string? next) = transaction.List<Domain.Store, PoolStore>(caller, "unit.read", query, byName: null, store => _views.PoolStore(transaction, store));
                return new StorePage(items, next);
            },
            cancellationToken);
    }

    /// <summary>One by identity.</summary>
    public Task<Unit> GetAsync(Caller caller, Guid id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return _ledger.ReadAsync(caller, "unit.read", $"unit/{id}", transaction => _views.Unit(transaction, transaction.Require<Domain.Unit>(id, "unit")), cancellationToken);
    }

    /// <summary>True when the unit's certificate opens the link; the link asks at each handshake.</summary>
    public Task<bool> IsAdmittedAsync(Guid id, CancellationToken cancellationToken) =>
        _ledger.ReadAsync(transaction => transaction.Table<Domain.Unit>().Find(id) is { IsAdmitted: true }, cancellationToken);
}
