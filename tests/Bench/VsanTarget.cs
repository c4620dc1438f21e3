using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using VSan.Contracts.BlockServer;

namespace VSan.Tests.Bench;

/// <summary>Our block server with one memory volume and one file volume, on a port of its own.</summary>
internal sealed class VsanTarget : IDisposable
{
    private const string NamePrefix = "iqn.2026-11.io.vsan-appliance:bench.";
    private readonly BenchProcess _server;
    private readonly string _control;
    private readonly string _portal;

    /// <summary>Starts the server on one ring of the engine and waits until it serves.</summary>
    public VsanTarget(string binary, string engine, string folder, long sizeBytes, string filePath)
    {
        _control = Path.Combine(folder, $"{engine}.control");
        _server = BenchProcess.Start(binary, "run", "--state", Path.Combine(folder, $"{engine}.state"), "--control", _control, "--rings", "1", "--engine", engine);
        VolumeConfiguration memory = Volume(1, VolumeKind.Memory, null, sizeBytes);
        VolumeConfiguration file = Volume(2, VolumeKind.File, filePath, sizeBytes);
        BlockServerConfiguration configuration = new(1, ["127.0.0.1:0"], [memory, file], [Target("memory", memory), Target("file", file)]);
        ControlAnswer applied = AskWhenUp(new ControlRequest(ControlVerb.Apply, configuration));
        if (applied.Error is not null) throw new InvalidOperationException($"The block server refused its configuration: {applied.Error}");
        _portal = Inspect().Portals[0];
        Process = new TargetProcess(_server.Id, engine == "uring" ? () => Inspect().Rings.Sum(ring => ring.Enters) : null);
    }

    /// <summary>The server. With io_uring every I/O goes to the kernel by a call that the ring counts; epoll has others beside it.</summary>
    public TargetProcess Process { get; }

    /// <summary>The logical unit in memory.</summary>
    public TargetAddress Memory => TargetAddress.Parse($"iscsi://{_portal}/{NamePrefix}memory/0");

    /// <summary>The logical unit on a file, O_DIRECT where the filesystem has it.</summary>
    public TargetAddress File => TargetAddress.Parse($"iscsi://{_portal}/{NamePrefix}file/0");

    public void Dispose() => _server.Dispose();

    private static VolumeConfiguration Volume(int number, VolumeKind kind, string? path, long sizeBytes) =>
        new(new Guid(number, 0, 0, new byte[8]), kind, path, sizeBytes, 512, Thin: true, WriteCache: true, $"6{number:x31}", $"BENCH{number}");

    private static TargetConfiguration Target(string name, VolumeConfiguration volume) =>
        new(NamePrefix + name, [new AccessConfiguration("*", null, [new LogicalUnitConfiguration(0, volume.Id, ReadOnly: false)])]);

    private BlockServerInspection Inspect() => AskWhenUp(new ControlRequest(ControlVerb.Inspect, null)).Inspection!;

    private ControlAnswer AskWhenUp(ControlRequest request)
    {
        DateTime deadline = TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(10);
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
