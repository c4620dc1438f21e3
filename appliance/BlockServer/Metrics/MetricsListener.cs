using System.Net;
using System.Net.Sockets;
using System.Text;
using VSan.BlockServer.Serving;

namespace VSan.BlockServer.Metrics;

/// <summary>
/// Answers <c>GET /metrics</c> and nothing else, one request for each connection (RFC 9112 with Connection: close). On a local socket or on loopback only:
/// the page names hosts and volumes, and asks for no password.
/// </summary>
internal sealed class MetricsListener : IDisposable
{
    /// <summary>Bytes of a request, head and all; a scraper sends some 300.</summary>
    internal const int RequestBytesMax = 4096;

    /// <summary>Requests at once; one more waits in the backlog.</summary>
    internal const int RequestsMax = 4;

    /// <summary>From accept to the last byte of the answer.</summary>
    internal static readonly TimeSpan RequestTime = TimeSpan.FromSeconds(5);

    private const string UnixPrefix = "unix:";

    private readonly Socket _socket;
    private readonly string? _path;
    private readonly Func<Task<string>> _page;
    private readonly SemaphoreSlim _free = new(RequestsMax, RequestsMax);

    private MetricsListener(Socket socket, string? path, Func<Task<string>> page) => (_socket, _path, _page) = (socket, path, page);

    /// <summary>Where it listens, the port that was given included.</summary>
    internal string Address => _path is null ? $"{_socket.LocalEndPoint}" : UnixPrefix + _path;

    /// <summary>Listens for pages of <paramref name="served"/>.</summary>
    internal static MetricsListener? TryListen(string where, ServedConfiguration served, out string? error)
        => TryListen(where, async () => MetricsPage.Make(await served.LookAsync().ConfigureAwait(false)), out error);

    /// <summary>Listens.</summary>
    /// <param name="where"><c>unix:PATH</c>, or a loopback address with a port.</param>
    /// <param name="page">Makes the page.</param>
    /// <param name="error">What to do about it when null is returned.</param>
    internal static MetricsListener? TryListen(string where, Func<Task<string>> page, out string? error)
    {
        error = null;
        string? path = where.StartsWith(UnixPrefix, StringComparison.Ordinal) ? where[UnixPrefix.Length..] : null;
        IPEndPoint? endPoint = null;
        if (path is null && (!where.Contains(':', StringComparison.Ordinal) || !IPEndPoint.TryParse(where, out endPoint) || !IPAddress.IsLoopback(endPoint.Address)))
        {
            error = $"--metrics {where} is neither unix:PATH nor a loopback ADDRESS:PORT: let a local agent or proxy hand the page on";
            return null;
        }

        var socket = new Socket(path is null ? endPoint!.AddressFamily : AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            if (path is not null) File.Delete(path);
            socket.Bind(path is null ? endPoint! : new UnixDomainSocketEndPoint(path));

            // A scraper comes in by the socket's group.
            if (path is not null) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite);
            socket.Listen(RequestsMax);
            return new MetricsListener(socket, path, page);
        }
        catch (Exception exception) when (exception is SocketException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            socket.Dispose();
            error = $"listening on {where} for metrics failed: {exception.Message}";
            return null;
        }
    }

    /// <summary>Serves until cancelled.</summary>
    internal async Task RunAsync(CancellationToken cancellation)
    {
        List<Task> requests = [];
        try
        {
            while (true)
            {
                await _free.WaitAsync(cancellation).ConfigureAwait(false);
                Socket peer = await _socket.AcceptAsync(cancellation).ConfigureAwait(false);
                _ = requests.RemoveAll(one => one.IsCompleted);
                requests.Add(AnswerAsync(peer, cancellation));
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await Task.WhenAll(requests).ConfigureAwait(false);
        }
    }

    public void Dispose()
    {
        _socket.Dispose();
        _free.Dispose();
        if (_path is not null) File.Delete(_path);
    }

    private async Task AnswerAsync(Socket peer, CancellationToken cancellation)
    {
        try
        {
            using (peer)
            {
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
                limit.CancelAfter(RequestTime);
                string? head = await ReadHeadAsync(peer, limit.Token).ConfigureAwait(false);
                byte[] answer = Encoding.UTF8.GetBytes(await AnswerToAsync(head).WaitAsync(limit.Token).ConfigureAwait(false));
                for (int sent = 0; sent < answer.Length;) sent += await peer.SendAsync(answer.AsMemory(sent), limit.Token).ConfigureAwait(false);
                peer.Shutdown(SocketShutdown.Send);
            }
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // A scraper that left, or was too slow, asks again.
        }
        finally
        {
            _free.Release();
        }
    }

    /// <summary>The request's head up to its empty line; null when there is none within the bound.</summary>
    private static async Task<string?> ReadHeadAsync(Socket peer, CancellationToken cancellation)
    {
        byte[] bytes = new byte[RequestBytesMax];
        for (int length = 0; length < bytes.Length;)
        {
            int received = await peer.ReceiveAsync(bytes.AsMemory(length), cancellation).ConfigureAwait(false);
            if (received == 0) return null;
            length += received;
            int end = bytes.AsSpan(0, length).IndexOf("\r\n\r\n"u8);
            if (end >= 0) return Encoding.Latin1.GetString(bytes, 0, end);
        }

        return null;
    }

    private async Task<string> AnswerToAsync(string? head)
    {
        if (head?.Split("\r\n")[0].Split(' ') is not [{ } method, { } target, { } version] || !version.StartsWith("HTTP/1.", StringComparison.Ordinal))
            return Answer("400 Bad Request", "text/plain", "One GET request of at most 4,096 bytes is answered.\n");
        if (target.Split('?')[0] != "/metrics") return Answer("404 Not Found", "text/plain", "Only /metrics is here.\n");
        if (method != "GET") return Answer("405 Method Not Allowed", "text/plain", "Only GET is answered.\n", "Allow: GET\r\n");
        return Answer("200 OK", MetricsPage.ContentType, await _page().ConfigureAwait(false));
    }

    private static string Answer(string status, string type, string body, string more = "")
        => $"HTTP/1.1 {status}\r\nContent-Type: {type}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n{more}Connection: close\r\n\r\n{body}";
}
