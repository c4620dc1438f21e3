using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace VSan.Tests.ControlPlane.Cli;

/// <summary>Answers the REST calls that a test names, over real TLS on a free port of the loopback address, with a CA of its own.</summary>
internal sealed class LoopbackStation : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly X509Certificate2 _certificate;
    private readonly ConcurrentDictionary<string, (int Status, string Json)> _answers = new();
    private readonly Task _serving;

    public LoopbackStation()
    {
        Ca = NewCa();
        _certificate = Issue(Ca);
        _listener.Start();
        _serving = ServeAsync();
    }

    public X509Certificate2 Ca { get; }

    /// <summary>Method, path and query, headers and body of each request, in order.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>How many connections to cut before a request is answered.</summary>
    public int CutsLeft { get; set; }

    public Uri Address => new($"https://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    public static X509Certificate2 NewCa()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=test CA", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddHours(-1), now.AddHours(1));
    }

    /// <summary>A header that all answers have from now on.</summary>
    public string? Header { get; set; }

    public void Answer(string methodAndPath, int status, string json) => _answers[methodAndPath] = (status, json);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _serving;
        _certificate.Dispose();
        Ca.Dispose();
        _stop.Dispose();
    }

    private static X509Certificate2 Issue(X509Certificate2 ca)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=station", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 certificate = request.Create(ca, ca.NotBefore, ca.NotAfter, [1, 2, 3]);
        return certificate.CopyWithPrivateKey(key);
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using TcpClient client = await _listener.AcceptTcpClientAsync(_stop.Token);
                await AnswerOneAsync(client);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The test is over.
        }
    }

    private async Task AnswerOneAsync(TcpClient client)
    {
        await using var tls = new SslStream(client.GetStream());
        try
        {
            await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _stop.Token);
            string request = await ReadRequestAsync(tls);
            if (request.Length == 0) return;
            Requests.Enqueue(request);
            if (CutsLeft-- > 0) return;
            string[] line = request.Split(' ', 3);
            (int status, string json) = _answers.GetValueOrDefault($"{line[0]} {line[1]}", (501, "{}"));
            byte[] body = Encoding.UTF8.GetBytes(json);
            string head = $"HTTP/1.1 {status} Answer\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n{(Header is null ? string.Empty : Header + "\r\n")}Connection: close\r\n\r\n";
            await tls.WriteAsync((byte[])[.. Encoding.ASCII.GetBytes(head), .. body], _stop.Token);
            await tls.ShutdownAsync();
        }
        catch (IOException)
        {
            // The client did not trust us and hung up: what some tests are about.
        }
    }

    private async Task<string> ReadRequestAsync(SslStream tls)
    {
        var text = new StringBuilder();
        byte[] buffer = new byte[4096];
        while (true)
        {
            int count = await tls.ReadAsync(buffer, _stop.Token);
            if (count == 0) return string.Empty;
            text.Append(Encoding.UTF8.GetString(buffer, 0, count));
            string request = text.ToString();
            int end = request.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end >= 0 && request.Length >= end + 4 + ContentLength(request[..end])) return request;
        }
    }

    private static int ContentLength(string head)
    {
        string? line = head.Split("\r\n").FirstOrDefault(l => l.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase));
        return line is null ? 0 : int.Parse(line.AsSpan(15));
    }
}
