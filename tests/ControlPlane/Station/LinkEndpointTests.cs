using System.Net;
using System.Net.Http.Json;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using VSan.Contracts.Enrolment;
using VSan.Station.Certificates;
using VSan.Station.Link;
using Xunit;

namespace VSan.Tests.ControlPlane.Station;

public sealed class LinkEndpointTests(RunningStation station) : IClassFixture<RunningStation>
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Dial_AdmittedUnit_IsAskedOverItsOwnConnection()
    {
        using Member member = new();
        using X509Certificate2 certificate = await EnrolAsync(member, "asked");

        Assert.False(await IsRefusedAsync(certificate));
    }

    [Fact]
    public async Task Dial_UnitThatWasForgotten_IsRefused()
    {
        using Member member = new();
        using X509Certificate2 certificate = await EnrolAsync(member, "forgotten");
        using HttpClient administrator = station.Administrator();
        using HttpResponseMessage forgotten = await administrator.DeleteAsync($"/api/v1/units/{member.Id}");

        Assert.Equal(HttpStatusCode.NoContent, forgotten.StatusCode);
        Assert.True(await IsRefusedAsync(certificate));
    }

    [Fact]
    public async Task Dial_CertificateOfAnotherAuthority_IsRefused()
    {
        using Member member = new();
        using X509Certificate2 _ = await EnrolAsync(member, "impostor");
        using TemporaryState elsewhere = new();
        using PoolAuthority other = PoolAuthority.Create(elsewhere.State, "test", TimeProvider.System);
        using X509Certificate2 forged = member.Enrol(other);

        Assert.True(await IsRefusedAsync(forged));
    }

    [Fact]
    public async Task Dial_ExpiredCertificate_IsRefused()
    {
        using Member member = new();
        using X509Certificate2 _ = await EnrolAsync(member, "expired");
        using PoolAuthority twoMonthsAgo = station.AuthorityAt(TimeProvider.System.GetUtcNow() - TimeSpan.FromDays(60));
        using X509Certificate2 stale = member.Enrol(twoMonthsAgo);

        Assert.True(await IsRefusedAsync(stale));
    }

    [Fact]
    public async Task Dial_HostsCertificate_IsRefused()
    {
        using Member member = new();
        using X509Certificate2 certificate = member.Enrol(station.Authority, MemberKind.Host);

        Assert.True(await IsRefusedAsync(certificate));
    }

    [Fact]
    public async Task Dial_NoCertificate_IsRefused() => Assert.True(await IsRefusedAsync(null));

    [Fact]
    public async Task Dial_OtherProtocol_IsRefused()
    {
        using Member member = new();
        using X509Certificate2 certificate = await EnrolAsync(member, "web-browser");

        Assert.True(await IsRefusedAsync(certificate, SslApplicationProtocol.Http2));
    }

    /// <summary>Joins as a unit does: startup packet, approval by a person, the packet again.</summary>
    private async Task<X509Certificate2> EnrolAsync(Member member, string name)
    {
        using HttpClient stranger = station.Client(bearer: null);
        using HttpClient administrator = station.Administrator();
        StartupPacket packet = RunningStation.Packet(member, name);
        using HttpResponseMessage pending = await stranger.PostAsJsonAsync("/enrolment/v1/startup", packet, EnrolmentJson.Default.StartupPacket);
        Assert.Equal(HttpStatusCode.Accepted, pending.StatusCode);
        using HttpResponseMessage approval = await administrator.PostAsync($"/api/v1/units/{member.Id}:approve", null);
        Assert.Equal(HttpStatusCode.OK, approval.StatusCode);
        using HttpResponseMessage approved = await stranger.PostAsJsonAsync("/enrolment/v1/startup", packet, EnrolmentJson.Default.StartupPacket);
        EnrolmentAnswer answer = (await approved.Content.ReadFromJsonAsync(EnrolmentJson.Default.EnrolmentAnswer))!;
        Assert.Equal(station.LinkEndPoint.ToString(), answer.LinkEndpoint);
        Assert.Equal(station.Authority.CertificatePem, await stranger.GetStringAsync("/enrolment/v1/ca"));
        using X509Certificate2 certificate = X509Certificate2.CreateFromPem(answer.Certificate);
        return certificate.CopyWithPrivateKey(member.Key);
    }

    /// <summary>The station speaks first on a link that it accepts (HTTP/2's preface); otherwise it hangs up.</summary>
    private async Task<bool> IsRefusedAsync(X509Certificate2? certificate, SslApplicationProtocol? protocol = null)
    {
        using TcpClient tcp = new();
        await tcp.ConnectAsync(station.LinkEndPoint);
        await using SslStream tls = new(tcp.GetStream());
        SslClientAuthenticationOptions options = new()
        {
            TargetHost = "127.0.0.1",
            ClientCertificates = certificate is null ? null : [certificate],
            ApplicationProtocols = [protocol ?? LinkEndpoint.Protocol],
            CertificateChainPolicy = PoolTrust.Policy(station.Authority.Certificate, Purpose.ServerAuthentication),
        };
        try
        {
            await tls.AuthenticateAsClientAsync(options).WaitAsync(Deadline);
            return await tls.ReadAsync(new byte[64]).AsTask().WaitAsync(Deadline) == 0;
        }
        catch (Exception exception) when (exception is IOException or AuthenticationException)
        {
            return true;
        }
    }
}
