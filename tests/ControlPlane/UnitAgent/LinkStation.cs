using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace VSan.Tests.ControlPlane.UnitAgent;

/// <summary>A station's end of the link: accepts one dialled TLS connection at a time and is the HTTP/2 client on it.</summary>
internal sealed class LinkStation : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly X509Certificate2 _certificate;

    public LinkStation(X509Certificate2 certificate)
    {
        _certificate = certificate;
        _listener.Start();
    }

    public string Endpoint => _listener.LocalEndpoint.ToString()!;

    /// <summary>Waits for a unit to dial.</summary>
    /// <returns>The client, the connection below it, and the certificate that the unit showed.</returns>
    public async Task<(HttpClient Client, SslStream Connection, X509Certificate2 Unit)> AcceptAsync(CancellationToken cancellationToken)
    {
        Socket socket = await _listener.AcceptSocketAsync(cancellationToken);
        SslStream connection = new(new NetworkStream(socket, ownsSocket: true));
        X509Certificate2? unit = null;
        await connection.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions
            {
                ServerCertificate = _certificate,
                ClientCertificateRequired = true,
                ApplicationProtocols = [new SslApplicationProtocol("vsan-link/1")],
                RemoteCertificateValidationCallback = (_, shown, _, _) => (unit = shown as X509Certificate2) is not null,
            },
            cancellationToken);
        HttpClient client = new(new SocketsHttpHandler { ConnectCallback = (_, _) => ValueTask.FromResult<Stream>(connection) })
        {
            BaseAddress = new Uri("http://unit/"),
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        return (client, connection, unit!);
    }

    public void Dispose()
    {
        _listener.Dispose();
        _certificate.Dispose();
    }
}
