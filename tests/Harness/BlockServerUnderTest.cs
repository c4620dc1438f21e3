using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;
using VSan.Contracts.BlockServer;

namespace VSan.Tests.Harness;

/// <summary>A block server alone, told what to serve over its control socket as a unit's agent would.</summary>
internal sealed class BlockServerUnderTest : IAsyncDisposable
{
    private readonly TestDirectory _directory;
    private readonly string _name;

    private readonly BlockServerStart _start;

    private BlockServerUnderTest(TestDirectory directory, string name, BlockServerStart start) =>
        (_directory, _name, _start, Control) = (directory, name, start, directory.Socket($"{name}.control"));

    public ProcessUnderTest Process { get; private set; } = null!;

    /// <summary>Path of the control socket.</summary>
    public string Control { get; }

    /// <summary>The engine that the tests' servers run on: <c>$VSAN_TEST_ENGINE</c>, so that one suite serves for all.</summary>
    private static string[] Engine => Environment.GetEnvironmentVariable("VSAN_TEST_ENGINE") is { Length: > 0 } name ? ["--engine", name] : [];

    public string StateFolder => _start.StateFolder ?? _directory.Folder($"{_name}.state");

    public static async Task<BlockServerUnderTest> StartAsync(TestDirectory directory, string name = "blockserver", BlockServerStart? start = null)
    {
        BlockServerUnderTest server = new(directory, name, start ?? new BlockServerStart());
        await server.StartAgainAsync();
        return server;
    }

    public async Task StartAgainAsync()
    {
        string[] command =
        [
            .. _start.Wrapper, _start.Executable, "run", "--state", StateFolder, "--control", Control, "--rings", _start.Rings.ToString(CultureInfo.InvariantCulture),
            .. Engine,
        ];
        Process = ProcessUnderTest.Start(command[0], command[1..], _directory.File($"{_name}.log"), _start.Environment);
        await Eventually.SomeAsync("the block server answers on its control socket", async () =>
            Process.Running ? await AskAsync(new ControlRequest(ControlVerb.Inspect, null)) : throw new InvalidOperationException($"It ended:\n{Process.Output}"));
    }

    public async Task RestartAfterKillAsync()
    {
        await Process.KillAsync();
        await Process.DisposeAsync();
        await StartAgainAsync();
    }

    /// <summary>Applies a configuration and fails unless it was taken whole.</summary>
    public async Task ApplyAsync(BlockServerConfiguration configuration)
    {
        ControlAnswer answer = await AskAsync(new ControlRequest(ControlVerb.Apply, configuration));
        if (answer.Error is not null) throw new InvalidOperationException(answer.Error);
    }

    public async Task<BlockServerInspection> InspectAsync() => (await AskAsync(new ControlRequest(ControlVerb.Inspect, null))).Inspection!;

    public async Task<ControlAnswer> AskAsync(ControlRequest request)
    {
        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(Control));
        await using NetworkStream stream = new(socket);
        await stream.WriteAsync((byte[])[.. JsonSerializer.SerializeToUtf8Bytes(request, BlockServerJson.Default.ControlRequest), (byte)'\n']);
        using StreamReader reader = new(stream);
        string line = await reader.ReadLineAsync() ?? throw new IOException("The block server closed its control socket without an answer.");
        return JsonSerializer.Deserialize(line, BlockServerJson.Default.ControlAnswer)!;
    }

    public ValueTask DisposeAsync() => Process.DisposeAsync();
}
