using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace VSan.UnitAgent;

/// <summary>
/// Portals on whatever addresses this machine has: <c>auto:PORT</c> stands for each of its IPv4 addresses, or each of its IPv6 addresses where it
/// has no other. A machine that DHCP gives its addresses cannot be told them beforehand.
/// </summary>
internal sealed class PortalAddresses(IReadOnlyList<string> portals, Func<IReadOnlyList<IPAddress>> addresses, TimeProvider time)
{
    /// <summary>What stands for the machine's addresses.</summary>
    public const string Automatic = "auto:";

    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);

    private bool IsAutomatic => portals.Any(portal => portal.StartsWith(Automatic, StringComparison.Ordinal));

    /// <summary>This machine's own addresses that others can reach.</summary>
    public static IReadOnlyList<IPAddress> OfThisMachine() =>
    [
        .. from card in NetworkInterface.GetAllNetworkInterfaces()
           where card.OperationalStatus == OperationalStatus.Up && card.NetworkInterfaceType != NetworkInterfaceType.Loopback
           from address in card.GetIPProperties().UnicastAddresses.Select(unicast => unicast.Address)
           where !address.IsIPv6LinkLocal && !IPAddress.IsLoopback(address)
           select address
    ];

    /// <summary>The portals with addresses; waits until the machine has some.</summary>
    public async Task<IReadOnlyList<string>> ResolveAsync(CancellationToken cancellationToken)
    {
        for (; ; await Task.Delay(Period, time, cancellationToken))
        {
            if (Now() is { Count: > 0 } found) return found;
        }
    }

    /// <summary>Watches for as long as the portals stay what they were.</summary>
    /// <exception cref="UnitFailure">They did not: whoever starts the agent is to start it again.</exception>
    public async Task WatchAsync(IReadOnlyList<string> resolved, CancellationToken cancellationToken)
    {
        for (; ; await Task.Delay(IsAutomatic ? Period : Timeout.InfiniteTimeSpan, time, cancellationToken))
        {
            // A cable that is pulled takes no portal away: its address comes back with it, and other machines' sessions wait for that.
            if (Now() is { Count: > 0 } now && now.Except(resolved).Any())
                throw new UnitFailure(ExitCode.AddressChanged, $"The addresses of this machine are now {string.Join(", ", now)}; they were {string.Join(", ", resolved)}. The agent starts again with them.");
        }
    }

    private List<string> Now()
    {
        IReadOnlyList<IPAddress> all = IsAutomatic ? addresses() : [];
        IPAddress[] ipv4 = [.. all.Where(address => address.AddressFamily == AddressFamily.InterNetwork)];
        IReadOnlyList<IPAddress> used = ipv4.Length > 0 ? ipv4 : all;
        return IsAutomatic && used.Count == 0 ? [] : [.. portals.SelectMany(portal => Resolve(portal, used))];
    }

    private static IEnumerable<string> Resolve(string portal, IReadOnlyList<IPAddress> addresses)
    {
        if (!portal.StartsWith(Automatic, StringComparison.Ordinal)) return [portal];
        int port = int.Parse(portal.AsSpan(Automatic.Length), NumberStyles.None, CultureInfo.InvariantCulture);
        return addresses.Select(address => new IPEndPoint(address, port).ToString()).Order(StringComparer.Ordinal);
    }
}
