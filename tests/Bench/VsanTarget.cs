using VSan.Contracts.BlockServer;

namespace VSan.Tests.Bench;

/// <summary>Our block server with one memory volume and one file volume, on a port of its own.</summary>
internal sealed class VsanTarget : IDisposable
{
    private readonly VsanServer _server;
    private readonly string _portal;

    /// <summary>Starts the server on one ring of the engine and waits until it serves.</summary>
    public VsanTarget(string binary, string engine, string folder, long sizeBytes, string filePath)
    {
        _server = new VsanServer(binary, engine, folder, engine);
        VolumeConfiguration memory = VsanServer.Volume(1, VolumeKind.Memory, null, sizeBytes);
        VolumeConfiguration file = VsanServer.Volume(2, VolumeKind.File, filePath, sizeBytes);
        _server.Apply(new(1, ["127.0.0.1:0"], [memory, file], [VsanServer.Target("memory", memory), VsanServer.Target("file", file)]));
        _portal = _server.Inspect().Portals[0];
        Process = new TargetProcess(_server.ProcessId, engine == "uring" ? () => _server.Inspect().Rings.Sum(ring => ring.Enters) : null);
    }

    /// <summary>The server. With io_uring every I/O goes to the kernel by a call that the ring counts; epoll has others beside it.</summary>
    public TargetProcess Process { get; }

    /// <summary>The logical unit in memory.</summary>
    public TargetAddress Memory => TargetAddress.Parse($"iscsi://{_portal}/{VsanServer.TargetName("memory")}/0");

    /// <summary>The logical unit on a file, O_DIRECT where the filesystem has it.</summary>
    public TargetAddress File => TargetAddress.Parse($"iscsi://{_portal}/{VsanServer.TargetName("file")}/0");

    public void Dispose() => _server.Dispose();
}
