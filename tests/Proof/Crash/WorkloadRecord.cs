using VSan.Tests.Harness;
using VSan.Tests.Harness.Iscsi;
using VSan.Tests.Proof.Disks;

namespace VSan.Tests.Proof.Crash;

/// <summary>A workload on a recorded disk, and the ledger of what it was promised.</summary>
internal sealed record WorkloadRecord(DiskRecording Disk, CrashLedger Ledger)
{
    private const int WorkerCount = 4;
    private const int BlocksPerRead = 512;

    public static async Task<WorkloadRecord> RecordAsync(Workload workload, Scratch scratch, TestDirectory directory, int seed, string? sabotage)
    {
        CrashLedger ledger = new((uint)seed & 0xff, DiskRecording.VolumeBytes / CrashLedger.BlockBytes);
        DiskRecording disk = await DiskRecording.RecordAsync(scratch, directory, sabotage, workload.WriteCache, (access, position) =>
            Task.WhenAll(Enumerable.Range(0, WorkerCount).Select(worker => WorkAsync(workload, access, ledger, worker, seed, position))));
        return new WorkloadRecord(disk, ledger);
    }

    /// <summary>Reads the whole volume of a state.</summary>
    public async Task<CrashCount> CompareAsync(IscsiSession session, long cut, TextWriter fault)
    {
        CrashCount count = CrashCount.Zero;
        for (int first = 0; first < Ledger.BlockCount; first += BlocksPerRead)
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
                BlockVerdict verdict = Ledger.Judge(result.Data.AsSpan(i * CrashLedger.BlockBytes, CrashLedger.BlockBytes), first + i, cut);
                if (verdict is BlockVerdict.Right) continue;
                if (count.Faults == 0) await fault.WriteLineAsync($"block {first + i} is {verdict}");
                count += verdict is BlockVerdict.Lost ? new CrashCount(0, 1, 0, 0) : new CrashCount(0, 0, 0, 1);
            }
        }

        return count;
    }

    // A session for each worker, so that their commands meet in the target as those of different hosts.
    private static async Task WorkAsync(Workload workload, HostAccess access, CrashLedger ledger, int worker, int seed, Func<long> position)
    {
        await using IscsiSession session = await IscsiSession.LoginAsync(access);
        WorkloadRun run = new(session, ledger, new Random(unchecked((seed * 31) + worker)), workload.WriteCache, position);
        int part = ledger.BlockCount / WorkerCount;
        for (int step = 0; step < workload.Steps; step++) await workload.StepAsync(run, worker * part, part, step);
    }
}
