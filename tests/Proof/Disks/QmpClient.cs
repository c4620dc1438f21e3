using System.Net.Sockets;

namespace VSan.Tests.Proof.Disks;

/// <summary>QEMU's monitor: one JSON line asks, one answers.</summary>
internal sealed class QmpClient : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly StreamReader _reader;
    private readonly StreamWriter _writer;

    private QmpClient(string path)
    {
        _socket.Connect(new UnixDomainSocketEndPoint(path));
        NetworkStream stream = new(_socket);
        (_reader, _writer) = (new StreamReader(stream), new StreamWriter(stream) { AutoFlush = true, NewLine = "\n" });
    }

    public static async Task<QmpClient> ConnectAsync(string path)
    {
        QmpClient client = new(path);
        await client._reader.ReadLineAsync();
        await client.AskAsync("""{"execute":"qmp_capabilities"}""");
        return client;
    }

    /// <summary>Sends a command and waits until it is done; events in between are passed over.</summary>
    public async Task AskAsync(string command)
    {
        await _writer.WriteLineAsync(command);
        while (await _reader.ReadLineAsync() is { } line)
        {
            if (line.Contains("\"error\"", StringComparison.Ordinal)) throw new InvalidOperationException($"{command}: {line}");
            if (line.Contains("\"return\"", StringComparison.Ordinal)) return;
        }

        throw new IOException("The monitor has gone.");
    }

    public void Dispose()
    {
        _reader.Dispose();
        _writer.Dispose();
        _socket.Dispose();
    }
}
