namespace VSan.Station.Domain;

/// <summary>A store that a leg could lie on.</summary>
/// <param name="Unit">Its unit.</param>
/// <param name="Store">The store.</param>
/// <param name="FreeBytes">What it can still take, as last reported.</param>
/// <param name="Linked">Its connection stands now: it can begin at once.</param>
/// <param name="Rejection">Why the unit takes nothing now, for a person; null when it is ready.</param>
public sealed record PlacementCandidate(Unit Unit, Store Store, long FreeBytes, bool Linked, string? Rejection)
{
    /// <summary>Sessions of hosts on the unit, as last reported: its load.</summary>
    public int Sessions { get; init; }

    /// <summary>What of this candidate fails together with others; null when its unit lacks the label.</summary>
    public string? DomainKey(FailureDomain domain) => domain switch
    {
        FailureDomain.Unit => Unit.Id.ToString(),
        FailureDomain.Rack => Unit.Label("rack"),
        FailureDomain.Site => Unit.Label("site"),
    };
}

/// <summary>How good a store is for a leg; the lower, the better. Compared in the order of the members.</summary>
/// <param name="Unlinked">1 when the unit's connection is down for the moment: work could not begin at once.</param>
/// <param name="Partners">Legs of the same volume in the same rack or site, where labels tell: losing it would cost both.</param>
/// <param name="UsedRatio">Promised bytes for each byte of capacity after placement, over the unit's weight in hundredths.</param>
/// <param name="Load">Sessions of hosts on the unit.</param>
public readonly record struct PlacementScore(int Unlinked, int Partners, double UsedRatio, int Load) : IComparable<PlacementScore>
{
    /// <summary>The left one is the better.</summary>
    public static bool operator <(PlacementScore left, PlacementScore right) => left.CompareTo(right) < 0;

    /// <summary>The right one is the better.</summary>
    public static bool operator >(PlacementScore left, PlacementScore right) => left.CompareTo(right) > 0;

    /// <summary>The left one is no worse.</summary>
    public static bool operator <=(PlacementScore left, PlacementScore right) => left.CompareTo(right) <= 0;

    /// <summary>The right one is no worse.</summary>
    public static bool operator >=(PlacementScore left, PlacementScore right) => left.CompareTo(right) >= 0;

    /// <inheritdoc/>
    public int CompareTo(PlacementScore other)
    {
        int order = Unlinked.CompareTo(other.Unlinked);
        if (order == 0) order = Partners.CompareTo(other.Partners);
        if (order == 0) order = UsedRatio.CompareTo(other.UsedRatio);
        return order == 0 ? Load.CompareTo(other.Load) : order;
    }
}

/// <summary>What placement thinks of one store, for a person.</summary>
/// <param name="Candidate">The store.</param>
/// <param name="RoomBytes">The largest leg that it would take by the rules of the request.</param>
/// <param name="Rejection">Why it takes no leg of this request; null when it could.</param>
/// <param name="Score">How good it is for the first leg, before any partner is placed; null when it is rejected.</param>
/// <param name="LegIndex">The leg that it gets; null for none.</param>
public sealed record PlacementVerdict(PlacementCandidate Candidate, long RoomBytes, string? Rejection, PlacementScore? Score, int? LegIndex);

/// <summary>Where one leg goes.</summary>
/// <param name="Candidate">The store.</param>
/// <param name="SizeBytes">The leg's size.</param>
public sealed record PlacedLeg(PlacementCandidate Candidate, long SizeBytes);

/// <summary>What placement found.</summary>
/// <param name="Legs">A place for each leg, in their order; empty when they cannot all be placed.</param>
/// <param name="Verdicts">Every store that was looked at, and why.</param>
/// <param name="LargestBytes">The largest volume of this layout that could be placed instead, when <paramref name="Legs"/> is empty; 0 for none.</param>
public sealed record PlacementDecision(IReadOnlyList<PlacedLeg> Legs, IReadOnlyList<PlacementVerdict> Verdicts, long LargestBytes)
{
    /// <summary>True when every leg has a place.</summary>
    public bool IsPlaced => Legs.Count > 0;
}
