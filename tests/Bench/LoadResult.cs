namespace VSan.Tests.Bench;

/// <summary>What one run of one workload measured.</summary>
/// <param name="Iops">I/Os a second.</param>
/// <param name="MegabytesPerSecond">10^6 bytes a second.</param>
/// <param name="MedianMicroseconds">Latency, 50th percentile.</param>
/// <param name="P99Microseconds">Latency, 99th percentile.</param>
/// <param name="TargetCpuPercent">CPU of the target's process; 100 is one core; null where there is none of its own.</param>
/// <param name="Errors">Commands that did not end GOOD.</param>
/// <param name="CallsPerOperation">System calls of the target's rings for each I/O; null where nobody counts them.</param>
internal sealed record LoadResult(
    double Iops, double MegabytesPerSecond, double MedianMicroseconds, double P99Microseconds, double? TargetCpuPercent, long Errors, double? CallsPerOperation = null)
{
    /// <summary>The run whose rate is the median of <paramref name="runs"/> (the lower one of an even number).</summary>
    public static LoadResult Median(IReadOnlyCollection<LoadResult> runs) => runs.OrderBy(run => run.Iops).ElementAt((runs.Count - 1) / 2);
}
