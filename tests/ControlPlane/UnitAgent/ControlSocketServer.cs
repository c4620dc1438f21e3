using System.Net.Sockets;
using System.Text.Json;
using VSan.Contracts.BlockServer;

namespace VSan.Tests.ControlPlane.UnitAgent;

/// <summary>A block server that keeps what it is told and serves nobody: the control protocol on a real unix socket.</summary>
internal sealed class ControlSocketServer : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly Task _serving;

    public ControlSocketServer(string path)
    {
        File.Delete(path);
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        _listener.Listen();
        _serving = ServeAsync();
    }

    /// <summary>Configurations that were applied, in order.</summary>
    public List<BlockServerConfiguration> Applied { get; } = [];

    /// <summary>Called at each Apply, before it is answered.</summary>
    public Action<BlockServerConfiguration>? OnApply { get; set; }

    /// <summary>The answer to every Apply, instead of success.</summary>
    public string? Error { get; set; }

    /// <summary>Groups of snapshots that were asked for, in order.</summary>
    public List<IReadOnlyList<SnapshotRequest>> Snapshots { get; } = [];

    /// <summary>The answer to every Snapshot, instead of success.</summary>
    public string? SnapshotError { get; set; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            using Socket peer = await _listener.AcceptAsync(_stop.Token);
            await using NetworkStream stream = new(peer);
            using StreamReader lines = new(stream);
            while (await lines.ReadLineAsync(_stop.Token) is { } line)
            {
                ControlAnswer answer = Answer(JsonSerializer.Deserialize(line, BlockServerJson.Default.ControlRequest)!);
                await stream.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(answer, BlockServerJson.Default.ControlAnswer), _stop.Token);
                await stream.WriteAsync("\n"u8.ToArray(), _stop.Token);
            }
        }
    }

    private ControlAnswer Answer(ControlRequest request)
    {
        if (request is { Verb: ControlVerb.Apply, Configuration: { } configuration })
        {
            OnApply?.Invoke(configuration);
            if (Error is null) Applied.Add(configuration);
        }

        if (request is { Verb: ControlVerb.Snapshot, Snapshots: { } snapshots }) return Snapshot(snapshots);
        return new ControlAnswer(Applied.Count == 0 ? 0 : Applied[^1].Generation, Error, new BlockServerInspection([], [], [], []));
    }

    // As the real one: a group that is there stays.
    private ControlAnswer Snapshot(IReadOnlyList<SnapshotRequest> snapshots)
    {
        if (SnapshotError is null)
        {
            Snapshots.Add(snapshots);
            foreach (SnapshotRequest snapshot in snapshots.Where(snapshot => !File.Exists(snapshot.Path)))
                File.Copy(Applied[^1].Volumes.Single(volume => volume.Id == snapshot.VolumeId).Path!, snapshot.Path);
        }

        return new ControlAnswer(Applied[^1].Generation, SnapshotError, null);
    }
}
