using System.Net;
using System.Net.Sockets;
using VSan.Tests.Harness;

namespace VSan.Tests.Proof.Flips;

/// <summary>
/// Stands between an initiator and a target on loopback. It forwards whatever comes until a fault is set; the fault strikes once, in the next bytes
/// of either direction. What it held back of a connection is never forwarded once that connection's initiator has gone.
/// </summary>
internal sealed class FaultProxy : IAsyncDisposable
{
    private const int BufferBytes = 64 * 1024;
    private const int DropBytes = 64;
    private const int None = -1;
    private static readonly TimeSpan DelayTime = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan TricklePause = TimeSpan.FromSeconds(1);
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly IPEndPoint _target;
    private readonly Random _random;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _connections = [];
    private readonly Task _accepting;
    private int _armed = None;

    public FaultProxy(IPEndPoint target, int seed)
    {
        (_target, _random) = (target, new Random(seed));
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Where initiators go.</summary>
    public IPEndPoint Portal => (IPEndPoint)_listener.LocalEndpoint;

    /// <summary>Has a fault strike, and waits until it has begun.</summary>
    /// <param name="fault">Which.</param>
    /// <param name="isOver">Nothing passes any more that a fault could strike.</param>
    public Task StrikeAsync(Fault fault, Func<bool> isOver)
    {
        Volatile.Write(ref _armed, (int)fault);
        return Eventually.TrueAsync($"a {fault} strikes", () => Volatile.Read(ref _armed) == None || isOver());
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_connections);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Socket initiator = await _listener.AcceptSocketAsync(_stop.Token);
                _connections.Add(ServeAsync(initiator));
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException)
        {
            // The proxy ends.
        }
    }

    private async Task ServeAsync(Socket initiator)
    {
        using Socket near = initiator, far = new(SocketType.Stream, ProtocolType.Tcp);
        using CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        try
        {
            (near.NoDelay, far.NoDelay) = (true, true);
            await far.ConnectAsync(_target, ended.Token);
            await Task.WhenAny(ForwardAsync(near, far, ended.Token), ForwardAsync(far, near, ended.Token));
        }
        catch (Exception error) when (error is SocketException or OperationCanceledException)
        {
            // The target is not there: the initiator sees the end of its connection.
        }

        await ended.CancelAsync();
    }

    private async Task ForwardAsync(Socket from, Socket to, CancellationToken ended)
    {
        byte[] buffer = new byte[BufferBytes];
        try
        {
            for (int count = await from.ReceiveAsync(buffer, ended); count > 0; count = await from.ReceiveAsync(buffer, ended))
            {
                int armed = Interlocked.Exchange(ref _armed, None);
                ReadOnlyMemory<byte> left = armed == None ? buffer.AsMemory(0, count) : await ApplyAsync((Fault)armed, buffer.AsMemory(0, count), from, to, ended);
                while (!left.IsEmpty) left = left[await to.SendAsync(left, ended)..];
            }
        }
        catch (Exception error) when (error is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One side has gone; ServeAsync ends the other.
        }
    }

    /// <returns>What is to be forwarded behind it.</returns>
    private async Task<ReadOnlyMemory<byte>> ApplyAsync(Fault fault, Memory<byte> bytes, Socket from, Socket to, CancellationToken ended)
    {
        switch (fault)
        {
            case Fault.BitFlip:
                FlipOneBit(bytes.Span);
                return bytes;
            case Fault.Drop:
                int at = Next(bytes.Length);
                await to.SendAsync(bytes[..at], ended);
                return bytes[Math.Min(bytes.Length, at + DropBytes)..];
            case Fault.Delay:
                await Task.Delay(DelayTime, ended);
                return bytes;
            case Fault.Reset:
                (from.LingerState, to.LingerState) = (new LingerOption(true, 0), new LingerOption(true, 0));
                from.Close();
                to.Close();
                return default;
            case Fault.HalfOpen:
                await WaitForEndAsync(from, to, ended);
                return default;
            case Fault.Trickle:
                while (!bytes.IsEmpty)
                {
                    bytes = bytes[await to.SendAsync(bytes[..1], ended)..];
                    await Task.Delay(TricklePause, ended);
                }

                return default;
        }

        return default;
    }

    private void FlipOneBit(Span<byte> bytes) => bytes[Next(bytes.Length)] ^= (byte)(1 << Next(8));

    // Both sides stay open until one of them gives up; bytes that come meanwhile are lost.
    private static async Task WaitForEndAsync(Socket from, Socket to, CancellationToken ended)
    {
        byte[] lost = new byte[BufferBytes];
        async Task DrainAsync(Socket socket)
        {
            while (await socket.ReceiveAsync(lost, ended) > 0)
            {
            }
        }

        await await Task.WhenAny(DrainAsync(from), DrainAsync(to));
        from.Close();
        to.Close();
    }

    private int Next(int below)
    {
        lock (_random) return _random.Next(below);
    }
}
