using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using VSan.UnitAgent.Enrolment;
using Xunit;

namespace VSan.Tests.ControlPlane.UnitAgent;

public sealed class AdmissionTests
{
    private static readonly DateTimeOffset From = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>A life of 30 days: two thirds of it are over after 20.</summary>
    [Theory]
    [InlineData(0, false)]
    [InlineData(19.99, false)]
    [InlineData(20, true)]
    [InlineData(31, true)]
    public void Renewal_IsDueAfterTwoThirdsOfTheLife(double days, bool due)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 certificate = new CertificateRequest("CN=unit", key, HashAlgorithmName.SHA256).CreateSelfSigned(From, From.AddDays(30));
        Admission admission = new(certificate.ExportCertificatePem(), "unused", "unused");

        Assert.Equal(due, admission.IsDueForRenewal(From.AddDays(days)));
    }
}
