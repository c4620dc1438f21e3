using System.Net;
using System.Net.Sockets;
using System.Text;
using VSan.BlockServer.Metrics;
using Xunit;

namespace VSan.Tests.Unit.BlockServer;

/// <summary>A listener of few words: GET /metrics, and a status for everything else.</summary>
public sealed class MetricsListenerTests : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly MetricsListener _listener;
    private readonly Task _running;

    public MetricsListenerTests()
    {
        _listener = MetricsListener.TryListen("127.0.0.1:0", () => Task.FromResult("vsan_x 1\n"), out string? error)!;
        Assert.Null(error);
        _running = _listener.RunAsync(_stop.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.WaitAsync(TimeSpan.FromSeconds(20));
        _listener.Dispose();
        _stop.Dispose();
    }

    [Fact]
    public async Task Get_OfMetrics_IsThePageInTextFormat004()
    {
        string answer = await AskAsync("GET /metrics HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\nContent-Length: 9\r\n", answer, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\nvsan_x 1\n", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n\r\n", "404 Not Found")]
    [InlineData("GET /metrics/../etc HTTP/1.1\r\n\r\n", "404 Not Found")]
    [InlineData("POST /metrics HTTP/1.1\r\nContent-Length: 0\r\n\r\n", "405 Method Not Allowed")]
    [InlineData("GET /metrics\r\n\r\n", "400 Bad Request")]
    [InlineData("\0\u0001\u0002 nonsense\r\n\r\n", "400 Bad Request")]
    public async Task Request_ForAnythingElse_IsRefused(string request, string status)
        => Assert.StartsWith($"HTTP/1.1 {status}\r\n", await AskAsync(request), StringComparison.Ordinal);

    [Fact]
    public async Task Request_PastItsBound_IsRefused()
    {
        string answer = await AskAsync("GET /metrics HTTP/1.1\r\nX: ".PadRight(MetricsListener.RequestBytesMax, 'x'));
        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Peers_ThatSayNothing_DoNotKeepOthersOutForGood()
    {
        List<Socket> silent = [];
        for (int i = 0; i < MetricsListener.RequestsMax; i++) silent.Add(await ConnectAsync());
        Assert.StartsWith("HTTP/1.1 200 ", await AskAsync("GET /metrics HTTP/1.1\r\n\r\n"), StringComparison.Ordinal);
        foreach (Socket one in silent) one.Dispose();
    }

    [Theory]
    [InlineData("0.0.0.0:0")]
    [InlineData("192.0.2.1:9100")]
    [InlineData("9100")]
    [InlineData("127.0.0.1")]
    [InlineData("[::]:0")]
    public void Address_ThatIsNotLocal_IsRefusedWithTheNextAction(string where)
    {
        Assert.Null(MetricsListener.TryListen(where, () => Task.FromResult(""), out string? error));
        Assert.Contains("loopback", error, StringComparison.Ordinal);
    }

    private async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPEndPoint.Parse(_listener.Address));
        return socket;
    }

    private async Task<string> AskAsync(string request)
    {
        using Socket socket = await ConnectAsync();
        await socket.SendAsync(Encoding.Latin1.GetBytes(request));
        using var reader = new StreamReader(new NetworkStream(socket));
        return await reader.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(20));
    }
}
