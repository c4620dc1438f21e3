using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using VSan.Contracts.Api;
using VSan.Contracts.Enrolment;
using VSan.Station;
using VSan.Station.Certificates;
using VSan.Station.Execution;
using VSan.Station.Link;
using VSan.Station.Store.InMemory;
using VSan.Tests.ControlPlane.Images;
using Xunit;

namespace VSan.Tests.ControlPlane.Station;

/// <summary>A whole station in this process: real TLS on free loopback ports, real services, a store in memory.</summary>
public sealed class RunningStation : IAsyncLifetime
{
    private readonly TemporaryState _state = new();
    private readonly InMemoryStore _store = new();
    private readonly PoolAuthority _authority;
    private readonly SecretProtector _protector;
    private readonly X509Certificate2 _certificate;
    private readonly StationHost _host;

    public RunningStation()
    {
        TimeProvider time = TimeProvider.System;
        PoolAuthority.Create(_state.State, "test", new TestClock(time.GetUtcNow() - TimeSpan.FromDays(365))).Dispose();
        _authority = PoolAuthority.Load(_state.State, time);
        _protector = SecretProtector.Create(_state.State);
        _certificate = ServerCertificate.LoadOrIssue(_state.State, _authority, [], time);
        IPEndPoint free = new(IPAddress.Loopback, 0);
        _host = new StationHost(new StationParts(free, free, _store, _authority, _protector, _certificate, time, _state.Path) { ImageSigners = Signed.Signers(_state.Path) });
    }

    /// <summary>Makes images that this station believes.</summary>
    internal SignedImage Signed { get; } = new();

    /// <summary>Where it keeps images.</summary>
    internal string ImageFolder => Path.Combine(_state.Path, "images");

    internal PoolAuthority Authority => _authority;

    internal StationServices Services => _host.Services;

    internal IPEndPoint LinkEndPoint => _host.LinkEndPoint;

    public string Bearer { get; private set; } = "";

    public async Task InitializeAsync()
    {
        StationServices services = StationServices.Create(
            _store, new UnitLinks(), _authority, _protector, TimeProvider.System, new StationLog(Microsoft.Extensions.Logging.Abstractions.NullLogger<StationLog>.Instance));
        (string userName, string password) = await services.Users.CreateFirstAdministratorAsync(CancellationToken.None);
        await _host.StartAsync(CancellationToken.None);
        using HttpClient stranger = Client(bearer: null);
        using HttpResponseMessage answer = await stranger.PostAsJsonAsync("/api/v1/sessions", new SessionCreate(userName, password), ApiJson.Default.SessionCreate);
        Bearer = (await answer.Content.ReadFromJsonAsync(ApiJson.Default.SessionCreated))!.BearerToken;
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        await _store.DisposeAsync();
        _certificate.Dispose();
        _protector.Dispose();
        _authority.Dispose();
        _state.Dispose();
        Signed.Dispose();
    }

    /// <summary>A client that trusts the pool's authority only.</summary>
    public HttpClient Client(string? bearer, X509Certificate2? certificate = null)
    {
        SocketsHttpHandler handler = new()
        {
            UseCookies = false,
            SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = PoolTrust.Policy(_authority.Certificate, Purpose.ServerAuthentication) },
        };
        if (certificate is not null) handler.SslOptions.ClientCertificates = [certificate];
        HttpClient client = new(handler) { BaseAddress = new Uri($"https://{_host.ApiEndPoint}"), Timeout = TimeSpan.FromSeconds(30) };
        if (bearer is not null) client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        return client;
    }

    public HttpClient Administrator() => Client(Bearer);

    internal IEnumerable<Microsoft.AspNetCore.Routing.RouteEndpoint> Addresses => _host.Addresses;

    /// <summary>The bearer token of a new session of a new person.</summary>
    internal Task<string> SignInAsync(params Binding[] bindings) => SignedIn.BearerAsync(_store, bindings);

    /// <summary>Something happened in the station.</summary>
    public Task AppendEventAsync(string message) => _host.Services.Events.AppendAsync("test", "pool", message, CancellationToken.None);

    /// <summary>The same authority with its clock at another time.</summary>
    internal PoolAuthority AuthorityAt(DateTimeOffset now) => PoolAuthority.Load(_state.State, new TestClock(now));

    /// <summary>A host that has joined, and its certificate.</summary>
    internal async Task<(Host Host, X509Certificate2 Certificate)> EnrolHostAsync(Member member, string name)
    {
        Caller admin = Caller.Of("admin", Role.Admin);
        TokenCreated token = await Services.Tokens.CreateAsync(admin, new TokenCreate(null, null, null) { Kind = MemberKind.Host }, null, default);
        EnrolmentDecision.Approved approved = Assert.IsType<EnrolmentDecision.Approved>(await Services.Enrolment.AdmitAsync(HostPacket(member, name, token.Secret), "peer", default));
        using X509Certificate2 issued = X509Certificate2.CreateFromPem(approved.Certificate);
        return ((await Services.Hosts.ListAsync(admin, new ListQuery { Name = name }, default)).Items.Single(), issued.CopyWithPrivateKey(member.Key));
    }

    /// <summary>The certificate of a unit that has joined.</summary>
    internal async Task<X509Certificate2> EnrolUnitAsync(Member member, string name)
    {
        TokenCreated token = await Services.Tokens.CreateAsync(Caller.Of("admin", Role.Admin), new TokenCreate(null, null, null), null, default);
        EnrolmentDecision.Approved approved = Assert.IsType<EnrolmentDecision.Approved>(await Services.Enrolment.AdmitAsync(Prove(Packet(member, name), token.Secret), "peer", default));
        using X509Certificate2 issued = X509Certificate2.CreateFromPem(approved.Certificate);
        return issued.CopyWithPrivateKey(member.Key);
    }

    /// <summary>What a host sends.</summary>
    internal StartupPacket HostPacket(Member member, string name, string? token) => HostPacket(member, name, token, $"iqn.2026-11.test:{name}");

    /// <summary>The same with another iSCSI name.</summary>
    internal StartupPacket HostPacket(Member member, string name, string? token, string? initiatorName)
    {
        StartupPacket packet = Packet(member, name) with { Kind = MemberKind.Host, InitiatorName = initiatorName };
        return token is null ? packet : Prove(packet, token);
    }

    /// <summary>The packet with the proof of a token.</summary>
    internal StartupPacket Prove(StartupPacket packet, string secret)
    {
        Assert.True(EnrolmentToken.TryParse(secret, out EnrolmentToken? token));
        return packet with { Proof = new TokenProof(token.Id, EnrolmentTranscript.Mac(token.ProofKey(), packet, _authority.Fingerprint)) };
    }

    internal static StartupPacket Packet(Member member, string name) => new(
        MemberKind.Unit, member.Id, name, "", Guid.NewGuid(), "0.1.0", ["127.0.0.1"], [], Convert.ToBase64String(member.Request()), null);
}
