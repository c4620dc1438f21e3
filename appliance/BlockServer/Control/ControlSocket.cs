using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text.Json;
using VSan.BlockServer.Inspection;
using VSan.BlockServer.Metrics;
using VSan.BlockServer.Serving;
using VSan.Contracts.BlockServer;

namespace VSan.BlockServer.Control;

/// <summary>
/// The local socket on which the server is told what to serve: a line of JSON in, a line out. Whoever <see cref="ControlAccess"/> does not admit
/// is turned away. What cannot be understood is answered with an error; it never ends the server.
/// </summary>
internal sealed class ControlSocket : IDisposable
{
    // One line: a configuration of some ten thousand volumes.
    private const int LineBytesMax = 16 * 1024 * 1024;

    // Connections at once; one more waits in the backlog.
    private const int ConnectionsMax = 16;

    private readonly Socket _socket;
    private readonly string _path;
    private readonly ServedConfiguration _served;
    private readonly EventLog _log;
    private readonly ControlAccess _access;
    private readonly SemaphoreSlim _free = new(ConnectionsMax, ConnectionsMax);

    private ControlSocket(Socket socket, string path, ControlAccess access, ServedConfiguration served, EventLog log)
        => (_socket, _path, _access, _served, _log) = (socket, path, access, served, log);

    /// <summary>Listens. Whoever holds the state directory's lock may remove a socket that a dead process left.</summary>
    internal static ControlSocket? TryListen(string path, ControlAccess access, ServedConfiguration served, EventLog log, out string? error)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            File.Delete(path);
            socket.Bind(new UnixDomainSocketEndPoint(path));
            error = access.Open(path);
            if (error is null)
            {
                socket.Listen();
                return new ControlSocket(socket, path, access, served, log);
            }

            socket.Dispose();
            return null;
        }
        catch (Exception exception) when (exception is SocketException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            socket.Dispose();
            error = $"listening on {path} failed: {exception.Message}";
            return null;
        }
    }

    /// <summary>Serves until cancelled.</summary>
    internal async Task RunAsync(CancellationToken cancellation)
    {
        List<Task> conversations = [];
        try
        {
            while (true)
            {
                await _free.WaitAsync(cancellation).ConfigureAwait(false);
                Socket peer = await _socket.AcceptAsync(cancellation).ConfigureAwait(false);
                _ = conversations.RemoveAll(one => one.IsCompleted);
                conversations.Add(ConverseAsync(peer, cancellation));
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await Task.WhenAll(conversations).ConfigureAwait(false);
        }
    }

    public void Dispose()
    {
        _socket.Dispose();
        _free.Dispose();
        File.Delete(_path);
    }

    private async Task ConverseAsync(Socket peer, CancellationToken cancellation)
    {
        try
        {
            using (peer)
            {
                if (!_access.Admits(peer, out uint? userId))
                {
                    _log.Error("control-refused", ("uid", userId));
                    return;
                }

                var stream = new NetworkStream(peer);
                await AnswerLinesAsync(stream, cancellation).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException)
        {
            _log.Info("control-ended", ("reason", exception.Message));
        }
        finally
        {
            _free.Release();
        }
    }

    private async Task AnswerLinesAsync(Stream stream, CancellationToken cancellation)
    {
        PipeReader reader = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 64 * 1024));
        while (true)
        {
            ReadResult read = await reader.ReadAsync(cancellation).ConfigureAwait(false);
            ReadOnlySequence<byte> buffer = read.Buffer;
            while (buffer.PositionOf((byte)'\n') is { } end)
            {
                ControlAnswer answer = await AnswerAsync(buffer.Slice(0, end), cancellation).ConfigureAwait(false);
                await WriteAsync(stream, answer, cancellation).ConfigureAwait(false);
                buffer = buffer.Slice(buffer.GetPosition(1, end));
            }

            if (buffer.Length > LineBytesMax)
            {
                await WriteAsync(stream, Failure($"a request is longer than {LineBytesMax} bytes"), cancellation).ConfigureAwait(false);
                return;
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
            if (read.IsCompleted) return;
        }
    }

    private async Task<ControlAnswer> AnswerAsync(ReadOnlySequence<byte> line, CancellationToken cancellation)
    {
        ControlRequest? request;
        try
        {
            request = Parse(line);
        }
        catch (JsonException exception)
        {
            // The message names a place in the line, never its content: the content holds secrets.
            return Failure($"malformed request at byte {exception.BytePositionInLine}");
        }

        return request switch
        {
            { Verb: ControlVerb.Inspect } => Inspection(await _served.LookAsync().ConfigureAwait(false)),
            { Verb: ControlVerb.Metrics } => Metrics(await _served.LookAsync().ConfigureAwait(false)),
            { Verb: ControlVerb.Apply, Configuration: { } configuration } => await _served.ApplyAsync(configuration, persist: true).ConfigureAwait(false),
            { Verb: ControlVerb.Snapshot, Snapshots: { } snapshots } => await _served.SnapshotAsync(snapshots).ConfigureAwait(false),
            { Verb: ControlVerb.Snapshot } => Failure("a snapshot request must carry snapshots"),
            { Verb: ControlVerb.Drain, Drain: { } drain } => await _served.DrainAsync(drain, cancellation).ConfigureAwait(false),
            { Verb: ControlVerb.Drain } => Failure("a drain request must carry drain"),
            _ => Failure("an apply request must carry a configuration"),
        };
    }

    private static ControlAnswer Inspection(ServerPicture picture) => new(picture.Generation, null, InspectionMaker.Make(picture));

    private static ControlAnswer Metrics(ServerPicture picture) => new(picture.Generation, null, null) { Metrics = MetricsPage.Make(picture) };

    private static ControlRequest? Parse(ReadOnlySequence<byte> line)
    {
        var reader = new Utf8JsonReader(line);
        return JsonSerializer.Deserialize(ref reader, BlockServerJson.Default.ControlRequest);
    }

    private static ControlAnswer Failure(string error) => new(0, error, null);

    private static async Task WriteAsync(Stream stream, ControlAnswer answer, CancellationToken cancellation)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(answer, BlockServerJson.Default.ControlAnswer);
        await stream.WriteAsync((byte[])[.. json, (byte)'\n'], cancellation).ConfigureAwait(false);
    }
}
