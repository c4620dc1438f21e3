using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>Hands placement what is stored and what was found, and turns what it says into problems.</summary>
internal sealed class PlacementCandidates(Views views)
{
    /// <summary>All stores of admitted units, or of the units named.</summary>
    public IReadOnlyList<PlacementCandidate> All(IStationTransaction transaction, IReadOnlyList<Guid>? unitIds = null)
    {
        ITable<Domain.Unit> units = transaction.Table<Domain.Unit>();
        ITable<Domain.Store> stores = transaction.Table<Domain.Store>();
        HashSet<Guid> inMaintenance = [.. transaction.Table<Maintenance>().Page(after: null, int.MaxValue).Select(one => one.Id)];
        if (unitIds is not null)
        {
            IEnumerable<Domain.Unit> named = unitIds.Select(id => units.Find(id) ?? throw ProblemException.Field("/unitIds", "names no unit."));
            return [.. named.Where(MayHold).SelectMany(unit => Of(unit, stores.Where(Lookups.StoreUnit, unit.Id.ToString()), inMaintenance))];
        }

        // Two queries for a pool of a thousand units, and not two for each.
        ILookup<Guid, Domain.Store> byUnit = stores.Page(after: null, int.MaxValue).ToLookup(store => store.UnitId);
        return [.. units.Page(after: null, int.MaxValue).Where(MayHold).SelectMany(unit => Of(unit, byUnit[unit.Id], inMaintenance))];
    }

    /// <summary>A place for each leg, or the problem.</summary>
    public static IReadOnlyList<PlacedLeg> Require(PlacementRequest request, IReadOnlyList<PlacementCandidate> candidates)
    {
        PlacementDecision decision = Placement.Decide(candidates, request);
        return decision.IsPlaced ? decision.Legs : throw Refusal(request, decision);
    }

    /// <summary>Why a volume cannot be placed.</summary>
    public static ProblemException Refusal(PlacementRequest request, PlacementDecision decision)
    {
        if (decision.Verdicts.Any(verdict => verdict.RoomBytes > 0) || decision.Verdicts.Any(verdict => verdict.Candidate.Rejection is null))
        {
            return new ProblemException(
                "pool-full",
                $"{SizeText.Of(request.SizeBytes)} asked as {request.Layout}, {SizeText.Of(decision.LargestBytes)} can be placed.",
                decision.LargestBytes > 0
                    ? $"Ask for at most {SizeText.Of(decision.LargestBytes)}, remove a volume, or add a unit."
                    : "Let 'vsan placement explain' say why, remove a volume, or add a unit.");
        }

        return new ProblemException("no-unit", NoUnitDetail(decision.Verdicts), "Add a unit, or look why none is ready.");
    }

    private static bool MayHold(Domain.Unit unit) => unit.Phase is not (UnitPhase.Pending or UnitPhase.Retired);

    private IEnumerable<PlacementCandidate> Of(Domain.Unit unit, IEnumerable<Domain.Store> stores, HashSet<Guid> inMaintenance)
    {
        string? rejection = views.Trouble(unit)
            ?? (unit.Cordoned ? $"{unit.Name} is cordoned" : inMaintenance.Contains(unit.Id) ? $"{unit.Name} is in maintenance" : null);
        bool linked = views.IsLinked(unit.Id);
        return stores.Select(store => new PlacementCandidate(unit, store, views.FreeBytes(store), linked, rejection) { Sessions = views.Sessions(unit.Id) });
    }

    private static string NoUnitDetail(IReadOnlyList<PlacementVerdict> verdicts) => verdicts.Count == 0
        ? "No unit with a store has joined."
        : $"No unit is ready: {string.Join(", ", verdicts.Select(verdict => verdict.Candidate.Rejection).Distinct().Take(5))}.";
}
