using System.Globalization;
using VSan.Tests.Harness;

namespace VSan.Tests.Proof.Disks;

/// <summary>
/// A disk that can be made to take only a few writes a second, and that can be looked at below everything that the kernel holds back; with a store
/// on it, or bare.
/// </summary>
internal sealed class SlowStore : IAsyncDisposable
{
    private const long DiskBytes = 384L << 20;
    private readonly Scratch _scratch = new();
    private StorageDaemon? _daemon;
    private LoopDevice? _loop;
    private XfsMount? _mount;
    private QmpClient? _monitor;

    private SlowStore()
    {
    }

    /// <summary>Where it is mounted; null for a bare disk.</summary>
    public string? Folder => _mount?.Folder;

    /// <summary>The disk as a block device.</summary>
    public string Device => _loop!.Path;

    public static async Task<SlowStore> CreateAsync(TestDirectory directory, bool bare = false)
    {
        SlowStore store = new();
        try
        {
            await store.BuildAsync(directory, bare);
            return store;
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    /// <summary>From now on no more than that many writes a second; 0 for as many as come.</summary>
    public Task SlowDownAsync(int writesPerSecond) => _monitor!.AskAsync(string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"execute":"qom-set","arguments":{"path":"/objects/pace","property":"limits","value":{"iops-write":{{writesPerSecond}} } } }"""));

    /// <summary>Lets everything that waits reach the disk.</summary>
    public async Task DrainAsync()
    {
        await SlowDownAsync(0);
        if (_mount is not null) await _mount.SyncAsync();
        else (await ToolRun.RunAsync("sync", [Device])).Succeeded();
    }

    /// <summary>Opens the disk's image, past the filesystem and the page caches above it.</summary>
    public FileStream OpenDisk() => new(_scratch.File("disk.raw"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);

    public async ValueTask DisposeAsync()
    {
        if (_monitor is not null) await SlowDownAsync(0);
        _monitor?.Dispose();
        if (_mount is not null) await _mount.DisposeAsync();
        if (_loop is not null) await _loop.DisposeAsync();
        if (_daemon is not null) await _daemon.DisposeAsync();
        _scratch.Dispose();
    }

    private async Task BuildAsync(TestDirectory directory, bool bare)
    {
        string[] node = ["--object", "throttle-group,id=pace", "--blockdev", "throttle,node-name=top,throttle-group=pace,file=disk"];
        _daemon = await StorageDaemon.StartAsync(_scratch, DiskBytes, node, directory.File("daemon.log"));
        _loop = await LoopDevice.AttachAsync(_daemon.Export);
        if (!bare) _mount = await XfsMount.CreateAsync(_loop.Path, _scratch.Folder("store"));
        _monitor = await QmpClient.ConnectAsync(_daemon.Monitor);
    }
}
