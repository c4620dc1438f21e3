using System.Text.Json;
using VSan.Contracts.BlockServer;
using VSan.IscsiInitiator;
using Xunit;

namespace VSan.Tests.EndToEnd.BlockServer;

/// <summary>A block server that runs as a user without any privilege, in directories of its own; the executable is copied to where that user may read it.</summary>
internal sealed class PrivilegeServer : IAsyncDisposable
{
    /// <summary>Numbers that no account of this machine has.</summary>
    public const uint User = 61234, Stranger = 61235, Group = 61240;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("vsan-privilege-");
    private ProcessUnderTest? _process;

    private PrivilegeServer()
    {
    }

    public ProcessUnderTest Process => _process!;

    public string Control => Path.Combine(Own, "control");

    /// <summary>The user's own directory.</summary>
    public string Own => Path.Combine(_directory.FullName, "own");

    private string Executable => Path.Combine(_directory.FullName, "vsan-blockserver");

    /// <summary>Starts it and waits until it is ready.</summary>
    /// <param name="log">Where its output goes.</param>
    /// <param name="lockedBytesMax">RLIMIT_MEMLOCK.</param>
    /// <param name="options">More of its options.</param>
    public static async Task<PrivilegeServer> StartAsync(string log, long? lockedBytesMax = null, params string[] options)
    {
        Assert.True(Environment.UserName == "root", "Only root may start a process as another user: run this test as root.");
        var server = new PrivilegeServer();
        File.SetUnixFileMode(server._directory.FullName, Mode(0x1ED));
        File.Copy(ProductBinaries.BlockServer, server.Executable);
        Directory.CreateDirectory(server.Own);
        await OwnAsync(server.Own);
        string[] limit = lockedBytesMax is { } bytes ? ["prlimit", $"--memlock={bytes}:{bytes}"] : ["env"];
        string[] run = [.. limit, .. As(User, Group), "--bounding-set=-all", "--inh-caps=-all", server.Executable, "run",
            "--state", Path.Combine(server.Own, "state"), "--control", server.Control, "--rings", "1", .. options];
        server._process = ProcessUnderTest.Start(run[0], run[1..], log);
        await server.Process.LineAsync("event=ready");
        return server;
    }

    /// <summary>Runs one of our verbs as a user.</summary>
    public Task<ToolRun> VerbAsync(uint user, uint? group, params string[] words)
    {
        string[] run = [.. As(user, group), Executable, .. words];
        return ToolRun.RunAsync(run[0], run[1..]);
    }

    /// <summary>Runs any command as a user.</summary>
    public static Task<ToolRun> CommandAsync(uint user, params string[] words)
    {
        string[] run = [.. As(user, null), .. words];
        return ToolRun.RunAsync(run[0], run[1..]);
    }

    /// <summary>Serves one volume, a file in the user's own directory.</summary>
    public async Task<HostAccess> ServeAsync(TestDirectory directory)
    {
        BlockServerSetup setup = new BlockServerSetup(directory).WithVolume();
        BlockServerConfiguration wanted = setup.Next();
        string volume = Path.Combine(Own, "volume.img");
        File.Move(wanted.Volumes[0].Path!, volume);
        string file = Path.Combine(Own, "wanted.json");
        await File.WriteAllBytesAsync(file, JsonSerializer.SerializeToUtf8Bytes(
            wanted with { Volumes = [wanted.Volumes[0] with { Path = volume }] }, BlockServerJson.Default.BlockServerConfiguration));
        await OwnAsync(volume);
        await OwnAsync(file);
        _ = (await VerbAsync(User, null, "apply", "--control", Control, file)).Succeeded();
        return setup.Access();
    }

    /// <summary>A permission by its nine bits.</summary>
    public static UnixFileMode Mode(int bits) => (UnixFileMode)bits;

    public async ValueTask DisposeAsync()
    {
        if (_process is not null) await _process.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    private static string[] As(uint user, uint? group)
        => ["setpriv", $"--reuid={user}", $"--regid={user}", .. (string[])(group is { } more ? [$"--groups={more}"] : ["--clear-groups"])];

    private static async Task OwnAsync(string path) => _ = (await ToolRun.RunAsync("chown", [$"{User}:{User}", path])).Succeeded();
}
