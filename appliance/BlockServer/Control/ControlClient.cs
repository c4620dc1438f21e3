using System.Net.Sockets;
using System.Text.Json;
using VSan.BlockServer.Inspection;
using VSan.Contracts.BlockServer;

namespace VSan.BlockServer.Control;

/// <summary>The verbs that talk to a running server. The exit code is 0 only when the answer holds no error.</summary>
internal static class ControlClient
{
    /// <summary>Hands a file over and prints the answer as JSON.</summary>
    internal static async Task<int> ApplyAsync(string socketPath, string file)
    {
        try
        {
            byte[] json = await File.ReadAllBytesAsync(file).ConfigureAwait(false);
            BlockServerConfiguration? configuration = JsonSerializer.Deserialize(json, BlockServerJson.Default.BlockServerConfiguration);
            return await PrintAsync(socketPath, new ControlRequest(ControlVerb.Apply, configuration), (line, _) => line).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            return Fail($"{file}: {exception.Message}");
        }
    }

    /// <summary>Asks for a picture, once or again and again.</summary>
    internal static async Task<int> InspectAsync(CommandLine line)
    {
        var request = new ControlRequest(ControlVerb.Inspect, null);
        bool json = line.Output is OutputFormat.Json || (line.Output is OutputFormat.Auto && line.WatchSeconds is null && Console.IsOutputRedirected);
        if (json) return await PrintAsync(line.Control, request, (answer, _) => answer).ConfigureAwait(false);
        if (line.WatchSeconds is not { } seconds) return await PrintAsync(line.Control, request, (_, answer) => InspectionTable.Draw(answer)).ConfigureAwait(false);
        Look? before = null;
        while (true)
        {
            int code = await PrintAsync(line.Control, request, (_, answer) =>
            {
                var now = new Look(answer.Inspection!, TimeProvider.System.GetTimestamp());
                string page = InspectionTable.Draw(answer, before is null ? null : InspectionRates.Between(before, now));
                before = now;
                return Console.IsOutputRedirected ? page : ClearScreen + page;
            }).ConfigureAwait(false);
            if (code != 0) return code;
            await Task.Delay(TimeSpan.FromSeconds(seconds)).ConfigureAwait(false);
        }
    }

    /// <summary>Prints the counters as Prometheus reads them.</summary>
    internal static Task<int> MetricsAsync(string socketPath)
        => PrintAsync(socketPath, new ControlRequest(ControlVerb.Metrics, null), (_, answer) => (answer.Metrics ?? "").TrimEnd('\n'));

    /// <summary>Has a group of snapshots made and prints the answer as JSON.</summary>
    internal static Task<int> SnapshotAsync(string socketPath, IReadOnlyList<SnapshotRequest> snapshots)
        => PrintAsync(socketPath, new ControlRequest(ControlVerb.Snapshot, null) { Snapshots = snapshots }, (answer, _) => answer);

    /// <summary>Has sessions seen off and prints the answer as JSON.</summary>
    internal static Task<int> DrainAsync(string socketPath, DrainRequest drain)
        => PrintAsync(socketPath, new ControlRequest(ControlVerb.Drain, null) { Drain = drain }, (answer, _) => answer);

    // A ring that hangs is waited for a second by the server; a change of the configuration that is under way comes first.
    private static readonly TimeSpan LookTime = TimeSpan.FromSeconds(10);

    private const string TurnedAway = "the server turned us away. Ask as root, as its user, or as a member of its --control-group.";

    // Home, then clear to the end (ECMA-48 CUP and ED): the screen's history stays.
    private const string ClearScreen = "\u001b[H\u001b[J";

    private static async Task<int> PrintAsync(string socketPath, ControlRequest request, Func<string, ControlAnswer, string> draw)
    {
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath)).ConfigureAwait(false);
            var stream = new NetworkStream(socket);
            await stream.WriteAsync((byte[])[.. JsonSerializer.SerializeToUtf8Bytes(request, BlockServerJson.Default.ControlRequest), (byte)'\n']).ConfigureAwait(false);
            using var reader = new StreamReader(stream);
            string? line = await reader.ReadLineAsync().WaitAsync(request.Verb is ControlVerb.Apply or ControlVerb.Snapshot or ControlVerb.Drain ? Timeout.InfiniteTimeSpan : LookTime).ConfigureAwait(false);
            if (line is null) return Fail($"{socketPath}: {TurnedAway}");
            ControlAnswer? answer = JsonSerializer.Deserialize(line, BlockServerJson.Default.ControlAnswer);
            if (answer is null) return Fail($"{socketPath}: the answer is empty");
            if (request.Verb is not ControlVerb.Apply && answer.Error is not null) return Fail(answer.Error);
            Console.WriteLine(draw(line, answer));
            return answer.Error is null ? 0 : 1;
        }
        catch (Exception exception) when (exception is SocketException or IOException or JsonException or ArgumentException or TimeoutException)
        {
            return Fail($"{socketPath}: {NextAction(exception, socketPath)}");
        }
    }

    private static string NextAction(Exception exception, string socketPath) => exception switch
    {
        SocketException { SocketErrorCode: SocketError.AccessDenied } => TurnedAway,
        SocketException when !File.Exists(socketPath) => "there is no such socket. Start the server, or name the --control that it was started with.",
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } => "nobody listens, so the server has ended. Read its log.",
        IOException => TurnedAway,
        TimeoutException => $"the server has not answered within {LookTime.TotalSeconds:0} s. Read its log, and restart it if it hangs.",
        JsonException => $"what answers does not speak the block server's language ({exception.Message}). Use the vsan-blockserver of the server's version.",
        _ => $"{exception.Message}. Read the server's log.",
    };

    private static int Fail(string message)
    {
        Console.Error.WriteLine($"vsan-blockserver: {message}");
        return 1;
    }
}
