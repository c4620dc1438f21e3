using System.Net;
using System.Net.Sockets;
using VSan.Contracts.Discovery;

namespace VSan.UnitAgent.Discovery;

/// <summary>
/// Looks for stations by DNS-SD (RFC 6763): asks each server for <c>_vsan-station._tcp</c> of its domain, by multicast on the link
/// (RFC 6762) and by the machine's name servers. What it finds are candidates; none of them is believed for it.
/// </summary>
internal sealed class StationBrowser(IReadOnlyList<(IPEndPoint Server, string Domain)> servers, TimeProvider time)
{
    // Answers on one link take milliseconds; RFC 6762, 6, lets a responder wait up to 120 ms.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private static readonly IPEndPoint Multicast = new(IPAddress.Parse("224.0.0.251"), 5353);

    /// <summary>The link, and the name servers and search domains of /etc/resolv.conf.</summary>
    public static IReadOnlyList<(IPEndPoint Server, string Domain)> SystemServers(string resolverFile = "/etc/resolv.conf")
    {
        string[][] lines = File.Exists(resolverFile) ? [.. File.ReadLines(resolverFile).Select(line => line.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries))] : [];
        IEnumerable<IPAddress> servers = lines.Where(line => line is ["nameserver", ..]).Select(line => IPAddress.TryParse(line[1], out IPAddress? server) ? server : null).OfType<IPAddress>();
        string[] domains = [.. lines.Where(line => line is ["search" or "domain", ..]).SelectMany(line => line.Skip(1)).Distinct()];
        return [(Multicast, "local"), .. servers.SelectMany(server => domains.Select(domain => (new IPEndPoint(server, 53), domain)))];
    }

    /// <summary>The HTTPS addresses of the stations that answered.</summary>
    public async Task<IReadOnlyList<Uri>> BrowseAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<Uri>[] found = await Task.WhenAll(servers.Select(server => BrowseAsync(server.Server, server.Domain, cancellationToken)));
        return [.. found.SelectMany(stations => stations).Distinct()];
    }

    /// <summary>The addresses that an answer names.</summary>
    internal static IReadOnlyList<Uri> Candidates(IReadOnlyList<DnsRecord> records) =>
        [.. records.Where(record => record is { Type: DnsType.Srv, Port: > 0, Target: not null }).SelectMany(service => Addresses(service, records)).Distinct()];

    private async Task<IReadOnlyList<Uri>> BrowseAsync(IPEndPoint server, string domain, CancellationToken cancellationToken)
    {
        try
        {
            List<DnsRecord> records = await AskAsync(server, $"{DnsMessage.StationService}.{domain}", DnsType.Ptr, cancellationToken);
            // Name servers need not add what belongs to a pointer.
            foreach (string instance in records.Where(record => record.Type == DnsType.Ptr).Select(record => record.Target!).Distinct().ToArray())
            {
                if (!records.Any(record => record.Type == DnsType.Srv && SameName(record.Name, instance)))
                    records.AddRange(await AskAsync(server, instance, DnsType.Srv, cancellationToken));
            }

            return Candidates(records);
        }
        catch (SocketException)
        {
            // No network yet, or no such server: nobody was found there.
            return [];
        }
    }

    private async Task<List<DnsRecord>> AskAsync(IPEndPoint server, string name, DnsType type, CancellationToken cancellationToken)
    {
        using Socket socket = new(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        using CancellationTokenSource patience = new(Patience, time);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        List<DnsRecord> records = [];
        byte[] buffer = new byte[DnsMessage.SizeMax];
        try
        {
            await socket.SendToAsync(DnsMessage.Ask(id: 0, name, type).ToBytes(), server, stop.Token);
            // On the link several stations may answer; a name server answers once.
            do
            {
                SocketReceiveFromResult received = await socket.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), stop.Token);
                if (DnsMessage.TryRead(buffer.AsSpan(0, received.ReceivedBytes), out DnsMessage? answer) && answer!.IsAnswer) records.AddRange(answer.Records);
            }
            while (server.Equals(Multicast) || records.Count == 0);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return records;
        }

        return records;
    }

    // A station's certificate names its addresses, so these come first; a host name of the link cannot be resolved by everybody.
    private static IEnumerable<Uri> Addresses(DnsRecord service, IReadOnlyList<DnsRecord> records)
    {
        string[] hosts = [.. records.Where(record => record.Address is not null && SameName(record.Name, service.Target!)).Select(record => Host(record.Address!))];
        if (hosts.Length == 0) hosts = [service.Target!];
        // A name in an answer is anybody's text: what makes no address is nobody's.
        return hosts.Select(host => Uri.TryCreate($"{Uri.UriSchemeHttps}://{host}:{service.Port}", UriKind.Absolute, out Uri? address) ? address : null).OfType<Uri>();
    }

    private static string Host(IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString();

    private static bool SameName(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
