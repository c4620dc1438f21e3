using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using VSan.Contracts.Enrolment;

namespace VSan.Tests.ControlPlane.UnitAgent;

/// <summary>A certificate authority, as a station has one.</summary>
internal sealed class TestAuthority : IDisposable
{
    private static readonly DateTimeOffset From = TimeProvider.System.GetUtcNow().AddHours(-1);

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _certificate;

    public TestAuthority()
    {
        CertificateRequest request = new("CN=pool", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        _certificate = request.CreateSelfSigned(From, From.AddYears(10));
    }

    public CaFingerprint Fingerprint => CaFingerprint.Of(_certificate);

    public X509Certificate2 Certificate => X509CertificateLoader.LoadCertificate(_certificate.RawData);

    public string Pem => _certificate.ExportCertificatePem();

    /// <summary>A server certificate for an address.</summary>
    public X509Certificate2 Server(IPAddress address)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=station", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddIpAddress(address);
        request.CertificateExtensions.Add(names.Build());
        return request.Create(_certificate, From, From.AddDays(30), [1]).CopyWithPrivateKey(key);
    }

    /// <summary>The client certificate that a member asked for.</summary>
    /// <param name="certificateRequest">PKCS#10, DER, base64.</param>
    /// <param name="from">When its 30 days begin; null for an hour ago.</param>
    public string Issue(string certificateRequest, DateTimeOffset? from = null) =>
        CertificateRequest.LoadSigningRequest(Convert.FromBase64String(certificateRequest), HashAlgorithmName.SHA256)
            .Create(_certificate.SubjectName, X509SignatureGenerator.CreateForECDsa(_key), from ?? From, (from ?? From).AddDays(30), [2])
            .ExportCertificatePem();

    public void Dispose()
    {
        _certificate.Dispose();
        _key.Dispose();
    }
}
