using VSan.IscsiInitiator;
using VSan.Tests.Harness;
using VSan.Tests.Proof.Disks;

namespace VSan.Tests.Proof.Crash;

/// <summary>Records a workload, and reads the volume of a state back.</summary>
internal static class WorkloadRecord
{
    private const int WorkerCount = 4;
    private const int BlocksPerRead = 512;

    public static async Task<CrashRecord> RecordAsync(Workload workload, Scratch scratch, TestDirectory directory, int seed, string? sabotage)
    {
        CrashLedger ledger = new((uint)seed & 0xff, DiskRecording.VolumeBytes / CrashLedger.BlockBytes);
        DiskRecording disk = await DiskRecording.RecordAsync(scratch, directory, sabotage, workload.WriteCache, recorded =>
            Task.WhenAll(Enumerable.Range(0, WorkerCount).Select(worker => WorkAsync(workload, recorded, ledger, worker, seed))));
        return new CrashRecord(disk, ledger.Changes, (session, cut, fault) => CompareAsync(ledger, session, cut, fault));
    }

    /// <summary>Reads the whole volume of a state.</summary>
    public static async Task<CrashCount> CompareAsync(CrashLedger ledger, IscsiSession session, long cut, TextWriter fault)
    {
        CrashCount count = CrashCount.Zero;
        for (int first = 0; first < ledger.BlockCount; first += BlocksPerRead)
        {
            ScsiResult result = await session.ExecuteAsync(ScsiCommand.Read((ulong)first, BlocksPerRead), BlocksPerRead * CrashLedger.BlockBytes);
            if (result.Status != ScsiResult.Good)
            {
                await fault.WriteLineAsync($"reading {first}+{BlocksPerRead} ended with {result}");
                count += new CrashCount(0, BlocksPerRead, 0, 0);
                continue;
            }

            for (int i = 0; i < BlocksPerRead; i++)
            {
                BlockVerdict verdict = ledger.Judge(result.Data.AsSpan(i * CrashLedger.BlockBytes, CrashLedger.BlockBytes), first + i, cut);
                if (verdict is BlockVerdict.Right) continue;
                if (count.Faults == 0) await fault.WriteLineAsync($"block {first + i} is {verdict}");
                count += verdict is BlockVerdict.Lost ? new CrashCount(0, 1, 0, 0) : new CrashCount(0, 0, 0, 1);
            }
        }

        return count;
    }

    // A session for each worker, so that their commands meet in the target as those of different hosts.
    private static async Task WorkAsync(Workload workload, RecordedServer recorded, CrashLedger ledger, int worker, int seed)
    {
        await using IscsiSession session = await IscsiSession.LoginAsync(recorded.Setup.Access());
        WorkloadRun run = new(session, ledger, new Random(unchecked((seed * 31) + worker)), workload.WriteCache, recorded.Position);
        int part = ledger.BlockCount / WorkerCount;
        for (int step = 0; step < workload.Steps; step++) await workload.StepAsync(run, worker * part, part, step);
    }
}
