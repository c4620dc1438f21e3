namespace VSan.Tests.WebBench;

/// <summary>One thing that was measured.</summary>
/// <param name="Name">What.</param>
/// <param name="Value">How much, in <paramref name="Unit"/>.</param>
/// <param name="Unit">Of what.</param>
/// <param name="Goal">What it must not pass; null where no goal is set.</param>
internal sealed record Figure(string Name, double Value, string Unit, double? Goal)
{
    /// <summary>True when there is a goal, and it is passed.</summary>
    public bool IsMissed => Value > Goal;

    /// <summary>The time that all but one in twenty stay below.</summary>
    public static Figure Percentile95(string name, IEnumerable<double> milliseconds, double? goal)
    {
        double[] times = [.. milliseconds.Order()];
        return new Figure(name, times[Math.Min(times.Length - 1, times.Length * 95 / 100)], "ms, p95", goal);
    }
}
