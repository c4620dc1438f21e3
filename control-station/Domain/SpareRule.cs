namespace VSan.Station.Domain;

/// <summary>A unit as the rule of spares sees it.</summary>
/// <param name="Unit">The unit.</param>
/// <param name="Silence">How long it has been silent.</param>
/// <param name="PromisedBytes">What its stores have promised.</param>
/// <param name="RoomBytes">What its stores can still promise.</param>
/// <param name="Hindrance">Why it takes nothing new now; null when it may.</param>
/// <param name="InMaintenance">True: somebody has taken it away, and brings it back.</param>
public sealed record SpareView(Unit Unit, TimeSpan Silence, long PromisedBytes, long RoomBytes, string? Hindrance, bool InMaintenance);

/// <summary>What becomes of one lost unit.</summary>
/// <param name="Lost">The unit that is out of reach.</param>
/// <param name="Silence">How long it has been silent.</param>
/// <param name="Spare">The spare that stands in for it when it is due; null when there is none with room for what it has promised.</param>
/// <param name="IsDue">True: it has been silent for as long as was set.</param>
public sealed record SpareDecision(Unit Lost, TimeSpan Silence, Unit? Spare, bool IsDue);

/// <summary>
/// Which spares are taken into service for which lost units. Pure, and the same for the same input. A lost unit gets one spare and no
/// second, however often it comes and goes: what stands in for it does so until a person makes it a spare again.
/// </summary>
public static class SpareRule
{
    /// <summary>Says of each lost unit that nothing stands in for what becomes of it, the one that is silent longest first.</summary>
    /// <param name="units">All units of the pool.</param>
    /// <param name="after">The silence after which a spare is taken.</param>
    public static IReadOnlyList<SpareDecision> Decide(IReadOnlyList<SpareView> units, TimeSpan after)
    {
        ArgumentNullException.ThrowIfNull(units);
        HashSet<Guid> covered = [.. units.Where(view => view.Unit is { Weight: > 0, StandsInFor: not null }).Select(view => view.Unit.StandsInFor!.Value)];
        List<SpareView> spares = [.. units.Where(view => view.Unit is { Phase: UnitPhase.Ready, Weight: 0 } && view.Hindrance is null).OrderBy(view => view.RoomBytes).ThenBy(view => view.Unit.Id)];
        List<SpareDecision> decisions = [];
        foreach (SpareView lost in units.Where(view => IsLost(view) && !covered.Contains(view.Unit.Id)).OrderByDescending(view => view.Silence).ThenBy(view => view.Unit.Id))
        {
            // The smallest that is large enough: a larger one may be needed for the next.
            SpareView? spare = spares.Find(view => view.RoomBytes >= lost.PromisedBytes);
            if (spare is not null) spares.Remove(spare);
            decisions.Add(new SpareDecision(lost.Unit, lost.Silence, spare?.Unit, lost.Silence >= after));
        }

        return decisions;
    }

    // One that is being drained, or has been, was to leave anyway.
    private static bool IsLost(SpareView view) =>
        view.Unit is { Phase: UnitPhase.Ready, Weight: > 0 } && !view.InMaintenance && PresenceRule.After(view.Silence) == Presence.Unreachable;
}
