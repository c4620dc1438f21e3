using System.Globalization;
using System.Text;

namespace VSan.Tests.Bench;

/// <summary>Contestants side by side on the same workloads: ours first, the peer to compare with second.</summary>
/// <remarks>Runs are interleaved, one of each contestant in turn, so that a machine's mood falls on all; the median of each is shown.</remarks>
internal sealed class Contest(string title, IReadOnlyList<Contestant> contestants)
{
    private readonly List<Row> _rows = [];

    /// <summary>What is compared.</summary>
    public string Title { get; } = title;

    /// <summary>The rows so far.</summary>
    public IReadOnlyList<Row> Rows => _rows;

    /// <summary>Runs one workload <paramref name="rounds"/> times on each contestant.</summary>
    public void Run(Workload workload, int rounds, TimeSpan measured)
    {
        List<LoadResult>[] results = [.. contestants.Select(_ => new List<LoadResult>())];
        for (int round = 0; round < rounds; round++)
        {
            for (int index = 0; index < contestants.Count; index++)
            {
                Console.Error.WriteLine($"{Title}: {workload.Name}, {contestants[index].Name}, run {round + 1} of {rounds}");
                results[index].Add(contestants[index].Run(workload, measured));
            }
        }

        LoadResult[] medians = [.. results.Select(LoadResult.Median)];
        _rows.AddRange(contestants.Select((contestant, index) => new Row(workload.Name, contestant.Name, medians[index], medians[0].Iops / medians[index].Iops)));
    }

    /// <summary>The contest as a Markdown table.</summary>
    public string ToMarkdown()
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"### {Title}\n\n");
        text.Append("| workload | target | IOPS | MB/s | p50 µs | p99 µs | CPU % | calls per I/O | errors | ours ÷ this |\n|---|---|---:|---:|---:|---:|---:|---:|---:|---:|\n");
        foreach (Row row in _rows)
        {
            LoadResult result = row.Result;
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {row.Workload} | {row.Contestant} | {result.Iops:F0} | {result.MegabytesPerSecond:F0} | {result.MedianMicroseconds:F1} | {result.P99Microseconds:F1} | {result.TargetCpuPercent:F0} | {result.CallsPerOperation:F2} | {result.Errors} | {row.OursOverThis:F2} |\n");
        }

        return text.ToString();
    }

    /// <summary>One contestant on one workload.</summary>
    /// <param name="Workload">Which workload.</param>
    /// <param name="Contestant">Which contestant.</param>
    /// <param name="Result">Its median run.</param>
    /// <param name="OursOverThis">Our rate divided by this one's.</param>
    internal sealed record Row(string Workload, string Contestant, LoadResult Result, double OursOverThis);
}
