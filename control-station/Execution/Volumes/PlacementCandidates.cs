using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>Hands placement what is stored and what was found, and turns what it says into problems.</summary>
internal sealed class PlacementCandidates(Views views)
{
    /// <summary>All stores of admitted units, or of one.</summary>
    public IReadOnlyList<PlacementCandidate> All(IStationTransaction transaction, Guid? unitId)
    {
        ITable<Domain.Unit> units = transaction.Table<Domain.Unit>();
        IEnumerable<Domain.Unit> asked = unitId is { } id ? (units.Find(id) is { } one ? [one] : []) : units.Page(after: null, int.MaxValue);
        return [.. asked.Where(unit => unit.Phase is not (UnitPhase.Pending or UnitPhase.Retired)).SelectMany(unit => Of(transaction, unit))];
    }

    /// <summary>A place for a leg, or the problem.</summary>
    public PlacementOutcome.Placed Place(IStationTransaction transaction, Guid? unitId, long sizeBytes, bool thin)
    {
        if (unitId is { } id && transaction.Table<Domain.Unit>().Find(id) is null) throw ProblemException.Field("/unitId", "names no unit.");
        IReadOnlyList<PlacementCandidate> candidates = All(transaction, unitId);
        return Placement.Choose(candidates, sizeBytes, thin) switch
        {
            PlacementOutcome.Placed placed => placed,
            PlacementOutcome.PoolFull full => throw new ProblemException(
                "pool-full",
                $"{SizeText.Of(sizeBytes)} asked, {SizeText.Of(full.LargestBytes)} can be placed.",
                full.LargestBytes > 0 ? $"Ask for at most {SizeText.Of(full.LargestBytes)}, remove a volume, or add a unit." : "Remove a volume, or add a unit."),
            _ => throw new ProblemException("no-unit", NoUnitDetail(candidates), "Add a unit, or look why none is ready."),
        };
    }

    private IEnumerable<PlacementCandidate> Of(IStationTransaction transaction, Domain.Unit unit)
    {
        string? rejection = views.Trouble(unit) ?? (unit.Cordoned ? $"{unit.Name} is cordoned" : transaction.Table<Maintenance>().Find(unit.Id) is null ? null : $"{unit.Name} is in maintenance");
        bool linked = views.IsLinked(unit.Id);
        int legs = transaction.Table<Domain.Leg>().CountWhere(Lookups.LegUnit, unit.Id.ToString());
        return transaction.Table<Domain.Store>().Where(Lookups.StoreUnit, unit.Id.ToString())
            .Select(store => new PlacementCandidate(unit, store, views.FreeBytes(store), legs, linked, rejection));
    }

    private static string NoUnitDetail(IReadOnlyList<PlacementCandidate> candidates) => candidates.Count == 0
        ? "No unit with a store has joined."
        : $"No unit is ready: {string.Join(", ", candidates.Select(candidate => candidate.Rejection).Distinct().Take(5))}.";
}
