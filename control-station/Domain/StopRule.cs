namespace VSan.Station.Domain;

/// <summary>What becomes of a volume when one unit stops.</summary>
public static class StopRule
{
    /// <summary>The effect on a volume that has a leg there.</summary>
    /// <param name="isMirror">Each leg is a whole copy; else the volume needs all of its legs.</param>
    /// <param name="otherCopies">Legs on other units that are served and within reach.</param>
    /// <param name="isMapped">A host may be using it.</param>
    public static StopEffect Of(bool isMirror, int otherCopies, bool isMapped) =>
        isMirror && otherCopies > 0 ? StopEffect.Degraded : isMapped ? StopEffect.Lost : StopEffect.Unmapped;
}

/// <summary>What becomes of a volume when one unit stops, the worst first.</summary>
public enum StopEffect
{
    /// <summary>Hosts have no current copy within reach: their reads and writes wait or fail.</summary>
    Lost,

    /// <summary>Hosts go on with one copy fewer.</summary>
    Degraded,

    /// <summary>Nobody uses it; it cannot be used meanwhile.</summary>
    Unmapped,
}
