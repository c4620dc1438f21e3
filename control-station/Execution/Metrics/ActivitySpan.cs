namespace VSan.Station.Execution;

/// <summary>How far back a history goes, and in which steps.</summary>
/// <param name="Step">One step.</param>
/// <param name="Count">Steps that are kept.</param>
public sealed record ActivitySpan(TimeSpan Step, int Count)
{
    /// <summary>Every span, the finest first: each subject has a ring for each.</summary>
    public static IReadOnlyList<ActivitySpan> All { get; } =
        [new(TimeSpan.FromSeconds(5), 60), new(TimeSpan.FromMinutes(1), 60), new(TimeSpan.FromMinutes(5), 288)];

    /// <summary>How far back it goes.</summary>
    public TimeSpan Length => Step * Count;

    /// <summary>The finest that goes back so far; null when none does.</summary>
    public static ActivitySpan? Reaching(TimeSpan length) => All.FirstOrDefault(span => span.Length >= length);
}
