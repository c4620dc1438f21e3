using VSan.Tests.Harness;
using VSan.Tests.Harness.Iscsi;
using VSan.Tests.Proof.Disks;

namespace VSan.Tests.Proof.Crash;

/// <summary>What a workload did to a disk: the log of every request, and the ledger of every promise.</summary>
/// <param name="LogPath">The write log.</param>
/// <param name="Entries">Its entries.</param>
/// <param name="FirstCut">Entries that the disk had seen when the volume was served: no state is older.</param>
/// <param name="Ledger">Of the volume.</param>
/// <param name="Access">The way to the volume, wherever its disk is mounted.</param>
internal sealed record CrashRecording(string LogPath, IReadOnlyList<LogEntry> Entries, int FirstCut, CrashLedger Ledger, HostAccess Access)
{
    public const long DiskBytes = 384L << 20;

    /// <summary>Where the disk is mounted, now and in each state, as the configuration names the volume's file.</summary>
    public const string StoreFolder = "store";

    /// <summary>Where the block server keeps its state, on the disk itself.</summary>
    public const string StateFolder = "state";

    private const int VolumeBytes = 8 << 20;
    private const int WorkerCount = 4;
    private const int FillerBytes = 16 << 20;
    private const byte FillerByte = 0xf7;

    /// <summary>Runs a workload on a fresh filesystem and ends the server as a power loss does.</summary>
    public static async Task<CrashRecording> RecordAsync(Workload workload, Scratch scratch, TestDirectory directory, int seed, string? sabotage)
    {
        string log = scratch.File("log.raw");
        await File.WriteAllBytesAsync(log, []);
        string[] node = ["--blockdev", $"file,node-name=log,filename={log}", "--blockdev", "blklogwrites,node-name=top,file=disk,log=log,log-sector-size=512"];
        CrashLedger ledger = new((uint)seed & 0xff, VolumeBytes / CrashLedger.BlockBytes);
        HostAccess access;
        long begin, end;
        await using (StorageDaemon daemon = await StorageDaemon.StartAsync(scratch, DiskBytes, node, directory.File("daemon.log")))
        await using (LoopDevice loop = await LoopDevice.AttachAsync(daemon.Export))
        await using (XfsMount mount = await XfsMount.CreateAsync(loop.Path, scratch.Folder(StoreFolder)))
        {
            await LeaveForeignBytesAsync(mount);
            BlockServerStart start = new() { Sabotage = sabotage, StateFolder = Directory.CreateDirectory(Path.Combine(mount.Folder, StateFolder)).FullName };
            BlockServerSetup setup = new BlockServerSetup(directory) { VolumeFolder = mount.Folder }.WithVolume(VolumeBytes, writeCache: workload.WriteCache);
            await mount.SyncAsync();
            await using BlockServerUnderTest server = await BlockServerUnderTest.StartAsync(directory, "recorded", start);
            await server.ApplyAsync(setup.Next());
            access = setup.Access();
            long Position() => new FileInfo(log).Length;
            begin = Position();
            await Task.WhenAll(Enumerable.Range(0, WorkerCount).Select(worker => WorkAsync(workload, access, ledger, worker, seed, Position)));
            end = Position();
            await server.Process.KillAsync();
        }

        List<LogEntry> entries = WriteLog.Read(log);
        entries.RemoveAll(entry => entry.End > end);
        return new CrashRecording(log, entries, entries.Count(entry => entry.End <= begin), ledger, access);
    }

    // A session for each worker, so that their commands meet in the target as those of different hosts.
    private static async Task WorkAsync(Workload workload, HostAccess access, CrashLedger ledger, int worker, int seed, Func<long> position)
    {
        await using IscsiSession session = await IscsiSession.LoginAsync(access);
        WorkloadRun run = new(session, ledger, new Random(HashCode(seed, worker)), workload.WriteCache, position);
        int part = ledger.BlockCount / WorkerCount;
        for (int step = 0; step < workload.Steps; step++) await workload.StepAsync(run, worker * part, part, step);
    }

    private static int HashCode(int seed, int worker) => (seed * 31) + worker;

    // What a filesystem gives to the volume's file later was somebody else's: if it is ever seen, it is seen as foreign.
    private static async Task LeaveForeignBytesAsync(XfsMount mount)
    {
        byte[] bytes = new byte[FillerBytes];
        bytes.AsSpan().Fill(FillerByte);
        string path = Path.Combine(mount.Folder, "filler");
        await File.WriteAllBytesAsync(path, bytes);
        await mount.SyncAsync();
        File.Delete(path);
    }
}
