namespace VSan.Station.Domain;

/// <summary>Whether a member is within reach, from its silence alone.</summary>
public enum Presence
{
    /// <summary>Heard of lately.</summary>
    Present,

    /// <summary>Silent for <see cref="PresenceRule.SuspectAfter"/>.</summary>
    Suspect,

    /// <summary>Silent for <see cref="PresenceRule.UnreachableAfter"/>.</summary>
    Unreachable,
}

/// <summary>The rule of presence of one unit, and of how many gone are too many.</summary>
public static class PresenceRule
{
    /// <summary>Three reports missed.</summary>
    public static readonly TimeSpan SuspectAfter = TimeSpan.FromSeconds(3);

    /// <summary>Ten reports missed.</summary>
    public static readonly TimeSpan UnreachableAfter = TimeSpan.FromSeconds(10);

    /// <summary>Below this many at once it is they who vanished, not we.</summary>
    public const int FreezeCountMin = 3;

    /// <summary>The state after so much silence.</summary>
    public static Presence After(TimeSpan silence) =>
        silence >= UnreachableAfter ? Presence.Unreachable : silence >= SuspectAfter ? Presence.Suspect : Presence.Present;

    /// <summary>True when so many of the units are gone that the station is probably the one cut off: at least three, and more than a third.</summary>
    public static bool Freezes(int goneCount, int unitCount) => goneCount >= FreezeCountMin && goneCount * 3 > unitCount;
}
