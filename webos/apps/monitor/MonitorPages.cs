using System.Globalization;
using VSan.Contracts.Api;
using VSan.WebOs.Parts;
using VSan.WebOs.Shell;
using VSan.WebOs.Text;

namespace VSan.WebOs.Apps.Monitor;

/// <summary>What is on the pages of Monitor.</summary>
internal static class MonitorPages
{
    public const string PoolSubject = "pool";

    /// <summary>Id of the chart of the used space.</summary>
    public const string CapacityId = "capacity";

    /// <summary>Rows of the table beside the charts: steps are put together until there are no more.</summary>
    private const int RowsMax = 60;

    private static readonly ChartScale s_commands = new(value => $"{Number(value)}/s", IsBinary: false);
    private static readonly ChartScale s_rates = new(value => $"{new ByteSize((long)value)}/s", IsBinary: true);
    private static readonly ChartScale s_latencies = new(value => new Latency(value).ToString(), IsBinary: false);
    private static readonly ChartScale s_sizes = new(value => new ByteSize((long)value).ToString(), IsBinary: true);

    /// <summary>Where a subject is shown.</summary>
    public static string PathOf(string subject, MonitorRange? range = null) =>
        $"{App.Monitor.Path}?subject={Uri.EscapeDataString(subject)}{(range is null ? "" : $"&range={range.Key}")}";

    /// <summary>The way to the history of a unit or a volume.</summary>
    public static Link LinkTo(string subject, string name) => new("Monitor", PathOf(subject)) { ClassName = "button", Of = name };

    /// <summary>The history of one subject.</summary>
    public static IReadOnlyList<Part> Of(ActivityHistory history, MonitorRange range, DateTimeOffset now)
    {
        List<Part> parts = [new Tabs(PathOf(history.Subject, range), [.. MonitorRange.All.Select(each => new Link(each.Name, PathOf(history.Subject, each)))]) { Label = "How far back" }];
        if (history.Subject != PoolSubject) parts.Add(Ways(history));
        if (history.Points.Count == 0)
        {
            parts.Add(new Empty("Nothing is known of this time", "The station keeps what units report in its memory, from its own start on. The first numbers come some seconds after a unit reports."));
            return parts;
        }

        parts.Add(new Charts(ChartsOf(history, range, now)));
        parts.Add(Numbers(history));
        return parts;
    }

    /// <summary>What hosts do, drawn; and what is used, where that is known.</summary>
    public static IReadOnlyList<Chart> ChartsOf(ActivityHistory history, MonitorRange range, DateTimeOffset now)
    {
        ActivityPoint?[] steps = Steps(history, range, now);
        ChartAxis axis = new($"the last {range.Name}", Begins(range, now), "now", steps.Length);
        List<Chart> charts =
        [
            new("iops", "IOPS", axis, s_commands, [Line("Reads", steps, point => point.ReadsPerSecond), Line("Writes", steps, point => point.WritesPerSecond)]),
            new("throughput", "Throughput", axis, s_rates, [Line("Read", steps, point => point.ReadBytesPerSecond), Line("Written", steps, point => point.WrittenBytesPerSecond)]),
            new("latency", "Latency", axis, s_latencies, [Line("p50", steps, point => point.LatencyP50Seconds), Line("p99", steps, point => point.LatencyP99Seconds)]),
        ];
        if (history.Points.Any(point => point.UsedBytes is not null)) charts.Add(new(CapacityId, "Capacity", axis, s_sizes, [Line("Used", steps, point => point.UsedBytes)]));
        return charts;
    }

    /// <summary>What else can be looked at.</summary>
    public static IEnumerable<Part> Choices(IReadOnlyList<Unit> units, IReadOnlyList<BusyVolume> volumes, MonitorRange range)
    {
        yield return new Section("busiest", "Busiest volumes", new Table("Volumes that are used now", ["Volume", new("IOPS", "number"), new("Throughput", "number"), new("Latency p99", "number")],
            [.. volumes.Select(volume => new Row(
                $"busy-{volume.VolumeId}", new Link(volume.Name, PathOf($"volume/{volume.VolumeId}", range)), s_commands.Write(volume.Now.CommandsPerSecond),
                s_rates.Write(volume.Now.ReadBytesPerSecond + volume.Now.WrittenBytesPerSecond), LatencyOf(volume.Now.LatencyP99Seconds)))],
            "No host uses a volume now. Every volume's own page leads to its history."));
        yield return new Section("units", "Units", new Table("Units of the pool", ["Unit", "State", new("Sessions", "number")],
            [.. units.Select(unit => new Row($"monitor-{unit.Id}", new Link(unit.Name, PathOf($"unit/{unit.Id}", range)), new Mark(Cue.Of(unit)), Number(unit.Sessions)))],
            "No unit has joined yet."));
    }

    private static Block Ways(ActivityHistory history)
    {
        bool isUnit = history.Subject.StartsWith("unit/", StringComparison.Ordinal);
        return new(new Buttons(
            new Link("The whole pool", App.Monitor.Path) { ClassName = "button" },
            new Link(isUnit ? "Open the unit" : "Open the volume", $"/app/{(isUnit ? "units" : "volumes")}/{history.Subject.Split('/')[1]}") { ClassName = "button" }));
    }

    // A step that nobody told of has a place on the axis, and no value.
    private static ActivityPoint?[] Steps(ActivityHistory history, MonitorRange range, DateTimeOffset now)
    {
        TimeSpan step = TimeSpan.FromSeconds(history.StepSeconds);
        ActivityPoint?[] steps = new ActivityPoint?[(int)(range.Length / step)];
        // The newest step comes when it is finished; one that does not come at all leaves room behind it.
        DateTimeOffset newest = history.Points[^1].At;
        DateTimeOffset last = now - newest <= step * 3 ? newest : now - step;
        foreach (ActivityPoint point in history.Points)
        {
            int index = steps.Length - 1 - (int)Math.Round((last - point.At) / step);
            if (index >= 0 && index < steps.Length) steps[index] = point;
        }

        return steps;
    }

    private static ChartLine Line(string name, ActivityPoint?[] steps, Func<ActivityPoint, double?> value) => new(name, [.. steps.Select(point => point is null ? null : value(point))]);

    private static Section Numbers(ActivityHistory history)
    {
        int together = (history.Points.Count + RowsMax - 1) / RowsMax;
        string caption = $"Each line {new Age(TimeSpan.FromSeconds(history.StepSeconds * together))}, the newest first";
        Table table = new(
            caption, ["From", new("Reads", "number"), new("Writes", "number"), new("Read", "number"), new("Written", "number"), new("p50", "number"), new("p99", "number"), new("Used", "number")],
            [.. history.Points.Chunk(together).Reverse().Select(points => new Row(
                null, Moment.Of(points[0].At), s_commands.Write(points.Average(point => point.ReadsPerSecond)), s_commands.Write(points.Average(point => point.WritesPerSecond)),
                s_rates.Write(points.Average(point => point.ReadBytesPerSecond)), s_rates.Write(points.Average(point => point.WrittenBytesPerSecond)),
                LatencyOf(points.Max(point => point.LatencyP50Seconds)), LatencyOf(points.Max(point => point.LatencyP99Seconds)),
                points[^1].UsedBytes is { } used ? new ByteSize(used).ToString() : new Quiet("–")))]);
        return new Section("numbers", "The numbers", table) { Folds = true };
    }

    private static string Begins(MonitorRange range, DateTimeOffset now) => (now - range.Length).UtcDateTime.ToString("HH:mm", CultureInfo.InvariantCulture) + " UTC";

    private static Inline LatencyOf(double? seconds) => seconds is { } some ? new Line(new Latency(some).ToString()) : new Quiet("–");

    private static string Number(double value) => value.ToString(value < 10 ? "0.##" : "#,0", CultureInfo.InvariantCulture);
}
