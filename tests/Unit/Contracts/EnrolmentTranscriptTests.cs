using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using VSan.Contracts.Enrolment;
using Xunit;

namespace VSan.Tests.Unit.Contracts;

public sealed class EnrolmentTranscriptTests
{
    private static readonly CaFingerprint Authority = NewAuthority();

    private static readonly StartupPacket Packet = new(
        MemberKind.Unit,
        Guid.Parse("5f0c4a3e-7a4f-4f0e-9d55-0d9a3a1b2c3d"),
        "unit-1",
        "SN-1",
        Guid.Parse("11111111-2222-3333-4444-555555555555"),
        "0.1.0",
        ["127.0.0.11"],
        [new NetworkCard("lo", string.Empty, 0)],
        "AAAA",
        Proof: null);

    [Fact]
    public void Proof_SamePacketAndToken_Verifies()
    {
        byte[] key = EnrolmentToken.Create().ProofKey();
        Assert.True(EnrolmentTranscript.Verify(key, Packet, Authority, EnrolmentTranscript.Mac(key, Packet, Authority)));
    }

    [Fact]
    public void Proof_AnyFieldChanged_IsRefused()
    {
        byte[] key = EnrolmentToken.Create().ProofKey();
        string mac = EnrolmentTranscript.Mac(key, Packet, Authority);
        StartupPacket[] changed =
        [
            Packet with { Kind = MemberKind.Host },
            Packet with { MemberId = Guid.Empty },
            Packet with { SystemName = "unit-2" },
            Packet with { SerialNumber = "SN-2" },
            Packet with { BootId = Guid.Empty },
            Packet with { ImageVersion = "0.1.1" },
            Packet with { Addresses = ["127.0.0.12"] },
            Packet with { NetworkCards = [] },
            Packet with { CertificateRequest = "AAAB" },
        ];
        Assert.All(changed, packet => Assert.False(EnrolmentTranscript.Verify(key, packet, Authority, mac)));
    }

    [Fact]
    public void Proof_OtherTokenOrOtherAuthority_IsRefused()
    {
        byte[] key = EnrolmentToken.Create().ProofKey();
        string mac = EnrolmentTranscript.Mac(key, Packet, Authority);
        Assert.False(EnrolmentTranscript.Verify(EnrolmentToken.Create().ProofKey(), Packet, Authority, mac));
        Assert.False(EnrolmentTranscript.Verify(key, Packet, NewAuthority(), mac));
    }

    [Theory]
    [InlineData("")]
    [InlineData("not base64")]
    [InlineData("AAAA")]
    public void Proof_MacOfAnotherShape_IsRefused(string mac) =>
        Assert.False(EnrolmentTranscript.Verify(EnrolmentToken.Create().ProofKey(), Packet, Authority, mac));

    [Fact]
    public void Token_RevealedAndParsed_IsTheSame()
    {
        EnrolmentToken token = EnrolmentToken.Create();
        Assert.True(EnrolmentToken.TryParse($" {token.Reveal()}\n", out EnrolmentToken? parsed));
        Assert.Equal(token, parsed);
    }

    [Fact]
    public void Token_AsText_DoesNotContainItsSecret()
    {
        EnrolmentToken token = EnrolmentToken.Create();
        Assert.DoesNotContain(token.Secret, token.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("vsan-")]
    [InlineData("vsan-0123456-0123456789abcdef0123456789abcdef")]
    [InlineData("vsan-01234567-0123456789ABCDEF0123456789abcdef")]
    [InlineData("xsan-01234567-0123456789abcdef0123456789abcdef")]
    public void Token_OfAnotherShape_IsRefused(string? text) => Assert.False(EnrolmentToken.TryParse(text, out _));

    private static CaFingerprint NewAuthority()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 certificate = new CertificateRequest("CN=test", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        return CaFingerprint.Of(certificate);
    }
}
