using System.Collections.Immutable;

namespace VSan.Station.Domain;

/// <summary>
/// Whether the station must believe that it is the one cut off: more than a third of the units vanished at once. While it is frozen nothing
/// automatic is begun. It thaws when enough of those are back, or by a person's word. Pure.
/// <code>
/// Thawed ──more than a third vanished within the window──► Frozen ──enough are back, or a person──► Thawed
/// </code>
/// </summary>
/// <param name="Vanished">The units that froze it, those that are back left out; empty when it is thawed.</param>
/// <param name="Excused">Units that were gone when a person thawed it: they freeze nothing until they have been back.</param>
public sealed record Freeze(ImmutableHashSet<Guid> Vanished, ImmutableHashSet<Guid> Excused)
{
    /// <summary>
    /// What vanishes within this time vanished at once: a switch that dies takes its units within the same second, but their last reports
    /// lie up to a report's period and a watch's period apart, and a network dies in pieces.
    /// </summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(30);

    /// <summary>Nothing has vanished.</summary>
    public static Freeze None { get; } = new([], []);

    /// <summary>True while nothing automatic may begin.</summary>
    public bool IsFrozen => !Vanished.IsEmpty;

    /// <summary>The state after a look at every unit.</summary>
    /// <param name="silences">How long each unit has been silent.</param>
    public Freeze Next(IReadOnlyDictionary<Guid, TimeSpan> silences)
    {
        ArgumentNullException.ThrowIfNull(silences);
        ImmutableHashSet<Guid> gone = [.. silences.Where(unit => PresenceRule.After(unit.Value) == Presence.Unreachable).Select(unit => unit.Key)];
        ImmutableHashSet<Guid> excused = Excused.Intersect(gone);
        ImmutableHashSet<Guid> lately = [.. gone.Except(excused).Where(id => silences[id] < PresenceRule.UnreachableAfter + Window)];
        ImmutableHashSet<Guid> vanished = IsFrozen ? Vanished.Intersect(gone).Union(lately) : lately;
        return new Freeze(PresenceRule.Freezes(vanished.Count, silences.Count) ? vanished : [], excused);
    }

    /// <summary>A person says that the units are gone and the station is not.</summary>
    public Freeze Thaw() => new([], Excused.Union(Vanished));
}
