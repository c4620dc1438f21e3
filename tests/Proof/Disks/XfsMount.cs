using VSan.Tests.Harness;

namespace VSan.Tests.Proof.Disks;

/// <summary>An XFS with reflink, as a store of the appliance has it, and where it is mounted.</summary>
internal sealed class XfsMount : IAsyncDisposable
{
    private XfsMount(string folder) => Folder = folder;

    public string Folder { get; }

    /// <summary>Makes a filesystem, without discarding: a discard is not in every log.</summary>
    public static async Task<XfsMount> CreateAsync(string device, string folder)
    {
        (await ToolRun.RunAsync("mkfs.xfs", ["-q", "-f", "-K", "-m", "reflink=1", device])).Succeeded();
        return await TryMountAsync(device, folder, "nouuid") ?? throw new InvalidOperationException($"A fresh filesystem on {device} cannot be mounted.");
    }

    /// <summary>Mounts the filesystem in an image; copies of one may be mounted beside each other.</summary>
    /// <returns>Null when the filesystem cannot be recovered.</returns>
    public static Task<XfsMount?> TryMountImageAsync(string image, string folder) => TryMountAsync(image, folder, "nouuid,loop");

    /// <summary>Everything written so far is on the device.</summary>
    public async Task SyncAsync() => (await ToolRun.RunAsync("sync", ["--file-system", Folder])).Succeeded();

    /// <summary>Unmounts; a process that was just killed may hold it for a moment.</summary>
    public async ValueTask DisposeAsync() =>
        await Eventually.TrueAsync($"{Folder} is unmounted", async () => (await ToolRun.RunAsync("umount", [Folder])).ExitCode == 0);

    private static async Task<XfsMount?> TryMountAsync(string device, string folder, string options)
    {
        ToolRun run = await ToolRun.RunAsync("mount", ["-t", "xfs", "-o", options, device, folder]);
        return run.ExitCode == 0 ? new XfsMount(folder) : null;
    }
}
