using VSan.Tests.Harness;

namespace VSan.Tests.Proof.Disks;

/// <summary>
/// qemu-storage-daemon with one disk, a sparse file, under a node of the rig's choice; exported by FUSE as a file that a loop device takes.
/// </summary>
internal sealed class StorageDaemon : IAsyncDisposable
{
    private readonly ProcessUnderTest _process;

    private StorageDaemon(ProcessUnderTest process, string export, string monitor) => (_process, Export, Monitor) = (process, export, monitor);

    /// <summary>The disk as a file.</summary>
    public string Export { get; }

    /// <summary>Path of the QMP socket.</summary>
    public string Monitor { get; }

    /// <param name="scratch">Where everything is.</param>
    /// <param name="sizeBytes">Of the disk.</param>
    /// <param name="node">Arguments that make the node <c>top</c> over the node <c>disk</c>.</param>
    /// <param name="logPath">Where its output goes: it must not fill a pipe.</param>
    public static async Task<StorageDaemon> StartAsync(Scratch scratch, long sizeBytes, IReadOnlyList<string> node, string logPath)
    {
        string disk = scratch.File("disk.raw"), export = scratch.File("export"), monitor = scratch.File("qmp");
        await using (FileStream file = File.Create(disk)) file.SetLength(sizeBytes);
        await File.WriteAllBytesAsync(export, []);
        string[] arguments =
        [
            "--blockdev", $"file,node-name=disk,filename={disk}", .. node,
            "--chardev", $"socket,id=qmp,path={monitor},server=on,wait=off", "--monitor", "chardev=qmp",
            "--export", $"fuse,id=export,node-name=top,mountpoint={export},writable=on",
        ];
        ProcessUnderTest process = ProcessUnderTest.Start("qemu-storage-daemon", arguments, logPath);
        StorageDaemon daemon = new(process, export, monitor);
        await Eventually.TrueAsync("the disk is exported", () => process.Running
            ? new FileInfo(export).Length == sizeBytes
            : throw new InvalidOperationException($"qemu-storage-daemon ended: {process.Output}"));
        return daemon;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process.Running) await _process.StopAsync();
        await _process.DisposeAsync();
    }
}
