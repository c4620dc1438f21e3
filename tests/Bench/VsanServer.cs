using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using VSan.Contracts.BlockServer;

namespace VSan.Tests.Bench;

/// <summary>A block server of ours on one ring: its process, and its control socket.</summary>
internal sealed class VsanServer : IDisposable
{
    private const string NamePrefix = "iqn.2026-11.io.vsan-appliance:bench.";
    private readonly BenchProcess _server;
    private readonly string _control;

    /// <summary>Starts it; a state of this name in the folder is taken up.</summary>
    public VsanServer(string binary, string engine, string folder, string name)
    {
        _control = Path.Combine(folder, $"{name}.control");
        _server = BenchProcess.Start(binary, "run", "--state", Path.Combine(folder, $"{name}.state"), "--control", _control, "--rings", "1", "--engine", engine);
    }

    /// <summary>Process id.</summary>
    public int ProcessId => _server.Id;

    /// <summary>The name of a target that <see cref="Target"/> makes.</summary>
    public static string TargetName(string name) => NamePrefix + name;

    /// <summary>A thin volume.</summary>
    public static VolumeConfiguration Volume(int number, VolumeKind kind, string? path, long sizeBytes) =>
        new(new Guid(number, 0, 0, new byte[8]), kind, path, sizeBytes, 512, Thin: true, WriteCache: true, $"6{number:x31}", $"BENCH{number}");

    /// <summary>A target that gives the volume to everybody as LUN 0.</summary>
    public static TargetConfiguration Target(string name, VolumeConfiguration volume) =>
        new(NamePrefix + name, [new AccessConfiguration("*", null, [new LogicalUnitConfiguration(0, volume.Id, ReadOnly: false)])]);

    /// <summary>Has it serve this; waits until it does.</summary>
    public void Apply(BlockServerConfiguration configuration)
    {
        ControlAnswer applied = AskWhenUp(new ControlRequest(ControlVerb.Apply, configuration));
        if (applied.Error is not null) throw new InvalidOperationException($"The block server refused its configuration: {applied.Error}");
    }

    /// <summary>What it says of itself.</summary>
    public BlockServerInspection Inspect() => AskWhenUp(new ControlRequest(ControlVerb.Inspect, null)).Inspection!;

    public void Dispose() => _server.Dispose();

    private ControlAnswer AskWhenUp(ControlRequest request)
    {
        DateTime deadline = TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(30);
        using ManualResetEventSlim never = new();
        while (TimeProvider.System.GetUtcNow().UtcDateTime < deadline && !_server.HasExited)
        {
            if (TryAsk(_control, request) is { } answer) return answer;
            never.Wait(20);
        }

        throw new InvalidOperationException("The block server does not answer on its control socket.");
    }

    private static ControlAnswer? TryAsk(string control, ControlRequest request)
    {
        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(control));
        }
        catch (SocketException)
        {
            return null;
        }

        using NetworkStream stream = new(socket);
        stream.Write(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(request, BlockServerJson.Default.ControlRequest) + "\n"));
        using StreamReader reader = new(stream);
        return JsonSerializer.Deserialize(reader.ReadLine()!, BlockServerJson.Default.ControlAnswer);
    }
}
