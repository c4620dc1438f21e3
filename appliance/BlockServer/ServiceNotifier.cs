using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace VSan.BlockServer;

/// <summary>
/// Tells systemd how we are (sd_notify(3)): one datagram to $NOTIFY_SOCKET. Does nothing where nobody asked for it. What cannot be sent is lost:
/// a service manager that does not listen is no reason to stop serving.
/// </summary>
internal sealed class ServiceNotifier(string? socketPath, TimeSpan? watchdog)
{
    /// <summary>As the environment has it.</summary>
    internal static ServiceNotifier FromEnvironment()
    {
        // sd_watchdog_enabled(3): the period counts only for the process that is named, if one is.
        string? owner = Environment.GetEnvironmentVariable("WATCHDOG_PID");
        bool ours = owner is null || owner == Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        bool asked = long.TryParse(Environment.GetEnvironmentVariable("WATCHDOG_USEC"), NumberStyles.None, CultureInfo.InvariantCulture, out long microseconds) && microseconds > 0;
        return new ServiceNotifier(Environment.GetEnvironmentVariable("NOTIFY_SOCKET"), ours && asked ? TimeSpan.FromMicroseconds(microseconds) : null);
    }

    /// <summary>We serve.</summary>
    internal void Ready() => Send("READY=1");

    /// <summary>We are on the way out.</summary>
    internal void Stopping() => Send("STOPPING=1");

    /// <summary>Says twice in each period that we are alive, as long as <paramref name="isAlive"/> finds so within one; until cancelled.</summary>
    /// <param name="isAlive">Completes when every ring has answered; never, when one hangs: the service manager then restarts us.</param>
    /// <param name="cancellation">Ends it.</param>
    internal async Task WatchAsync(Func<Task> isAlive, CancellationToken cancellation)
    {
        if (watchdog is not { } period || socketPath is null) return;
        while (true)
        {
            await isAlive().WaitAsync(cancellation).ConfigureAwait(false);
            Send("WATCHDOG=1");
            await Task.Delay(period / 2, cancellation).ConfigureAwait(false);
        }
    }

    private void Send(string state)
    {
        if (string.IsNullOrEmpty(socketPath)) return;
        try
        {
            // A leading @ stands for the zero byte of an abstract name (unix(7)).
            var address = new UnixDomainSocketEndPoint(socketPath[0] == '@' ? "\0" + socketPath[1..] : socketPath);
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { Blocking = false };
            _ = socket.SendTo(Encoding.ASCII.GetBytes(state), address);
        }
        catch (Exception exception) when (exception is SocketException or ArgumentException)
        {
            // Nobody listens there.
        }
    }
}
