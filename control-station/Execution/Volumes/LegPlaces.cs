using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>Where a leg of a volume that is there may go: as it was placed once, and not beside another leg of the volume.</summary>
/// <param name="candidates">All places.</param>
internal sealed class LegPlaces(PlacementCandidates candidates)
{
    /// <summary>Why a leg can go nowhere now; null when it can.</summary>
    public ProblemException? Obstacle(IStationTransaction transaction, Volume volume, Leg leg)
    {
        PlacementRequest request = RequestOf(transaction, volume, leg);
        PlacementDecision decision = Placement.Decide(Candidates(transaction, volume, leg, toUnitId: null), request);
        return decision.IsPlaced ? null : PlacementCandidates.Refusal(request, decision);
    }

    /// <summary>The place for a leg, on a certain unit or on the best.</summary>
    /// <exception cref="ProblemException">There is none; it says why.</exception>
    public PlacementCandidate Require(IStationTransaction transaction, Volume volume, Leg leg, Guid? toUnitId) =>
        PlacementCandidates.Require(RequestOf(transaction, volume, leg), Candidates(transaction, volume, leg, toUnitId))[0].Candidate;

    // Its policy goes on to say what media and how full a store may be.
    private static PlacementRequest RequestOf(IStationTransaction transaction, Volume volume, Leg leg)
    {
        Policy? policy = volume.PolicyId is { } id ? transaction.Table<Policy>().Find(id) : null;
        return new PlacementRequest(VolumeLayout.Single, leg.SizeBytes, volume.Thin) { Media = policy?.Media, OvercommitRatio = policy?.OvercommitRatio ?? 1 };
    }

    // For a mirror not where another copy would fail with it.
    private IReadOnlyList<PlacementCandidate> Candidates(IStationTransaction transaction, Volume volume, Leg leg, Guid? toUnitId)
    {
        FailureDomain domain = volume.PolicyId is { } id ? transaction.Table<Policy>().Find(id)?.Domain ?? FailureDomain.Unit : FailureDomain.Unit;
        Leg[] others = [.. transaction.LegsOf(volume.Id).Where(other => other.Id != leg.Id)];
        IReadOnlyList<PlacementCandidate> all = candidates.All(transaction);
        HashSet<string> taken = volume.Layout.Kind == LayoutKind.Mirror
            ? [.. all.Where(candidate => others.Any(other => other.UnitId == candidate.Unit.Id)).Select(candidate => candidate.DomainKey(domain)).OfType<string>()]
            : [];
        return [.. all.Where(candidate => toUnitId is null || candidate.Unit.Id == toUnitId).Select(candidate => candidate with { Rejection = candidate.Rejection ?? Why(candidate) })];

        string? Why(PlacementCandidate candidate) =>
            candidate.Unit.Id == leg.UnitId ? $"{candidate.Unit.Name} has the leg already"
            : others.Any(other => other.UnitId == candidate.Unit.Id) ? $"{candidate.Unit.Name} has another leg of the volume"
            : candidate.DomainKey(domain) is { } key && taken.Contains(key) ? $"{candidate.Unit.Name} would fail together with another copy"
            : null;
    }
}
