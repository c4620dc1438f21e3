using System.Net.Sockets;
using System.Text.Json;
using VSan.Contracts.BlockServer;

namespace VSan.UnitAgent.BlockServer;

/// <summary>
/// Asks the block server over its control socket: a line of JSON each way. It connects when it is first asked, keeps the connection, and
/// drops it at the first failure, so that the next question finds a block server that was started anew.
/// </summary>
/// <remarks>One question at a time; the reconciler's gate sees to that.</remarks>
internal sealed class BlockServerClient(string socketPath) : IBlockServer
{
    // An answer carries a counter line for each volume and session: 16 MiB are some 50,000 of them.
    private const int AnswerSizeMax = 16 * 1024 * 1024;

    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(5);

    private NetworkStream? _connection;

    /// <summary>Asks and waits for the answer, at most 5 s.</summary>
    /// <exception cref="IOException">The block server cannot be reached, hung up, was silent or spoke another language.</exception>
    public Task<ControlAnswer> AskAsync(ControlRequest request, CancellationToken cancellationToken) => AskAsync(request, AnswerTimeout, cancellationToken);

    /// <summary>Asks and waits for the answer, at most <paramref name="within"/>.</summary>
    /// <exception cref="IOException">The block server cannot be reached, hung up, was silent or spoke another language.</exception>
    public async Task<ControlAnswer> AskAsync(ControlRequest request, TimeSpan within, CancellationToken cancellationToken)
    {
        using CancellationTokenSource timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(within);
        try
        {
            _connection ??= await ConnectAsync(timeout.Token);
            await _connection.WriteAsync(Line(request), timeout.Token);
            return await AnswerAsync(_connection, timeout.Token);
        }
        catch (Exception failure)
        {
            Drop();
            throw failure switch
            {
                SocketException refusal => new IOException(Unreachable(refusal), failure),
                JsonException => new IOException($"What answers on {socketPath} does not speak the block server's language: {failure.Message} Start a vsan-blockserver of this version there.", failure),
                OperationCanceledException when !cancellationToken.IsCancellationRequested =>
                    new IOException($"The block server has not answered on {socketPath} within {within.TotalSeconds:0} s. Read its log, and restart it if it hangs.", failure),
                _ => failure,
            };
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Drop();

    private static byte[] Line(ControlRequest request)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(request, BlockServerJson.Default.ControlRequest);
        Array.Resize(ref json, json.Length + 1);
        json[^1] = (byte)'\n';
        return json;
    }

    private async Task<ControlAnswer> AnswerAsync(NetworkStream connection, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[4096];
        int length = 0;
        while (length == 0 || buffer[length - 1] != (byte)'\n')
        {
            if (length == AnswerSizeMax) throw new IOException($"The block server's answer on {socketPath} is longer than {AnswerSizeMax} bytes. Read its log.");
            if (length == buffer.Length) Array.Resize(ref buffer, buffer.Length * 2);
            int received = await connection.ReadAsync(buffer.AsMemory(length), cancellationToken);
            if (received == 0) throw new IOException($"The block server hung up on {socketPath}. It is asked again; read its log if this stays.");
            length += received;
        }

        return JsonSerializer.Deserialize(buffer.AsSpan(0, length), BlockServerJson.Default.ControlAnswer) ?? throw new IOException($"The block server's answer on {socketPath} is empty. Read its log.");
    }

    private async Task<NetworkStream> ConnectAsync(CancellationToken cancellationToken)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private string Unreachable(SocketException refusal)
    {
        string reason = refusal.SocketErrorCode switch
        {
            _ when !File.Exists(socketPath) => "there is no such socket, so the block server does not run, or was given another --control",
            SocketError.ConnectionRefused => "nobody listens on it, so the block server has ended",
            _ => refusal.Message,
        };
        return $"The block server cannot be reached on {socketPath}: {reason}. Start it with: vsan-blockserver run --state DIR --control {socketPath}";
    }

    private void Drop()
    {
        _connection?.Dispose();
        _connection = null;
    }
}
