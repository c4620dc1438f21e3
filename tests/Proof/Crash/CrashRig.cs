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

    public static async Task<Verdict> RunAsync(ProofOptions options, TextWriter log)
    {
        long start = Stopwatch.GetTimestamp();
        string? sabotage = options.Break ? Sabotage : null;
        List<Task<CrashCount>> running = [];
        using SemaphoreSlim lanes = new(Environment.ProcessorCount);
        for (int i = 0; i < Workload.All.Count; i++)
        {
            int states = (int)(((options.Count * (i + 1)) / Workload.All.Count) - (options.Count * i / Workload.All.Count));
            if (states > 0) running.Add(RunAsync(Workload.All[i], states, unchecked((options.Seed * 7) + i), sabotage, lanes, log));
        }

        CrashCount all = (await Task.WhenAll(running)).Aggregate(CrashCount.Zero, CrashCount.Add);
        await log.WriteLineAsync($"{all.States / Stopwatch.GetElapsedTime(start).TotalSeconds:F1} states a second");
        return new Verdict($"{all.States} states, {running.Count} workloads, {all}", all.Faults);
    }

    private static async Task<CrashCount> RunAsync(Workload workload, int states, int seed, string? sabotage, SemaphoreSlim lanes, TextWriter log)
    {
        await lanes.WaitAsync();
        try
        {
            using Scratch scratch = new();
            using TestDirectory directory = TestDirectory.For($"Crash.{workload.Name}");
            WorkloadRecord record = await WorkloadRecord.RecordAsync(workload, scratch, directory, seed, sabotage);
            CrashCount count = await new CrashCheck(record.Disk, scratch, directory, sabotage, record.CompareAsync).RunAsync(states, seed, log);
            int entries = record.Disk.Entries.Count - record.Disk.FirstCut;
            await log.WriteLineAsync($"  {workload.Name}: {record.Ledger.Changes} changes, {entries} log entries, {count.States} states: {count}");
            return count;
        }
        finally
        {
            lanes.Release();
        }
    }
}
