using System.Net;
using System.Net.NetworkInformation;

namespace VSan.Station.Verbs;

/// <summary>The addresses that a listener is reached by.</summary>
internal static class LocalAddresses
{
    /// <summary>The address itself; for a wildcard, all that this machine has now, and its name.</summary>
    public static IEnumerable<string> Of(IPAddress listen)
    {
        if (!listen.Equals(IPAddress.Any) && !listen.Equals(IPAddress.IPv6Any)) return [listen.ToString()];
        IEnumerable<string> addresses =
            from card in NetworkInterface.GetAllNetworkInterfaces()
            from unicast in card.GetIPProperties().UnicastAddresses
            where !unicast.Address.IsIPv6LinkLocal
            select unicast.Address.ToString();
        return addresses.Append(Dns.GetHostName());
    }
}
