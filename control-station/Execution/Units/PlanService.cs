using System.Globalization;
using VSan.Contracts.Api;
using VSan.Station.Domain;
using Unit = VSan.Station.Domain.Unit;

namespace VSan.Station.Execution;

/// <summary>Shows what each unit is to serve, and what lies between that and what it has reached. Looks only: reconcilers act by themselves.</summary>
public sealed class PlanService
{
    private readonly Ledger _ledger;
    private readonly UnitReconcilers _reconcilers;
    private readonly Views _views;
    private readonly SpareRunner _spares;

    internal PlanService(Ledger ledger, UnitReconcilers reconcilers, Views views, SpareRunner spares)
    {
        _spares = spares;
        _ledger = ledger;
        _reconcilers = reconcilers;
        _views = views;
    }

    /// <summary>One page of admitted units, or the one of a name.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="query">Page or name.</param>
    /// <param name="withDocument">True: each wanted document too, in lines.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<PlanPage> ListAsync(Caller caller, ListQuery query, bool withDocument, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return _ledger.ReadAsync(
            transaction =>
            {
                IReadOnlyList<SpareDecision> spares = _spares.Plan(transaction);
                (IReadOnlyList<PlannedUnit[]> units, string? next) = transaction.List<Unit, PlannedUnit[]>(
                    caller, "plan.read", query, Lookups.UnitName, unit => unit.IsAdmitted ? [View(transaction, unit, withDocument) with { Spare = _spares.Sentence(spares, transaction.Settings().SpareAfter, unit) }] : []);
                return new PlanPage([.. units.SelectMany(planned => planned)], next);
            },
            cancellationToken);
    }

    private PlannedUnit View(IStationTransaction transaction, Unit unit, bool withDocument)
    {
        UnitPlan plan = UnitConfigurations.Plan(transaction, unit);
        UnitProgress found = _reconcilers.ProgressOf(unit.Id);
        PlanState state = Compare(unit, found);
        IReadOnlyList<PlanChange>? changes = state is PlanState.InStep or PlanState.Applying ? []
            : found.Reached is null && !IsFirst(unit) ? null
            : DocumentDifference.Between(found.Reached, UnitConfigurations.ToDocument(plan));
        return new PlannedUnit(
            unit.Id, unit.Name, state, unit.WantedGeneration, found.AcceptedGeneration, found.AppliedGeneration, plan.Legs.Count, plan.Access.Count, changes, Sentence(unit, found, state))
        {
            Document = withDocument ? plan.Print() : null,
        };
    }

    // A unit that was never ready has accepted nothing yet.
    private static bool IsFirst(Unit unit) => unit is { Phase: UnitPhase.Joining, JoinMilliseconds: null };

    private static PlanState Compare(Unit unit, UnitProgress found) => found switch
    {
        { IsAhead: true } => PlanState.Ahead,
        _ when unit.WantedGeneration > 0 && found.AppliedGeneration == unit.WantedGeneration => PlanState.InStep,
        _ when unit.WantedGeneration > 0 && found.AcceptedGeneration == unit.WantedGeneration => PlanState.Applying,
        _ => PlanState.Behind,
    };

    private string Sentence(Unit unit, UnitProgress found, PlanState state)
    {
        string generation = unit.WantedGeneration.ToString(CultureInfo.InvariantCulture);
        string reason = found.Failure is { } failure ? $": {failure}" : ".";
        return state switch
        {
            PlanState.InStep => $"{unit.Name} serves generation {generation}.",
            PlanState.Applying => $"{unit.Name} accepted generation {generation} and does not serve it yet{reason}",
            PlanState.Behind when _views.IsLinked(unit.Id) => $"{unit.Name} is being handed generation {generation}{reason}",
            PlanState.Behind => $"{unit.Name} is out of reach; it is handed generation {generation} when it is back.",
            PlanState.Ahead => $"{Views.AheadMessage(unit)} {Views.AheadAction}",
        };
    }
}
