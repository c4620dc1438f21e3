using System.IO.Pipelines;
using System.Net.Http.Json;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging.Abstractions;
using VSan.Contracts.Api;
using VSan.Contracts.Enrolment;
using VSan.Contracts.UnitLink;
using VSan.Station.Certificates;
using VSan.Station.Execution;
using VSan.Station.Link;
using Xunit;

namespace VSan.Tests.ControlPlane.Station;

public sealed class CertificateRenewalTests(RunningStation station) : IClassFixture<RunningStation>
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Report_AsksForTheNextCertificate_ItIsHandedOverTheLinkThatStands()
    {
        using Member member = new();
        await AdmitAsync(member, "renewing");
        using PoolAuthority earlier = station.AuthorityAt(TimeProvider.System.GetUtcNow() - TimeSpan.FromDays(21));
        using X509Certificate2 old = member.Enrol(earlier);
        await using LinkedUnit unit = await LinkedUnit.DialAsync(station, old, member.Id, Convert.ToBase64String(member.Request()));

        CertificateIssue issue = await unit.Certified.WaitAsync(Deadline);

        using X509Certificate2 next = X509Certificate2.CreateFromPem(issue.Certificate);
        Assert.InRange(next.NotAfter - old.NotAfter, TimeSpan.FromDays(20.9), TimeSpan.FromDays(21.1));
        Assert.Equal(old.PublicKey.ExportSubjectPublicKeyInfo(), next.PublicKey.ExportSubjectPublicKeyInfo());
        Assert.Equal(station.Authority.CertificatePem, issue.CaCertificate);
        Assert.False(unit.Ended.IsCompleted);
    }

    [Fact]
    public async Task Report_AsksForAnotherKey_GetsNothing()
    {
        using Member member = new();
        using Member other = new();
        await AdmitAsync(member, "key-changer");

        ProblemException refusal = await Assert.ThrowsAsync<ProblemException>(
            () => station.Services.Enrolment.RenewAsync(member.Id, Convert.ToBase64String(other.Request()), "peer", CancellationToken.None));

        Assert.Equal("identity-conflict", refusal.Code);
        Assert.NotNull(await station.Services.Enrolment.RenewAsync(member.Id, Convert.ToBase64String(member.Request()), "peer", CancellationToken.None));
    }

    [Fact]
    public async Task Renewal_OfARetiredUnit_IsRefused()
    {
        using Member member = new();
        await AdmitAsync(member, "retired");
        await station.Services.Units.RetireAsync(Caller.Of("admin", Role.Admin), member.Id, CancellationToken.None);

        await Assert.ThrowsAsync<ProblemException>(
            () => station.Services.Enrolment.RenewAsync(member.Id, Convert.ToBase64String(member.Request()), "peer", CancellationToken.None));
    }

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    public async Task Link_LivesNoLongerThanItsCertificate(int secondsPastEnd, bool ended)
    {
        (IDuplexPipe pipe, _) = DialledUnit.Pair();
        using UnitLink link = new(Guid.NewGuid(), new DuplexStream(pipe));
        DateTimeOffset validUntil = new(2026, 1, 31, 0, 0, 0, TimeSpan.Zero);
        TestClock clock = new(validUntil + TimeSpan.FromSeconds(secondsPastEnd));
        CertificateRenewal renewal = new(station.Services.Enrolment, "unused", validUntil, clock, NullLogger.Instance);

        await renewal.OnReportAsync(link, new UnitReport(link.UnitId, Guid.Empty, 1, new ConfigurationStatus(0, 0, []), true, 0, []), CancellationToken.None);

        Assert.Equal(ended, link.HasEnded);
    }

    private async Task AdmitAsync(Member member, string name)
    {
        using HttpClient stranger = station.Client(bearer: null);
        using HttpResponseMessage pending = await stranger.PostAsJsonAsync("/enrolment/v1/startup", RunningStation.Packet(member, name), EnrolmentJson.Default.StartupPacket);
        using HttpClient administrator = station.Administrator();
        using HttpResponseMessage approval = await administrator.PostAsync($"/api/v1/units/{member.Id}:approve", null);
        Assert.True(approval.IsSuccessStatusCode);
    }
}
