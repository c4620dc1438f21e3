using System.Net.Sockets;
using System.Text.Json;
using VSan.Contracts.BlockServer;

namespace VSan.BlockServer.Control;

/// <summary>The verbs that talk to a running server. Each prints the answer as JSON; the exit code is 0 only when it holds no error.</summary>
internal static class ControlClient
{
    /// <summary>Hands a file over.</summary>
    internal static async Task<int> ApplyAsync(string socketPath, string file)
    {
        try
        {
            byte[] json = await File.ReadAllBytesAsync(file).ConfigureAwait(false);
            BlockServerConfiguration? configuration = JsonSerializer.Deserialize(json, BlockServerJson.Default.BlockServerConfiguration);
            return await AskAsync(socketPath, new ControlRequest(ControlVerb.Apply, configuration)).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            return Fail($"{file}: {exception.Message}");
        }
    }

    /// <summary>Asks for a picture.</summary>
    internal static Task<int> InspectAsync(string socketPath) => AskAsync(socketPath, new ControlRequest(ControlVerb.Inspect, null));

    private static async Task<int> AskAsync(string socketPath, ControlRequest request)
    {
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath)).ConfigureAwait(false);
            var stream = new NetworkStream(socket);
            await stream.WriteAsync((byte[])[.. JsonSerializer.SerializeToUtf8Bytes(request, BlockServerJson.Default.ControlRequest), (byte)'\n']).ConfigureAwait(false);
            using var reader = new StreamReader(stream);
            string? line = await reader.ReadLineAsync().ConfigureAwait(false);
            if (line is null) return Fail("the server closed the connection without an answer");
            Console.WriteLine(line);
            return JsonSerializer.Deserialize(line, BlockServerJson.Default.ControlAnswer) is { Error: null } ? 0 : 1;
        }
        catch (Exception exception) when (exception is SocketException or IOException or JsonException)
        {
            return Fail($"{socketPath}: {exception.Message}");
        }
    }

    private static int Fail(string message)
    {
        Console.Error.WriteLine($"vsan-blockserver: {message}");
        return 1;
    }
}
