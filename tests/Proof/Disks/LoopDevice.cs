using VSan.Tests.Harness;

namespace VSan.Tests.Proof.Disks;

/// <summary>A loop device over a file. Not with direct I/O: over FUSE the kernel then puts data in wrong places.</summary>
internal sealed class LoopDevice : IAsyncDisposable
{
    private LoopDevice(string path) => Path = path;

    public string Path { get; }

    public static async Task<LoopDevice> AttachAsync(string file) =>
        new((await ToolRun.RunAsync("losetup", ["--find", "--show", "--direct-io=off", file])).Succeeded().Output.Trim());

    public async ValueTask DisposeAsync() => (await ToolRun.RunAsync("losetup", ["--detach", Path])).Succeeded();
}
