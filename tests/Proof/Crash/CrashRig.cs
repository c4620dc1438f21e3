using System.Diagnostics;
using VSan.Tests.Harness;
using VSan.Tests.Proof.Disks;

namespace VSan.Tests.Proof.Crash;

/// <summary>
/// Power losses. Each workload is recorded once on a disk that logs every request; then the disk is rebuilt as a power loss could have left it,
/// again and again, and the product has to bring up from it what it has promised. The negative control flushes nothing.
/// </summary>
internal static class CrashRig
{
    private const string Sabotage = "skip-flush";

    private static readonly IReadOnlyList<CrashWorkload> Workloads =
    [
        .. Workload.All.Select(workload => new CrashWorkload(
            workload.Name, (scratch, directory, seed, sabotage) => WorkloadRecord.RecordAsync(workload, scratch, directory, seed, sabotage))),
        new("group snapshots", SnapshotRecord.RecordAsync),
    ];

    public static async Task<Verdict> RunAsync(ProofOptions options, TextWriter log)
    {
        long start = Stopwatch.GetTimestamp();
        string? sabotage = options.Break ? Sabotage : null;
        List<Task<CrashCount>> running = [];
        using SemaphoreSlim lanes = new(Environment.ProcessorCount);
        for (int i = 0; i < Workloads.Count; i++)
        {
            int states = (int)(((options.Count * (i + 1)) / Workloads.Count) - (options.Count * i / Workloads.Count));
            if (states > 0) running.Add(RunAsync(Workloads[i], states, unchecked((options.Seed * 7) + i), sabotage, lanes, log));
        }

        CrashCount all = (await Task.WhenAll(running)).Aggregate(CrashCount.Zero, CrashCount.Add);
        await log.WriteLineAsync($"{all.States / Stopwatch.GetElapsedTime(start).TotalSeconds:F1} states a second");
        return new Verdict($"{all.States} states, {running.Count} workloads, {all}", all.Faults);
    }

    private static async Task<CrashCount> RunAsync(CrashWorkload workload, int states, int seed, string? sabotage, SemaphoreSlim lanes, TextWriter log)
    {
        await lanes.WaitAsync();
        try
        {
            using Scratch scratch = new();
            using TestDirectory directory = TestDirectory.For($"Crash.{workload.Name}");
            CrashRecord record = await workload.RecordAsync(scratch, directory, seed, sabotage);
            CrashCount count = await new CrashCheck(record.Disk, scratch, directory, sabotage, record.CompareAsync).RunAsync(states, seed, log);
            int entries = record.Disk.Entries.Count - record.Disk.FirstCut;
            await log.WriteLineAsync($"  {workload.Name}: {record.Changes} changes, {entries} log entries, {count.States} states: {count}");
            return count;
        }
        finally
        {
            lanes.Release();
        }
    }
}
