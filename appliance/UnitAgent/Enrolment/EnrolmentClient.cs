using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using VSan.Contracts.Api;
using VSan.Contracts.Enrolment;
using VSan.Contracts.UnitLink;

namespace VSan.UnitAgent.Enrolment;

/// <summary>Speaks the enrolment endpoint of one station: sends startup packets, and believes the pinned CA only.</summary>
/// <remarks>
/// The CA's certificate is asked for over the connection that carries the packet afterwards: what the server showed in the handshake is judged
/// as soon as there is a CA to judge it by, and nothing but the question for it is sent before.
/// </remarks>
internal sealed class EnrolmentClient : IDisposable
{
    private const string StartupPath = "/enrolment/v1/startup";
    private const string AuthorityPath = "/enrolment/v1/ca";

    // A CA certificate is about 1 KiB, an approval three; nothing larger is read from a server.
    private const int AnswerSizeMax = 16 * 1024;

    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(10);

    private readonly Uri _station;
    private readonly CaFingerprint _fingerprint;
    private readonly PinnedAuthority _authority;
    private readonly HttpClient _http;
    private ServerVerdict _verdict;

    public EnrolmentClient(Uri station, CaFingerprint fingerprint)
    {
        _station = station;
        _fingerprint = fingerprint;
        _authority = new PinnedAuthority(fingerprint);
        _http = Client((_, server, chain, errors) => Judge(server, chain, errors) is ServerVerdict.Trusted or ServerVerdict.AuthorityUnseen);
    }

    /// <summary>Fingerprint of the CA that a server offers; null when it offers none. Nothing is believed for it.</summary>
    public static async Task<CaFingerprint?> OfferedAuthorityAsync(Uri station, CancellationToken cancellationToken)
    {
        using HttpClient unbelieved = Client((_, server, _, _) => server is not null);
        try
        {
            using X509Certificate2 offered = X509Certificate2.CreateFromPem(await unbelieved.GetStringAsync(new Uri(station, AuthorityPath), cancellationToken));
            return CaFingerprint.Of(offered);
        }
        catch (Exception failure) when (failure is HttpRequestException or CryptographicException || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }

    /// <summary>Sends the startup packet; the same packet again is a poll.</summary>
    /// <exception cref="UnitFailure">The station is the wrong one, or it refused this unit for good.</exception>
    /// <exception cref="HttpRequestException">The station cannot be reached now.</exception>
    public async Task<EnrolmentAnswer> SendAsync(StartupPacket packet, CancellationToken cancellationToken)
    {
        if (_authority.Certificate is null) await FetchAuthorityAsync(cancellationToken);
        _verdict = _authority.JudgeMet();
        if (_verdict != ServerVerdict.Trusted) throw Distrust();
        using ByteArrayContent body = new(JsonSerializer.SerializeToUtf8Bytes(packet, EnrolmentJson.Default.StartupPacket));
        body.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        try
        {
            using HttpResponseMessage response = await _http.PostAsync(new Uri(_station, StartupPath), body, cancellationToken);
            byte[] content = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            return response.IsSuccessStatusCode ? Answer(content) : throw Refusal(response.StatusCode, content);
        }
        catch (HttpRequestException) when (_verdict != ServerVerdict.Trusted)
        {
            throw Distrust();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    /// <summary>Asks the server for its CA certificate, over a connection that is not believed yet: the fingerprint decides, and nothing else is read.</summary>
    private async Task FetchAuthorityAsync(CancellationToken cancellationToken)
    {
        try
        {
            using HttpResponseMessage response = await _http.GetAsync(new Uri(_station, AuthorityPath), cancellationToken);
            // A server that sends its CA in the handshake has been judged already, whatever it answers here.
            if (_verdict == ServerVerdict.Trusted) return;
            if (!response.IsSuccessStatusCode || !TryReadCertificate(await response.Content.ReadAsStringAsync(cancellationToken))) throw Distrust();
        }
        catch (HttpRequestException) when (_verdict is ServerVerdict.NotOfAuthority or ServerVerdict.OtherName)
        {
            throw Distrust();
        }
    }

    private ServerVerdict Judge(X509Certificate? server, X509Chain? chain, SslPolicyErrors errors) => _verdict = _authority.Judge(server, chain, errors);

    private bool TryReadCertificate(string pem)
    {
        try
        {
            using X509Certificate2 offered = X509Certificate2.CreateFromPem(pem);
            return _authority.TryAdopt(offered);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static EnrolmentAnswer Answer(byte[] content)
    {
        try
        {
            EnrolmentAnswer? answer = JsonSerializer.Deserialize(content, EnrolmentJson.Default.EnrolmentAnswer);
            return answer is { State: EnrolmentState.Pending } or { Certificate: not null, CaCertificate: not null, LinkEndpoint: not null }
                ? answer
                : throw new HttpRequestException("The station's approval lacks the certificate.");
        }
        catch (JsonException damage)
        {
            throw new HttpRequestException("The station's answer is not an enrolment answer.", damage);
        }
    }

    private static Exception Refusal(HttpStatusCode status, byte[] content)
    {
        Problem? problem = TryReadProblem(content);
        string reason = problem?.Detail ?? $"HTTP {(int)status}";
        return status switch
        {
            // A person may let the unit in again; it serves meanwhile what it has accepted.
            HttpStatusCode.Forbidden when problem?.Code is "member-quarantined" or "member-retired" => new HttpRequestException(reason, null, status),
            HttpStatusCode.Forbidden => new UnitFailure(
                ExitCode.TokenRefused,
                $"The station refused the enrolment token: {reason} Create a new one (vsan token create), put it into the token file and start again."),
            HttpStatusCode.Conflict or HttpStatusCode.BadRequest => new UnitFailure(
                ExitCode.EnrolmentRefused,
                $"The station refused this unit: {reason} {problem?.NextAction ?? "Start it with another --name."}"),
            _ => new HttpRequestException($"The station answered: {reason}", null, status),
        };
    }

    private static Problem? TryReadProblem(byte[] content)
    {
        try
        {
            return JsonSerializer.Deserialize(content, UnitLinkJson.Default.Problem);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private UnitFailure Distrust() => new(ExitCode.WrongAuthority, _verdict == ServerVerdict.OtherName
        ? $"The certificate of {_station} is of the right CA but does not name {_station.Host}. Use an address that the station was initialised with."
        : $"{_station} is not the station whose CA is {_fingerprint}. Compare --ca-fingerprint with what `vsan-station init` printed, and the address.");

    private static HttpClient Client(RemoteCertificateValidationCallback judge) => new(new SocketsHttpHandler
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        ConnectTimeout = RequestTimeout,
        MaxConnectionsPerServer = 1,
        SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = judge, CertificateChainPolicy = PinnedAuthority.NoAuthority() },
    })
    {
        Timeout = RequestTimeout,
        MaxResponseContentBufferSize = AnswerSizeMax,
    };
}
