using System.Net;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using VSan.Contracts.Enrolment;
using VSan.Contracts.UnitLink;
using VSan.Tests.ControlPlane.Station;
using VSan.UnitAgent.Discovery;
using VSan.UnitAgent.Enrolment;
using VSan.UnitAgent.State;
using Xunit;

namespace VSan.Tests.ControlPlane.UnitAgent;

/// <summary>The life of a certificate of 30 days, on a clock that the test sets.</summary>
public sealed class RenewalTests : IDisposable
{
    private readonly TemporaryDirectory _root = new();
    private readonly StateDirectory _state;
    private readonly MemberIdentity _identity;
    private readonly TestAuthority _authority = new();
    private readonly TestClock _clock = new(TimeProvider.System.GetUtcNow());

    public RenewalTests()
    {
        _state = StateDirectory.Take(_root.File("state"));
        _identity = MemberIdentity.Load(_state);
        new Admission(_authority.Issue(_identity.CertificateRequest()), _authority.Pem, "127.0.0.1:1").Save(_state);
    }

    public void Dispose()
    {
        _authority.Dispose();
        _state.Dispose();
        _root.Dispose();
    }

    [Fact]
    public void Request_IsMadeAfterTwoThirdsOfTheLife_UntilTheNextCertificateIsThere()
    {
        Enroller enroller = Enroller();
        _clock.Now += TimeSpan.FromDays(19);
        Assert.Null(enroller.RenewalRequest());
        _clock.Now += TimeSpan.FromDays(1);
        string request = enroller.RenewalRequest()!;

        enroller.Renew(new CertificateIssue(_authority.Issue(request, _clock.Now), _authority.Pem));

        Assert.Null(enroller.RenewalRequest());
        Assert.Equal(enroller.Admission, Admission.Load(_state));
        Assert.Equal("127.0.0.1:1", enroller.Admission!.LinkEndpoint);
    }

    [Fact]
    public void Renew_CertificateForAnotherKeyOrOfAnotherAuthority_IsRefusedAndThePresentOneStays()
    {
        using TestAuthority other = new();
        Enroller enroller = Enroller();
        Admission present = enroller.Admission!;
        string foreign = new MemberIdentity(_identity.MemberId, ECDsa.Create(ECCurve.NamedCurves.nistP256).ExportPkcs8PrivateKeyPem()).CertificateRequest();

        Assert.ThrowsAny<Exception>(() => enroller.Renew(new CertificateIssue(_authority.Issue(foreign), _authority.Pem)));
        Assert.ThrowsAny<CryptographicException>(() => enroller.Renew(new CertificateIssue(other.Issue(_identity.CertificateRequest()), other.Pem)));
        Assert.ThrowsAny<CryptographicException>(() => enroller.Renew(new CertificateIssue(other.Issue(_identity.CertificateRequest()), _authority.Pem)));
        Assert.Equal(present, enroller.Admission);
    }

    [Fact]
    public async Task Dial_CertificateRanOutWhileTheUnitWasOff_RejoinsWithItsKey()
    {
        await using EnrolmentStation station = await StationAsync(Approve);
        _clock.Now += TimeSpan.FromDays(31);
        Enroller enroller = Enroller(station.Address);
        Admission stale = enroller.Admission!;

        Admission fresh = await enroller.RefreshAsync(refused: false, CancellationToken.None);

        Assert.NotEqual(stale.Certificate, fresh.Certificate);
        Assert.Null(Assert.Single(station.Packets).Proof);
        Assert.False(fresh.IsDueForRenewal(_clock.Now));
    }

    [Fact]
    public async Task Dial_StationRefusedTheCertificate_AsksWhereItStandsAndServesOn()
    {
        await using EnrolmentStation station = await StationAsync(
            _ => (202, new EnrolmentAnswer(EnrolmentState.Pending, _identity.ShortCode(_authority.Fingerprint), null, null, null, 1)));
        Enroller enroller = Enroller(station.Address);
        Admission present = enroller.Admission!;

        Assert.Equal(present, await enroller.RefreshAsync(refused: false, CancellationToken.None));
        Assert.Empty(station.Packets);
        Assert.Equal(present, await enroller.RefreshAsync(refused: true, CancellationToken.None));
        Assert.Single(station.Packets);
    }

    private (int Status, EnrolmentAnswer? Answer) Approve(StartupPacket packet) =>
        (200, new EnrolmentAnswer(EnrolmentState.Approved, "AAAA-AAAA", _authority.Issue(packet.CertificateRequest, _clock.Now), _authority.Pem, "127.0.0.1:1", null));

    private Task<EnrolmentStation> StationAsync(Func<StartupPacket, (int Status, EnrolmentAnswer? Answer)> onPacket) =>
        EnrolmentStation.StartAsync(_authority.Server(IPAddress.Loopback), _authority.Pem, onPacket);

    private Enroller Enroller(Uri? station = null) => new(
        new StationTrust(station ?? new Uri("https://127.0.0.1:1"), _authority.Fingerprint), "unit-1", _state, _identity, _clock, NullLogger<Enroller>.Instance);
}
