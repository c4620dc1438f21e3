using System.Net;
using System.Net.Sockets;
using VSan.Contracts.Discovery;

namespace VSan.Station.Discovery;

/// <summary>
/// Answers <c>_vsan-station._tcp.local</c> by multicast DNS (RFC 6762, RFC 6763): where the station listens, and the fingerprint of its CA
/// as a hint for people. Nobody believes the station because of it.
/// </summary>
/// <param name="poolName">Names the instance.</param>
/// <param name="service">Where HTTPS is served; known once the station has started.</param>
/// <param name="addresses">Its addresses.</param>
/// <param name="fingerprint">Of the CA.</param>
/// <param name="socket">Bound, and in the group; owned by this.</param>
/// <param name="log">For failures to answer.</param>
internal sealed class Announcer(string poolName, Func<int> service, IReadOnlyList<IPAddress> addresses, string fingerprint, Socket socket, ILogger log) : IDisposable
{
    private const string Domain = "local";

    private static readonly IPEndPoint Group = new(IPAddress.Parse("224.0.0.251"), 5353);

    /// <summary>A socket on the port of multicast DNS, beside any other responder of this machine.</summary>
    public static Socket Open()
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        socket.Bind(new IPEndPoint(IPAddress.Any, Group.Port));
        socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.AddMembership, new MulticastOption(Group.Address));
        return socket;
    }

    /// <summary>Answers until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[DnsMessage.SizeMax];
        while (true)
        {
            try
            {
                SocketReceiveFromResult received = await socket.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), cancellationToken);
                if (DnsMessage.TryRead(buffer.AsSpan(0, received.ReceivedBytes), out DnsMessage? question) && Answer(question!) is { } answer)
                    await socket.SendToAsync(answer.ToBytes(), received.RemoteEndPoint, cancellationToken);
            }
            catch (SocketException failure)
            {
                log.LogWarning("An answer of multicast DNS could not be sent: {Reason}", failure.Message);
            }
        }
    }

    /// <summary>The answer to a question; null when it is not for us.</summary>
    internal DnsMessage? Answer(DnsMessage question)
    {
        string name = $"{DnsMessage.StationService}.{Domain}", instance = $"{poolName}.{name}", host = $"{poolName}.{Domain}";
        bool asked = !question.IsAnswer && question.QuestionType is DnsType.Ptr or DnsType.Srv or DnsType.Any
            && (string.Equals(question.Question, name, StringComparison.OrdinalIgnoreCase) || string.Equals(question.Question, instance, StringComparison.OrdinalIgnoreCase));
        if (!asked) return null;
        return new DnsMessage(question.Id, IsAnswer: true, question.Question, question.QuestionType,
        [
            new DnsRecord(name, DnsType.Ptr, Target: instance),
            new DnsRecord(instance, DnsType.Srv, host, service()),
            new DnsRecord(instance, DnsType.Txt, Texts: [$"ca={fingerprint}"]),
            .. addresses.Select(address => new DnsRecord(host, address.AddressFamily == AddressFamily.InterNetwork ? DnsType.A : DnsType.Aaaa, Address: address)),
        ]);
    }

    public void Dispose() => socket.Dispose();
}
