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
            CrashRecording recording = await CrashRecording.RecordAsync(workload, scratch, directory, seed, sabotage);
            CrashCount count = await CheckAsync(recording, states, seed, new CrashCheck(recording, scratch, directory, sabotage), scratch, log);
            await log.WriteLineAsync($"  {workload.Name}: {recording.Ledger.Changes} changes, {recording.Entries.Count - recording.FirstCut} log entries, {count.States} states: {count}");
            return count;
        }
        finally
        {
            lanes.Release();
        }
    }

    private static async Task<CrashCount> CheckAsync(CrashRecording recording, int states, int seed, CrashCheck check, Scratch scratch, TextWriter log)
    {
        Random random = new(seed);
        Fate[] fates = Enum.GetValues<Fate>();
        CrashState[] chosen = [.. Enumerable.Range(0, states)
            .Select(_ => new CrashState(random.Next(recording.FirstCut, recording.Entries.Count + 1), fates[random.Next(fates.Length)], random.Next()))
            .OrderBy(state => state.Cut)];
        using StateDisk disk = new(recording.LogPath, recording.Entries, scratch.File("base.raw"), CrashRecording.DiskBytes);
        CrashCount count = CrashCount.Zero;
        foreach (CrashState state in chosen) count += await check.CheckAsync(state, disk, log);
        return count;
    }
}
