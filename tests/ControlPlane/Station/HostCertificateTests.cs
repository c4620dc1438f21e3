using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using VSan.Contracts.Api;
using VSan.Contracts.Enrolment;
using VSan.Station.Execution;
using Xunit;

namespace VSan.Tests.ControlPlane.Station;

/// <summary>Hosts that join by the construct protocol and then ask for themselves by their certificate.</summary>
public sealed class HostCertificateTests(RunningStation station) : IClassFixture<RunningStation>
{
    private static Caller Admin => Caller.Of("admin", Role.Admin);

    [Fact]
    public async Task Host_WithACertificate_IsTheHostAndSeesNobodyElse()
    {
        using Member member = new();
        (Host host, X509Certificate2 certificate) = await station.EnrolHostAsync(member, "own");
        using Member stranger = new();
        (Host other, X509Certificate2 otherCertificate) = await station.EnrolHostAsync(stranger, "other");
        using HttpClient client = station.Client(bearer: null, certificate);
        using HttpClient theirs = station.Client(bearer: null, otherCertificate);

        Assert.Equal([host.Id], (await client.GetFromJsonAsync("/api/v1/hosts", ApiJson.Default.HostPage))!.Items.Select(one => one.Id));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri($"/api/v1/hosts/{host.Id}", UriKind.Relative))).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync(new Uri($"/api/v1/hosts/{other.Id}", UriKind.Relative))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await theirs.GetAsync(new Uri($"/api/v1/hosts/{other.Id}", UriKind.Relative))).StatusCode);

        // For itself it may ask, and only the missing units stand in its way; for another it may not.
        Assert.Equal("no-unit", await CreateAsync(client, null));
        Assert.Equal("no-unit", await CreateAsync(client, host.Id));
        Assert.Equal("forbidden", await CreateAsync(client, other.Id));
    }

    [Fact]
    public async Task Revoked_OpensNothingFromTheNextRequestOn_OnTheSameConnection()
    {
        using Member member = new();
        (Host host, X509Certificate2 certificate) = await station.EnrolHostAsync(member, "revoked-host");
        using HttpClient client = station.Client(bearer: null, certificate);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri("/api/v1/hosts", UriKind.Relative))).StatusCode);
        await station.Services.Hosts.RevokeCertificateAsync(Admin, host.Id, default);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync(new Uri("/api/v1/hosts", UriKind.Relative))).StatusCode);
        Assert.Null((await station.Services.Hosts.GetAsync(Admin, host.Id, default)).EnrolledAt);

        // The key alone does not bring it back; a new token does.
        Assert.Equal("token-invalid", await ProblemOf(() => station.Services.Enrolment.AdmitAsync(station.HostPacket(member, "revoked-host", null), "peer", default)));
        TokenCreated token = await TokenAsync(host.Id);
        await station.Services.Enrolment.AdmitAsync(station.HostPacket(member, "revoked-host", token.Secret), "peer", default);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri("/api/v1/hosts", UriKind.Relative))).StatusCode);
    }

    [Fact]
    public async Task CertificateOfAnotherAuthority_EndsTheHandshake()
    {
        using TemporaryState elsewhere = new();
        using VSan.Station.Certificates.PoolAuthority authority = VSan.Station.Certificates.PoolAuthority.Create(elsewhere.State, "elsewhere", TimeProvider.System);
        using Member member = new();
        using X509Certificate2 certificate = member.Enrol(authority, MemberKind.Host);
        using HttpClient client = station.Client(station.Bearer, certificate);
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(new Uri("/api/v1/hosts", UriKind.Relative)));
        using HttpClient without = station.Client(station.Bearer);
        Assert.Equal(HttpStatusCode.OK, (await without.GetAsync(new Uri("/api/v1/hosts", UriKind.Relative))).StatusCode);
    }

    [Fact]
    public async Task CertificateOfTheSameMemberWithAnotherKey_IsNobody()
    {
        using Member member = new();
        await station.EnrolHostAsync(member, "keyed");
        using ECDsa otherKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string request = Convert.ToBase64String(new CertificateRequest("CN=x", otherKey, HashAlgorithmName.SHA256).CreateSigningRequest());
        using X509Certificate2 issued = X509Certificate2.CreateFromPem(station.Authority.Issue(member.Id, MemberKind.Host, request));
        using HttpClient client = station.Client(bearer: null, issued.CopyWithPrivateKey(otherKey));
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync(new Uri("/api/v1/hosts", UriKind.Relative))).StatusCode);
    }

    [Fact]
    public async Task PageOfAnotherSite_CannotUseTheCertificateOfABrowser()
    {
        using Member member = new();
        (_, X509Certificate2 certificate) = await station.EnrolHostAsync(member, "browsing");
        using HttpClient client = station.Client(bearer: null, certificate);
        using HttpRequestMessage request = new(HttpMethod.Post, "/api/v1/volumes") { Content = new StringContent("{}", Encoding.UTF8, "application/json") };
        request.Headers.Add("Sec-Fetch-Site", "cross-site");
        Assert.Equal(HttpStatusCode.Forbidden, (await client.SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task Token_IsForItsKindAndItsHost_AndForOneMember()
    {
        Host host = await station.Services.Hosts.CreateAsync(Admin, new HostCreate("tokened", "iqn.2026-11.test:tokened"), null, default);
        TokenCreated forUnits = await station.Services.Tokens.CreateAsync(Admin, new TokenCreate(null, null, null), null, default);
        TokenCreated forHost = await TokenAsync(host.Id);
        using Member unit = new();
        using Member first = new();
        using Member second = new();
        Assert.Equal("token-invalid", await ProblemOf(() => station.Services.Enrolment.AdmitAsync(station.HostPacket(first, "tokened", forUnits.Secret), "peer", default)));
        StartupPacket asUnit = RunningStation.Packet(unit, "a-unit");
        Assert.Equal("token-invalid", await ProblemOf(() => station.Services.Enrolment.AdmitAsync(station.Prove(asUnit, forHost.Secret), "peer", default)));

        await station.Services.Enrolment.AdmitAsync(station.HostPacket(first, "any-name", forHost.Secret), "peer", default);
        Assert.NotNull((await station.Services.Hosts.GetAsync(Admin, host.Id, default)).EnrolledAt);
        Assert.Equal("token-used-up", await ProblemOf(() => station.Services.Enrolment.AdmitAsync(station.HostPacket(second, "x", forHost.Secret), "peer", default)));
        TokenCreated another = await TokenAsync(host.Id);
        Assert.Equal("identity-conflict", await ProblemOf(() => station.Services.Enrolment.AdmitAsync(station.HostPacket(second, "x", another.Secret), "peer", default)));

        // The same key again is the next certificate, and needs no token.
        Assert.IsType<EnrolmentDecision.Approved>(await station.Services.Enrolment.AdmitAsync(station.HostPacket(first, "any-name", null), "peer", default));
    }

    [Fact]
    public async Task TokenWithoutAHost_MakesAHostOfWhoProvesIt()
    {
        TokenCreated token = await TokenAsync(hostId: null);
        using Member member = new();
        Assert.Equal("invalid-field", await ProblemOf(() => station.Services.Enrolment.AdmitAsync(station.HostPacket(member, "self-made", token.Secret, initiatorName: null), "peer", default)));
        await station.Services.Enrolment.AdmitAsync(station.HostPacket(member, "self-made", token.Secret), "peer", default);
        Host host = (await station.Services.Hosts.ListAsync(Admin, new ListQuery { Name = "self-made" }, default)).Items.Single();
        Assert.Equal("iqn.2026-11.test:self-made", host.InitiatorName);
        await station.Services.Hosts.DeleteAsync(Admin, host.Id, default);
        Assert.Equal("token-invalid", await ProblemOf(() => station.Services.Enrolment.AdmitAsync(station.HostPacket(member, "self-made", null), "peer", default)));
    }

    private static async Task<string> CreateAsync(HttpClient client, Guid? hostId)
    {
        using HttpResponseMessage answer = await client.PostAsJsonAsync("/api/v1/volumes", new VolumeCreate("v", 1 << 30, null, null, hostId, null), ApiJson.Default.VolumeCreate);
        return (await answer.Content.ReadFromJsonAsync(ApiJson.Default.Problem))!.Code;
    }

    private static async Task<string> ProblemOf(Func<Task> act) => (await Assert.ThrowsAsync<ProblemException>(act)).Code;

    private Task<TokenCreated> TokenAsync(Guid? hostId) => station.Services.Tokens.CreateAsync(Admin, new TokenCreate(null, null, null) { Kind = MemberKind.Host, HostId = hostId }, null, default);
}
