using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using VSan.Contracts.Enrolment;
using VSan.UnitAgent.Enrolment;

namespace VSan.UnitAgent.Link;

/// <summary>Dials the station's link endpoint: TCP, then mutual TLS with exactly one trusted CA.</summary>
internal static class StationDialler
{
    private static readonly SslApplicationProtocol Protocol = new("vsan-link/1");

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <summary>Dials once.</summary>
    /// <exception cref="IOException">The station cannot be reached, or hung up, or did not speak the link's protocol.</exception>
    /// <exception cref="System.Security.Authentication.AuthenticationException">It is not the pool's station.</exception>
    public static async Task<DialledConnection> DialAsync(Admission admission, MemberIdentity identity, CancellationToken cancellationToken)
    {
        using CancellationTokenSource timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(Timeout);
        (string host, int port) = Endpoint(admission.LinkEndpoint);
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        SslStream? stream = null;
        try
        {
            await socket.ConnectAsync(host, port, timeout.Token);
            stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
            await stream.AuthenticateAsClientAsync(Options(admission, identity, host), timeout.Token);
            if (stream.NegotiatedApplicationProtocol != Protocol) throw new IOException($"{admission.LinkEndpoint} does not speak {Protocol}.");
            return new DialledConnection(stream, socket.RemoteEndPoint!);
        }
        catch (Exception failure)
        {
            if (stream is not null) await stream.DisposeAsync();
            socket.Dispose();
            if (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested)
                throw new IOException($"{admission.LinkEndpoint} did not answer within {Timeout.TotalSeconds:0} s.", failure);
            if (failure is SocketException) throw new IOException($"{admission.LinkEndpoint}: {failure.Message}", failure);
            throw;
        }
    }

    private static SslClientAuthenticationOptions Options(Admission admission, MemberIdentity identity, string host) => new()
    {
        TargetHost = host,
        ApplicationProtocols = [Protocol],
        ClientCertificateContext = SslStreamCertificateContext.Create(identity.WithKey(admission.Certificate), additionalCertificates: null, offline: true),
        CertificateChainPolicy = PinnedAuthority.Policy(X509Certificate2.CreateFromPem(admission.CaCertificate)),
    };

    private static (string Host, int Port) Endpoint(string text)
    {
        Uri endpoint = new($"tcp://{text}");
        return (endpoint.IdnHost.Trim('[', ']'), endpoint.Port);
    }
}
