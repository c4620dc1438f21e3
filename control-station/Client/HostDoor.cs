using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using VSan.Contracts.Api;
using VSan.Contracts.Enrolment;

namespace VSan.Client;

/// <summary>The construct protocol from a host's side (docs/protocol.md): the CA is believed by its fingerprint alone, and then the packet is sent.</summary>
internal sealed class HostDoor : IDisposable
{
    private const int AnswerSizeMax = 64 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Uri _station;
    private readonly CaFingerprint _fingerprint;
    private readonly PinnedAuthority _authority;
    private readonly HttpClient _believed;

    /// <summary>Speaks to one station.</summary>
    public HostDoor(Uri station, CaFingerprint fingerprint)
    {
        (_station, _fingerprint, _authority) = (station, fingerprint, new PinnedAuthority(fingerprint));
        _believed = Client(ServerVerdict.Trusted);
    }

    /// <summary>Sends the packet.</summary>
    /// <exception cref="CommandFailure">The station is another one, or it refuses.</exception>
    public async Task<EnrolmentAnswer> SendAsync(StartupPacket packet, CancellationToken cancellation)
    {
        try
        {
            using HttpClient stranger = Client(ServerVerdict.Trusted, ServerVerdict.AuthorityUnseen);
            string offered = await stranger.GetStringAsync(new Uri(_station, "/enrolment/v1/ca"), cancellation).ConfigureAwait(false);
            using X509Certificate2 authority = X509Certificate2.CreateFromPem(offered);
            if (!_authority.TryAdopt(authority)) throw Distrust();
            using ByteArrayContent body = new(JsonSerializer.SerializeToUtf8Bytes(packet, EnrolmentJson.Default.StartupPacket));
            body.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using HttpResponseMessage response = await _believed.PostAsync(new Uri(_station, "/enrolment/v1/startup"), body, cancellation).ConfigureAwait(false);
            byte[] json = await response.Content.ReadAsByteArrayAsync(cancellation).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode)
                throw JsonSerializer.Deserialize(json, ApiJson.Default.Problem) is { } problem ? CommandFailure.Of(problem) : new CommandFailure(ExitCode.Error, $"The station answered {(int)response.StatusCode}.");
            return JsonSerializer.Deserialize(json, EnrolmentJson.Default.EnrolmentAnswer) is { State: EnrolmentState.Approved, Certificate: not null, CaCertificate: not null } answer
                ? answer
                : throw new CommandFailure(ExitCode.Error, "The station answered without a certificate.");
        }
        catch (HttpRequestException failure) when (failure.InnerException is System.Security.Authentication.AuthenticationException)
        {
            throw Distrust();
        }
        catch (HttpRequestException failure)
        {
            throw StationUnavailable.Failure(_station, failure);
        }
        catch (Exception damage) when (damage is JsonException or CryptographicException)
        {
            throw new CommandFailure(ExitCode.Error, $"{_station} does not answer as a station does: {damage.Message}");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _believed.Dispose();

    private CommandFailure Distrust() => new(ExitCode.Denied, $"{_station} is not the station whose CA is {_fingerprint}, or not at this address.", "Compare --ca-fingerprint with what 'vsan host enroll-token' printed, and the address.");

    private HttpClient Client(params ServerVerdict[] good) => new(new SocketsHttpHandler
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        ConnectTimeout = Patience,
        SslOptions = new SslClientAuthenticationOptions
        {
            RemoteCertificateValidationCallback = (_, server, chain, errors) => good.Contains(_authority.Judge(server, chain, errors)),
            CertificateChainPolicy = PinnedAuthority.NoAuthority(),
        },
    })
    {
        Timeout = Patience,
        MaxResponseContentBufferSize = AnswerSizeMax,
    };
}
