using VSan.Station.Domain;
using Api = VSan.Contracts.Api;

namespace VSan.Station.Execution;

/// <summary>Kinds of service: looks.</summary>
public sealed class ServiceKindService
{
    private readonly Ledger _ledger;

    internal ServiceKindService(Ledger ledger) => _ledger = ledger;

    /// <summary>All kinds, each with every unit that the caller may see and how it describes itself.</summary>
    public Task<Api.ServiceKindPage> ListAsync(Caller caller, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return _ledger.ReadAsync(
            transaction =>
            {
                Unit[] units = [.. transaction.Table<Unit>().Page(after: null, int.MaxValue).Where(unit => Permissions.Allow(caller, "unit.read", Reach.Of(transaction, unit)))];
                return new Api.ServiceKindPage([.. ServiceKinds.All.Select(kind => View(transaction, kind, units))]);
            },
            cancellationToken);
    }

    private static Api.ServiceKind View(IStationTransaction transaction, ServiceKind kind, Unit[] units) => new(
        kind.Name, kind.Title, kind.Collection, kind.Verbs.Allocate, kind.Verbs.Bind, kind.Verbs.Release, kind.Verbs.Free,
        [.. units.Select(unit => View(transaction, kind, unit))]);

    private static Api.ServiceUnit View(IStationTransaction transaction, ServiceKind kind, Unit unit)
    {
        ServiceOffer offer = kind.OfferOf(unit);
        return new Api.ServiceUnit(unit.Id, unit.Name, offer.Reason is null, offer.Engine, offer.Reason, kind.CountOn(transaction, unit.Id));
    }
}
