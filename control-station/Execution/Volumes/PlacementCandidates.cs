using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>Hands placement what is stored and what was found, and turns what it says into problems.</summary>
internal sealed class PlacementCandidates(Views views)
{
    /// <summary>All stores of admitted units, or of the units named.</summary>
    public IReadOnlyList<PlacementCandidate> All(IStationTransaction transaction, IReadOnlyList<Guid>? unitIds = null)
    {
        ITable<Domain.Unit> units = transaction.Table<Domain.Unit>();
        IEnumerable<Domain.Unit> asked = unitIds is null
            ? units.Page(after: null, int.MaxValue)
            : unitIds.Select(id => units.Find(id) ?? throw ProblemException.Field("/unitIds", "names no unit."));
        return [.. asked.Where(unit => unit.Phase is not (UnitPhase.Pending or UnitPhase.Retired)).SelectMany(unit => Of(transaction, unit))];
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

    private IEnumerable<PlacementCandidate> Of(IStationTransaction transaction, Domain.Unit unit)
    {
        string? rejection = views.Trouble(unit) ?? (unit.Cordoned ? $"{unit.Name} is cordoned" : transaction.Table<Maintenance>().Find(unit.Id) is null ? null : $"{unit.Name} is in maintenance");
        bool linked = views.IsLinked(unit.Id);
        int legs = transaction.Table<Leg>().CountWhere(Lookups.LegUnit, unit.Id.ToString());
        return transaction.Table<Domain.Store>().Where(Lookups.StoreUnit, unit.Id.ToString())
            .Select(store => new PlacementCandidate(unit, store, views.FreeBytes(store), legs, linked, rejection) { Sessions = views.Sessions(unit.Id) });
    }

    private static string NoUnitDetail(IReadOnlyList<PlacementVerdict> verdicts) => verdicts.Count == 0
        ? "No unit with a store has joined."
        : $"No unit is ready: {string.Join(", ", verdicts.Select(verdict => verdict.Candidate.Rejection).Distinct().Take(5))}.";
}
