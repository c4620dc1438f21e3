namespace VSan.Station.Domain;

/// <summary>When a store or the pool is so full that somebody should know: at 70, 80 and 90 percent written.</summary>
public static class FillLevel
{
    /// <summary>How far the level has to fall below a threshold before its alarm is cleared, in percent: a store at the very edge does not ring all day.</summary>
    public const int HysteresisPercent = 2;

    private static readonly (int Percent, AlarmSeverity Severity)[] Thresholds =
        [(90, AlarmSeverity.Critical), (80, AlarmSeverity.Warning), (70, AlarmSeverity.Notice)];

    /// <summary>The severity that a level calls for, given the one that is raised already; null for none.</summary>
    /// <param name="usedBytes">What is written.</param>
    /// <param name="capacityBytes">What there is; nothing is raised for 0.</param>
    /// <param name="raised">The severity now; null for none.</param>
    public static AlarmSeverity? Of(long usedBytes, long capacityBytes, AlarmSeverity? raised)
    {
        if (capacityBytes <= 0) return null;
        double percent = 100.0 * usedBytes / capacityBytes;
        foreach ((int threshold, AlarmSeverity severity) in Thresholds)
            if (percent >= threshold - (raised >= severity ? HysteresisPercent : 0)) return severity;
        return null;
    }
}
