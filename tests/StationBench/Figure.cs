using System.Diagnostics;
using System.Text.Json.Serialization;

namespace VSan.Tests.StationBench;

/// <summary>One thing that was timed, in milliseconds.</summary>
/// <param name="Name">What.</param>
/// <param name="Count">How often.</param>
/// <param name="MedianMilliseconds">Half took less.</param>
/// <param name="P99Milliseconds">One in a hundred took more.</param>
/// <param name="ProcessorMilliseconds">Processor time of the process for each, heartbeats and reconcilers beside it included: what it takes on a machine without other load.</param>
/// <param name="GoalMilliseconds">What the median must stay below; null where no goal is set.</param>
internal sealed record Figure(string Name, int Count, double MedianMilliseconds, double P99Milliseconds, double ProcessorMilliseconds, double? GoalMilliseconds)
{
    /// <summary>Does something so often, one after the other.</summary>
    public static async Task<Figure> TakeAsync(string name, int count, double? goal, Func<int, Task> act)
    {
        double[] times = new double[count];
        TimeSpan processor = Environment.CpuUsage.TotalTime;
        for (int index = 0; index < count; index++)
        {
            long start = Stopwatch.GetTimestamp();
            await act(index);
            times[index] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        double each = (Environment.CpuUsage.TotalTime - processor).TotalMilliseconds / count;
        Array.Sort(times);
        return new Figure(name, count, times[count / 2], times[Math.Min(count - 1, count * 99 / 100)], each, goal);
    }
}

/// <summary>All figures of a run.</summary>
/// <param name="Units">Units.</param>
/// <param name="Volumes">Volumes at the begin.</param>
/// <param name="OpenMilliseconds">Opening the database: check, migration, every row read.</param>
/// <param name="Figures">What was timed.</param>
/// <param name="PushesPerCreate">Configurations that went out for each volume that was made; one is right.</param>
/// <param name="ResidentMebibytes">Largest resident memory of the process after the pool was filled.</param>
/// <param name="DatabaseMebibytes">Size of the database.</param>
internal sealed record Report(
    int Units, int Volumes, double OpenMilliseconds, IReadOnlyList<Figure> Figures, double PushesPerCreate, double ResidentMebibytes, double DatabaseMebibytes);

/// <summary>JSON of the results.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(Report))]
internal sealed partial class ReportJson : JsonSerializerContext;
