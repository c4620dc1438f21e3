namespace VSan.Tests.Harness;

/// <summary>A loop device over a file. Not with direct I/O: over FUSE the kernel then puts data in wrong places.</summary>
internal sealed class LoopDevice : IAsyncDisposable
{
    private LoopDevice(string path) => Path = path;

    /// <summary>Why there can be none here; null when there can.</summary>
    public static string? Missing { get; } =
        !Environment.IsPrivilegedProcess ? "A loop device needs root." : File.Exists("/dev/loop-control") ? null : "There is no /dev/loop-control.";

    public string Path { get; }

    /// <param name="file">Its bytes.</param>
    /// <param name="blockBytes">Its logical block: 512 or 4096.</param>
    public static async Task<LoopDevice> AttachAsync(string file, int blockBytes = 512) =>
        new((await ToolRun.RunAsync("losetup", ["--find", "--show", "--direct-io=off", $"--sector-size={blockBytes}", file])).Succeeded().Output.Trim());

    /// <summary>Has it take the file's new length.</summary>
    public async Task ResizeAsync() => (await ToolRun.RunAsync("losetup", ["--set-capacity", Path])).Succeeded();

    public async ValueTask DisposeAsync() => (await ToolRun.RunAsync("losetup", ["--detach", Path])).Succeeded();
}
