using System.Net;
using System.Net.Sockets;
using VSan.Reactor;
using Xunit;

namespace VSan.Tests.Unit.Reactor;

public sealed class TcpConnectionTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly Ring _ring = new(0, new RingOptions(ArenaBytes: 4 * 1024 * 1024, QueuedBytesMax: 256 * 1024, Engine: TestEngine.Kind));
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Listener _listener;

    public TcpConnectionTests()
    {
        _ring.Start();
        _listener = Listener.TryBind(new IPEndPoint(IPAddress.Loopback, 0), out _)!;
        _ring.Post(() => _listener.Start(_ring, fd => _ring.TryAdopt(fd, connection => new Echo(connection, _closed))));
    }

    public void Dispose()
    {
        _ring.Stop();
        _ring.Dispose();
    }

    [Fact]
    public async Task Echo_SlowReaderOfManyBytes_GetsEveryByteInOrder()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(_listener.EndPoint);
        NetworkStream stream = client.GetStream();
        byte[] sent = new byte[4 * 1024 * 1024];
        new Random(7).NextBytes(sent);
        Task writing = stream.WriteAsync(sent).AsTask();
        byte[] received = new byte[sent.Length];
        await stream.ReadExactlyAsync(received).AsTask().WaitAsync(Patience);
        await writing.WaitAsync(Patience);
        Assert.True(sent.AsSpan().SequenceEqual(received));
    }

    [Fact]
    public async Task Connection_PeerResets_IsClosedOnce()
    {
        using (var client = new TcpClient())
        {
            await client.ConnectAsync(_listener.EndPoint);
            await client.GetStream().WriteAsync("x"u8.ToArray());
            client.LingerState = new LingerOption(true, 0);
        }

        await _closed.Task.WaitAsync(Patience);
        Assert.Equal(0, _ring.ConnectionCount);
    }

    private sealed class Echo(TcpConnection connection, TaskCompletionSource closed) : IConnectionHandler
    {
        public void OnReceived(ReadOnlySpan<byte> bytes) => connection.Send(bytes);

        public void OnSent(object owner) => Assert.Fail("Nothing was lent.");

        public void OnClosed() => closed.SetResult();
    }
}
