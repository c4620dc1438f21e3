using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using VSan.Contracts.Enrolment;
using VSan.Contracts.UnitLink;
using VSan.Station.Certificates;
using VSan.Station.Link;
using VSan.Station.State;
using Xunit;

namespace VSan.Tests.ControlPlane.Station;

public sealed class PoolAuthorityTests : IDisposable
{
    private readonly TemporaryState _state = new();
    private readonly TestClock _clock = new(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));
    private readonly PoolAuthority _authority;
    private readonly Member _member = new();

    public PoolAuthorityTests() => _authority = PoolAuthority.Create(_state.State, "test", _clock);

    public void Dispose()
    {
        _member.Dispose();
        _authority.Dispose();
        _state.Dispose();
    }

    [Fact]
    public void Sign_Bytes_AreVerifiedByTheCertificateAloneAndNoOthersAre()
    {
        byte[] content = [1, 2, 3], signature = _authority.Sign(content);
        Assert.True(_authority.Verify(content, signature));
        Assert.True(LegSignature.Verify(_authority.Certificate, content, signature));
        Assert.False(_authority.Verify([1, 2, 4], signature));
        using TemporaryState other = new();
        using PoolAuthority stranger = PoolAuthority.Create(other.State, "other", _clock);
        Assert.False(stranger.Verify(content, signature));
        Assert.False(_authority.Verify(content, []));
    }

    [Fact]
    public void Issue_GoodRequest_NamesTheMemberAndNotWhatTheRequestSays()
    {
        using X509Certificate2 certificate = _member.Enrol(_authority);

        Assert.True(MemberName.TryReadUnit(certificate, out Guid unitId));
        Assert.Equal(_member.Id, unitId);
        Assert.DoesNotContain("whoever", certificate.Subject, StringComparison.Ordinal);
        Assert.True(IsTrusted(_authority, certificate, Purpose.ClientAuthentication));
        Assert.Equal(_clock.Now - PoolAuthority.ClockTolerance, certificate.NotBefore.ToUniversalTime());
        Assert.Equal(_clock.Now + PoolAuthority.MemberLifetime, certificate.NotAfter.ToUniversalTime());
    }

    [Fact]
    public void Issue_Host_IsNotAUnit()
    {
        using X509Certificate2 certificate = _member.Enrol(_authority, MemberKind.Host);

        Assert.False(MemberName.TryReadUnit(certificate, out _));
    }

    [Fact]
    public void Issue_MemberCertificate_IsNoServerCertificate()
    {
        using X509Certificate2 certificate = _member.Enrol(_authority);

        Assert.False(IsTrusted(_authority, certificate, Purpose.ServerAuthentication));
    }

    [Fact]
    public void Issue_RequestSignedByAnotherKey_IsRefused()
    {
        byte[] request = _member.Request();
        request[^1] ^= 1;

        Assert.ThrowsAny<CryptographicException>(() => _authority.Issue(_member.Id, MemberKind.Unit, Convert.ToBase64String(request)));
    }

    [Fact]
    public void Issue_RsaKey_IsRefused()
    {
        using RSA key = RSA.Create(2048);
        byte[] request = new CertificateRequest("CN=x", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSigningRequest();

        Assert.ThrowsAny<CryptographicException>(() => _authority.Issue(_member.Id, MemberKind.Unit, Convert.ToBase64String(request)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("not base64")]
    [InlineData("MAA=")]
    public void Issue_NoRequest_IsRefused(string request) =>
        Assert.ThrowsAny<CryptographicException>(() => _authority.Issue(_member.Id, MemberKind.Unit, request));

    [Fact]
    public void Trust_ExpiredCertificate_IsRefused()
    {
        using X509Certificate2 certificate = _member.Enrol(_authority);
        _clock.Now += PoolAuthority.MemberLifetime + TimeSpan.FromMinutes(1);

        Assert.False(IsTrusted(_authority, certificate, Purpose.ClientAuthentication));
    }

    [Fact]
    public void Trust_CertificateOfAnotherAuthority_IsRefused()
    {
        using TemporaryState elsewhere = new();
        using PoolAuthority other = PoolAuthority.Create(elsewhere.State, "test", _clock);
        using X509Certificate2 certificate = _member.Enrol(other);

        Assert.True(IsTrusted(other, certificate, Purpose.ClientAuthentication));
        Assert.False(IsTrusted(_authority, certificate, Purpose.ClientAuthentication));
    }

    [Fact]
    public void Load_AfterCreate_IsTheSameAuthorityWithAPrivateKeyFile()
    {
        using PoolAuthority loaded = PoolAuthority.Load(_state.State, _clock);

        Assert.Equal(_authority.Fingerprint, loaded.Fingerprint);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_state.State.PathOf(StateDirectory.AuthorityKey)));
    }

    [Fact]
    public void ServerCertificate_SameNames_IsKeptAndOtherwiseMadeAnew()
    {
        using X509Certificate2 first = ServerCertificate.LoadOrIssue(_state.State, _authority, ["127.0.0.7"], _clock);
        using X509Certificate2 same = ServerCertificate.LoadOrIssue(_state.State, _authority, ["127.0.0.7"], _clock);
        using X509Certificate2 other = ServerCertificate.LoadOrIssue(_state.State, _authority, ["127.0.0.7", "station.example"], _clock);
        _clock.Now += TimeSpan.FromDays(300);
        using X509Certificate2 renewed = ServerCertificate.LoadOrIssue(_state.State, _authority, ["127.0.0.7", "station.example"], _clock);

        Assert.Equal(first.SerialNumber, same.SerialNumber);
        Assert.NotEqual(first.SerialNumber, other.SerialNumber);
        Assert.NotEqual(other.SerialNumber, renewed.SerialNumber);
        Assert.True(first.MatchesHostname("127.0.0.7"));
        Assert.True(first.MatchesHostname("localhost"));
        Assert.True(other.MatchesHostname("station.example"));
        Assert.False(first.MatchesHostname("station.example"));
        Assert.True(IsTrusted(_authority, renewed, Purpose.ServerAuthentication));
    }

    private bool IsTrusted(PoolAuthority authority, X509Certificate2 certificate, Oid purpose)
    {
        using X509Chain chain = new() { ChainPolicy = PoolTrust.Policy(authority.Certificate, purpose) };
        chain.ChainPolicy.VerificationTime = _clock.Now.UtcDateTime;
        return chain.Build(certificate);
    }
}
