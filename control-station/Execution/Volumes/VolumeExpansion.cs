using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>Makes a volume's legs larger, inside a transaction; hosts see the new size when every unit has followed.</summary>
internal static class VolumeExpansion
{
    /// <summary>Reserves the space and makes the legs larger.</summary>
    /// <returns>The units that have to follow.</returns>
    public static IReadOnlyList<Unit> Reserve(IStationTransaction transaction, Volume volume, long sizeBytes, PlacementCandidates candidates)
    {
        IReadOnlyList<Leg> legs = transaction.LegsOf(volume.Id);
        IReadOnlyList<(Leg Leg, long SizeBytes)> grown = Grown(volume, legs, sizeBytes);
        PlacementRequest request = new(VolumeLayout.Single, Placement.GranuleBytes, volume.Thin) { OvercommitRatio = RatioOf(transaction, volume) };
        List<Unit> units = [];
        foreach ((Leg leg, long legBytes) in grown)
        {
            PlacementCandidate place = candidates.All(transaction, [leg.UnitId]).First(candidate => candidate.Store.Id == leg.StoreId);
            RequireRoom(volume, place, request, legBytes - leg.SizeBytes);
            transaction.Table<Domain.Store>().Update(place.Store with { PromisedBytes = checked(place.Store.PromisedBytes + legBytes - leg.SizeBytes) });
            transaction.Table<Leg>().Update(leg with { SizeBytes = legBytes });
            units.Add(place.Unit);
        }

        return units;
    }

    // A concat grows at its end; every leg of the others grows alike.
    private static IReadOnlyList<(Leg Leg, long SizeBytes)> Grown(Volume volume, IReadOnlyList<Leg> legs, long sizeBytes) => volume.Layout.Kind == LayoutKind.Concat
        ? [(legs[^1], legs[^1].SizeBytes + sizeBytes - volume.SizeBytes)]
        : [.. legs.Select(leg => (leg, volume.Layout.LegBytes(sizeBytes)))];

    private static double RatioOf(IStationTransaction transaction, Volume volume) =>
        volume.PolicyId is { } id && transaction.Table<Policy>().Find(id) is { } policy ? policy.OvercommitRatio : 1;

    // A cordoned unit or a spare takes no new legs, but what lies there may grow.
    private static void RequireRoom(Volume volume, PlacementCandidate place, PlacementRequest request, long moreBytes)
    {
        if (place.Rejection is { } rejection && !place.Unit.Cordoned)
            throw new ProblemException("no-unit", $"{volume.Name} has a leg on {place.Unit.Name}: {rejection}.", "Wait for the unit to come back, then ask again.");
        PlacementCandidate open = place with { Rejection = null, Unit = place.Unit with { Weight = Unit.WeightDefault } };
        long roomBytes = Placement.RoomBytes(open, request);
        if (roomBytes >= moreBytes) return;
        throw new ProblemException(
            "pool-full",
            $"{SizeText.Of(moreBytes)} more are needed on store {place.Store.Name} of {place.Unit.Name}, and it has room for {SizeText.Of(roomBytes)}.",
            "Remove volumes of this unit, move a leg away, or ask for less.");
    }
}
