using System.Net.Sockets;
using System.Text;
using VSan.BlockServer;
using Xunit;

namespace VSan.Tests.Unit.BlockServer;

/// <summary>What the service manager hears, on a datagram socket in its place (sd_notify(3)).</summary>
public sealed class ServiceNotifierTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("vsan-notify-");
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 20_000 };

    public ServiceNotifierTests() => _socket.Bind(new UnixDomainSocketEndPoint(SocketPath));

    private string SocketPath => Path.Combine(_directory.FullName, "notify");

    public void Dispose()
    {
        _socket.Dispose();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public void ReadyAndStopping_AreOneDatagramEach()
    {
        var notifier = new ServiceNotifier(SocketPath, watchdog: null);
        notifier.Ready();
        notifier.Stopping();
        Assert.Equal(["READY=1", "STOPPING=1"], [Receive(), Receive()]);
    }

    [Fact]
    public async Task Watchdog_WhileRingsAnswer_IsFedAgainAndAgain()
    {
        using var stop = new CancellationTokenSource();
        Task watching = new ServiceNotifier(SocketPath, TimeSpan.FromMilliseconds(20)).WatchAsync(() => Task.CompletedTask, stop.Token);
        Assert.Equal(["WATCHDOG=1", "WATCHDOG=1"], [Receive(), Receive()]);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watching);
    }

    [Fact]
    public async Task Watchdog_WhileARingHangs_IsNotFed()
    {
        using var stop = new CancellationTokenSource();
        var hanging = new TaskCompletionSource();
        var notifier = new ServiceNotifier(SocketPath, TimeSpan.FromMilliseconds(20));
        Task watching = notifier.WatchAsync(() => hanging.Task, stop.Token);
        notifier.Ready();
        Assert.Equal("READY=1", Receive());
        Assert.Equal(0, _socket.Available);
        hanging.SetResult();
        Assert.Equal("WATCHDOG=1", Receive());
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watching);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("/nowhere/at/all")]
    public void Ready_WithoutAManager_IsNothing(string? path) => new ServiceNotifier(path, watchdog: null).Ready();

    private string Receive()
    {
        byte[] bytes = new byte[64];
        return Encoding.ASCII.GetString(bytes, 0, _socket.Receive(bytes));
    }
}
