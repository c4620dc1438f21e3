namespace VSan.Station.Domain;

/// <summary>
/// Chooses the stores of a volume's legs: filter, then score, one leg after the other. Pure, and the same for the same input; the caller
/// reserves in the transaction that read the candidates, so that nobody else is promised the same bytes.
/// </summary>
public static class Placement
{
    /// <summary>
    /// Part of a store that stays physically free, as a divisor of its capacity: one percent, since file systems slow down and their
    /// own metadata fails when full to the brim.
    /// </summary>
    public const int PhysicalFloorDivisor = 100;

    /// <summary>Volumes are whole mebibytes.</summary>
    public const long GranuleBytes = 1 << 20;

    /// <summary>Places a volume, and says of every candidate what it thinks of it.</summary>
    public static PlacementDecision Decide(IReadOnlyList<PlacementCandidate> candidates, PlacementRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        List<PlacedLeg> legs = request.Layout.Kind == LayoutKind.Concat
            ? Segments(candidates, request)
            : Legs(candidates, request, request.Layout.LegBytes(request.SizeBytes));
        return new PlacementDecision(legs, [.. candidates.Select(candidate => Verdict(candidate, request, legs))], legs.Count > 0 ? 0 : LargestBytes(candidates, request));
    }

    /// <summary>The largest leg that this candidate takes by the rules of a request, a multiple of <see cref="GranuleBytes"/>; zero when it takes none.</summary>
    public static long RoomBytes(PlacementCandidate candidate, PlacementRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (Unfit(candidate, request) is not null) return 0;
        Store store = candidate.Store;
        long promisable = (long)(store.CapacityBytes * request.OvercommitRatio) - store.PromisedBytes;
        long physical = candidate.FreeBytes - (store.CapacityBytes / PhysicalFloorDivisor);
        long room = physical <= 0 ? 0 : request.Thin ? promisable : Math.Min(promisable, physical);
        return Math.Max(0, room - (room % GranuleBytes));
    }

    /// <summary>What a store can still promise while it keeps every promise; negative when it has promised more.</summary>
    public static long UnpromisedBytes(Store store)
    {
        ArgumentNullException.ThrowIfNull(store);
        return store.CapacityBytes - store.PromisedBytes;
    }

    // Why a store takes no leg whatever its size; null when it may.
    private static string? Unfit(PlacementCandidate candidate, PlacementRequest request) =>
        candidate.Rejection is { } rejection ? rejection
        : candidate.Unit.Weight <= 0 ? $"{candidate.Unit.Name} is a spare (weight 0)"
        : request.Media is { } media && candidate.Store.Media != media ? $"its media is {candidate.Store.Media ?? "not known"}, not {media}"
        : IsSpread(request) && candidate.DomainKey(request.Domain) is null ? $"{candidate.Unit.Name} has no label {request.Domain.ToString().ToLowerInvariant()}"
        : null;

    private static bool IsSpread(PlacementRequest request) => request.Layout.Kind == LayoutKind.Mirror;

    private static List<PlacedLeg> Legs(IReadOnlyList<PlacementCandidate> candidates, PlacementRequest request, long legBytes)
    {
        List<PlacedLeg> legs = [];
        while (legs.Count < request.Layout.Width)
        {
            if (Best(candidates, request, legs, legBytes) is not { } best) return [];
            legs.Add(new PlacedLeg(best, legBytes));
        }

        return legs;
    }

    // As few legs as possible: one that holds all that is left if there is one, the roomiest store if not.
    private static List<PlacedLeg> Segments(IReadOnlyList<PlacementCandidate> candidates, PlacementRequest request)
    {
        List<PlacedLeg> legs = [];
        for (long left = request.SizeBytes; left > 0;)
        {
            PlacementCandidate? next = Best(candidates, request, legs, left)
                ?? candidates.Where(candidate => MayJoin(candidate, request, legs) && RoomBytes(candidate, request) > 0)
                    .OrderByDescending(candidate => RoomBytes(candidate, request)).ThenBy(candidate => candidate.Store.Id).FirstOrDefault();
            if (next is null || legs.Count == VolumeLayout.ConcatLegsMax) return [];
            legs.Add(new PlacedLeg(next, Math.Min(left, RoomBytes(next, request))));
            left -= legs[^1].SizeBytes;
        }

        return legs;
    }

    private static PlacementCandidate? Best(IReadOnlyList<PlacementCandidate> candidates, PlacementRequest request, List<PlacedLeg> partners, long legBytes) =>
        candidates
            .Where(candidate => RoomBytes(candidate, request) >= legBytes && MayJoin(candidate, request, partners))
            .OrderBy(candidate => Score(candidate, partners, legBytes)).ThenBy(candidate => candidate.Store.Id).FirstOrDefault();

    // Legs of one volume are on different units always, and in different failure domains when they are copies of the same bytes.
    private static bool MayJoin(PlacementCandidate candidate, PlacementRequest request, List<PlacedLeg> partners)
    {
        FailureDomain domain = IsSpread(request) ? request.Domain : FailureDomain.Unit;
        string? key = candidate.DomainKey(domain);
        return partners.All(partner => partner.Candidate.Unit.Id != candidate.Unit.Id && partner.Candidate.DomainKey(domain) != key);
    }

    private static PlacementScore Score(PlacementCandidate candidate, List<PlacedLeg> partners, long legBytes) => new(
        candidate.Linked ? 0 : 1,
        partners.Sum(partner => Shared(candidate, partner.Candidate, FailureDomain.Rack) + Shared(candidate, partner.Candidate, FailureDomain.Site)),
        (double)(candidate.Store.PromisedBytes + legBytes) / candidate.Store.CapacityBytes * Unit.WeightDefault / candidate.Unit.Weight,
        candidate.Sessions);

    private static int Shared(PlacementCandidate one, PlacementCandidate other, FailureDomain domain) =>
        one.DomainKey(domain) is { } key && key == other.DomainKey(domain) ? 1 : 0;

    private static PlacementVerdict Verdict(PlacementCandidate candidate, PlacementRequest request, List<PlacedLeg> legs)
    {
        long legBytes = request.Layout.LegBytes(request.SizeBytes);
        long roomBytes = RoomBytes(candidate, request);
        int index = legs.FindIndex(leg => leg.Candidate == candidate);
        string? rejection = Unfit(candidate, request) ?? (roomBytes >= (request.Layout.Kind == LayoutKind.Concat ? GranuleBytes : legBytes)
            ? null
            : $"it has room for {SizeText.Of(roomBytes)}, {SizeText.Of(legBytes)} is needed");
        PlacementScore? score = rejection is null ? Score(candidate, [], legBytes) : null;
        return new PlacementVerdict(candidate, roomBytes, rejection, score, index < 0 ? null : index);
    }

    // What the layout's last leg would have room for: the stores of distinct domains, by their room.
    private static long LargestBytes(IReadOnlyList<PlacementCandidate> candidates, PlacementRequest request)
    {
        List<PlacedLeg> legs = [];
        int width = request.Layout.Kind == LayoutKind.Concat ? VolumeLayout.ConcatLegsMax : request.Layout.Width;
        foreach (PlacementCandidate candidate in candidates.OrderByDescending(candidate => RoomBytes(candidate, request)).ThenBy(candidate => candidate.Store.Id))
        {
            if (legs.Count == width) break;
            if (RoomBytes(candidate, request) > 0 && MayJoin(candidate, request, legs)) legs.Add(new PlacedLeg(candidate, RoomBytes(candidate, request)));
        }

        if (request.Layout.Kind == LayoutKind.Concat) return legs.Sum(leg => leg.SizeBytes);
        if (legs.Count < width) return 0;
        long smallest = Math.Max(0, legs[^1].SizeBytes - request.Layout.ReserveBytes);
        return request.Layout.Kind == LayoutKind.Stripe ? smallest * width : smallest;
    }
}
