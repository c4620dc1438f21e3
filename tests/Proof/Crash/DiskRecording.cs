using VSan.IscsiInitiator;
using VSan.Tests.Harness;
using VSan.Tests.Proof.Disks;

namespace VSan.Tests.Proof.Crash;

/// <summary>What a block server did to a disk while something was asked of it: the log of every request.</summary>
/// <param name="LogPath">The write log.</param>
/// <param name="Entries">Its entries.</param>
/// <param name="FirstCut">Entries that the disk had seen when the volume was served: no state is older.</param>
/// <param name="Access">The way to the volume, wherever its disk is mounted.</param>
internal sealed record DiskRecording(string LogPath, IReadOnlyList<LogEntry> Entries, int FirstCut, HostAccess Access)
{
    public const long DiskBytes = 384L << 20;
    public const int VolumeBytes = 8 << 20;

    /// <summary>Where the block server keeps its state, on the disk itself.</summary>
    public const string StateFolder = "state";

    /// <summary>Where the disk is mounted, now and in each state, as the configuration names the volume's file.</summary>
    public const string StoreFolder = "store";

    private const int FillerBytes = 16 << 20;
    private const byte FillerByte = 0xf7;

    /// <summary>Serves volumes on a fresh filesystem, has <paramref name="workAsync"/> use it, and ends the server as a power loss does.</summary>
    /// <param name="scratch">Where the disk is.</param>
    /// <param name="directory">Where the logs are.</param>
    /// <param name="sabotage">The promise that the server is to break, or null.</param>
    /// <param name="writeCache">WCE of the volumes.</param>
    /// <param name="workAsync">Uses them.</param>
    /// <param name="volumes">How many.</param>
    public static async Task<DiskRecording> RecordAsync(
        Scratch scratch, TestDirectory directory, string? sabotage, bool writeCache, Func<RecordedServer, Task> workAsync, int volumes = 1)
    {
        string log = scratch.File("log.raw");
        await File.WriteAllBytesAsync(log, []);
        string[] node = ["--blockdev", $"file,node-name=log,filename={log}", "--blockdev", "blklogwrites,node-name=top,file=disk,log=log,log-sector-size=512"];
        HostAccess access;
        long begin, end;
        await using (StorageDaemon daemon = await StorageDaemon.StartAsync(scratch, DiskBytes, node, directory.File("daemon.log")))
        await using (LoopDevice loop = await LoopDevice.AttachAsync(daemon.Export))
        await using (XfsMount mount = await XfsMount.CreateAsync(loop.Path, scratch.Folder(StoreFolder)))
        {
            await LeaveForeignBytesAsync(mount);
            BlockServerStart start = new() { Sabotage = sabotage, StateFolder = Directory.CreateDirectory(Path.Combine(mount.Folder, StateFolder)).FullName };
            BlockServerSetup setup = new(directory) { VolumeFolder = mount.Folder };
            for (int i = 0; i < volumes; i++) setup.WithVolume(VolumeBytes, writeCache: writeCache);
            await mount.SyncAsync();
            await using BlockServerUnderTest server = await BlockServerUnderTest.StartAsync(directory, "recorded", start);
            await server.ApplyAsync(setup.Next());
            access = setup.Access();
            long Position() => new FileInfo(log).Length;
            begin = Position();
            await workAsync(new RecordedServer(server, setup, mount.Folder, Position));
            end = Position();
            await server.Process.KillAsync();
        }

        List<LogEntry> entries = WriteLog.Read(log);
        entries.RemoveAll(entry => entry.End > end);
        return new DiskRecording(log, entries, entries.Count(entry => entry.End <= begin), access);
    }

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
