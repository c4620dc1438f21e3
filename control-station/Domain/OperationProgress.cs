namespace VSan.Station.Domain;

/// <summary>How far a step is that moves bytes.</summary>
/// <param name="DoneBytes">Moved so far.</param>
/// <param name="TotalBytes">To be moved.</param>
/// <param name="BytesPerSecond">Smoothed rate; 0 until two looks were taken.</param>
/// <param name="At">When it was looked at.</param>
public sealed record OperationProgress(long DoneBytes, long TotalBytes, long BytesPerSecond, DateTimeOffset At)
{
    /// <summary>Weight of the newest look in the rate: after five looks two thirds of an old rate are forgotten.</summary>
    private const double Weight = 0.2;

    /// <summary>0 to 100.</summary>
    public double Percent => TotalBytes <= 0 ? 0 : Math.Clamp(100.0 * DoneBytes / TotalBytes, 0, 100);

    /// <summary>Time left at this rate; null while it is not known.</summary>
    public TimeSpan? Left => BytesPerSecond > 0 ? TimeSpan.FromSeconds(Math.Max(0, TotalBytes - DoneBytes) / (double)BytesPerSecond) : null;

    /// <summary>The next look at the same step.</summary>
    /// <param name="before">The last one, or null.</param>
    /// <param name="doneBytes">Moved so far.</param>
    /// <param name="totalBytes">To be moved.</param>
    /// <param name="now">The time of the look.</param>
    public static OperationProgress After(OperationProgress? before, long doneBytes, long totalBytes, DateTimeOffset now)
    {
        if (before is null || doneBytes < before.DoneBytes) return new(doneBytes, totalBytes, 0, now);
        double seconds = (now - before.At).TotalSeconds;
        if (seconds <= 0) return before with { DoneBytes = doneBytes, TotalBytes = totalBytes };
        double rate = (doneBytes - before.DoneBytes) / seconds;
        double smoothed = before.BytesPerSecond == 0 ? rate : (Weight * rate) + ((1 - Weight) * before.BytesPerSecond);
        return new(doneBytes, totalBytes, (long)smoothed, now);
    }
}
