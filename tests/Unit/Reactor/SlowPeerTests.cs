using System.Net;
using System.Net.Sockets;
using VSan.Reactor;
using Xunit;

namespace VSan.Tests.Unit.Reactor;

/// <summary>Peers that do not read their answers hold up themselves, and nobody is closed for it.</summary>
public sealed class SlowPeerTests : IDisposable
{
    private const int SlowPeers = 4;
    private const int SlowBytes = 16 * 1024 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // 4 MiB of chunks, which one connection could queue alone; small receives, so that a turn adds little.
    private readonly Ring _ring = new(
        0, new RingOptions(ArenaBytes: 4 * 1024 * 1024, ReceiveBufferCount: 4, ReceiveBufferBytes: 16 * 1024, SendChunkCount: 512, Engine: TestEngine.Kind));
    private readonly Listener _listener;

    public SlowPeerTests()
    {
        _ring.Start();
        _listener = Listener.TryBind(new IPEndPoint(IPAddress.Loopback, 0), out _)!;
        _ring.Post(() => _listener.Start(_ring, fd => _ring.TryAdopt(fd, connection => new Echo(connection))));
    }

    public void Dispose()
    {
        _ring.Stop();
        _ring.Dispose();
    }

    [Fact]
    public async Task Connection_OthersDoNotReadTheirAnswers_IsServedAndTheOthersLoseNothing()
    {
        byte[] sent = new byte[SlowBytes];
        new Random(11).NextBytes(sent);
        TcpClient[] slow = new TcpClient[SlowPeers];
        Task[] writing = new Task[SlowPeers];
        for (int i = 0; i < SlowPeers; i++)
        {
            slow[i] = await ConnectAsync();
            writing[i] = slow[i].GetStream().WriteAsync(sent).AsTask();
        }

        using TcpClient reader = await ConnectAsync();
        for (int round = 0; round < 2000; round++) await RoundTripAsync(reader, sent.AsMemory(round * 4096, 4096));

        byte[] received = new byte[SlowBytes];
        for (int i = 0; i < SlowPeers; i++)
        {
            await slow[i].GetStream().ReadExactlyAsync(received).AsTask().WaitAsync(Patience);
            await writing[i].WaitAsync(Patience);
            Assert.True(sent.AsSpan().SequenceEqual(received));
            slow[i].Dispose();
        }
    }

    private async Task<TcpClient> ConnectAsync()
    {
        var client = new TcpClient { ReceiveBufferSize = 64 * 1024 };
        await client.ConnectAsync(_listener.EndPoint);
        return client;
    }

    private static async Task RoundTripAsync(TcpClient client, ReadOnlyMemory<byte> bytes)
    {
        byte[] answer = new byte[bytes.Length];
        await client.GetStream().WriteAsync(bytes);
        await client.GetStream().ReadExactlyAsync(answer).AsTask().WaitAsync(Patience);
        Assert.True(bytes.Span.SequenceEqual(answer));
    }

    private sealed class Echo(TcpConnection connection) : IConnectionHandler
    {
        public void OnReceived(ReadOnlySpan<byte> bytes) => connection.Send(bytes);

        public void OnSent(object owner) => Assert.Fail("Nothing was lent.");

        public void OnClosed()
        {
        }
    }
}
