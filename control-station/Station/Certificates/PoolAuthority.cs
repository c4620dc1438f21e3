using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using VSan.Contracts.Enrolment;
using VSan.Contracts.UnitLink;
using VSan.Station.Execution;
using VSan.Station.State;

namespace VSan.Station.Certificates;

/// <summary>
/// The pool's certificate authority: one ECDSA P-256 key in the state directory that signs the station's own certificate and the
/// members' client certificates. Its fingerprint is what a member pins.
/// </summary>
internal sealed class PoolAuthority : ICertificateAuthority, IDisposable
{
    /// <summary>Members renew at two thirds of it; a stolen certificate is worth nothing after it (and nothing at once when forgotten).</summary>
    public static readonly TimeSpan MemberLifetime = TimeSpan.FromDays(30);

    /// <summary>A peer whose clock is this much behind still accepts a certificate that was made this moment.</summary>
    public static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(5);

    private const int LifetimeYears = 10;

    // 128 random bits: RFC 5280, 4.1.2.2 wants serial numbers unique for each issuer, and at most 20 octets.
    private const int SerialNumberBytes = 16;

    // A P-256 request is under 500 bytes; what is longer is not ours.
    private const int RequestLengthMax = 8192;
    private const string EllipticCurveKey = "1.2.840.10045.2.1";

    private readonly X509Certificate2 _certificate;
    private readonly TimeProvider _time;

    private PoolAuthority(X509Certificate2 certificate, TimeProvider time)
    {
        _certificate = certificate;
        _time = time;
        Certificate = X509CertificateLoader.LoadCertificate(certificate.RawData);
        Fingerprint = CaFingerprint.Of(certificate);
    }

    /// <summary>The certificate without its key.</summary>
    public X509Certificate2 Certificate { get; }

    /// <inheritdoc/>
    public CaFingerprint Fingerprint { get; }

    public string CertificatePem => Certificate.ExportCertificatePem();

    /// <summary>Makes the key and the self-signed certificate and stores both.</summary>
    public static PoolAuthority Create(StateDirectory state, string poolName, TimeProvider time)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new(Subject($"VSan pool {poolName}"), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        DateTimeOffset now = time.GetUtcNow();
        using X509Certificate2 certificate = request.CreateSelfSigned(now - ClockTolerance, now.AddYears(LifetimeYears));
        KeyFiles.Save(state, StateDirectory.AuthorityCertificate, StateDirectory.AuthorityKey, certificate, key);
        return Load(state, time);
    }

    public static PoolAuthority Load(StateDirectory state, TimeProvider time) =>
        new(KeyFiles.Load(state, StateDirectory.AuthorityCertificate, StateDirectory.AuthorityKey), time);

    /// <summary>Client certificate of a member, PEM. Only the public key is taken from the request; who it is, the caller says.</summary>
    /// <exception cref="CryptographicException">The request is not PKCS#10 with an elliptic-curve key, or not signed by that key.</exception>
    public string Issue(Guid memberId, MemberKind kind, string certificateRequestBase64)
    {
        PublicKey key = ReadRequest(certificateRequestBase64);
        CertificateRequest request = new(Subject(memberId.ToString("D"), kind == MemberKind.Unit ? "unit" : "host"), key, HashAlgorithmName.SHA256);
        using X509Certificate2 certificate = Sign(request, Purpose.ClientAuthentication, MemberLifetime);
        return certificate.ExportCertificatePem();
    }

    /// <inheritdoc/>
    /// <remarks>A key object for each call: one may not be used by two threads at once.</remarks>
    public byte[] Sign(ReadOnlySpan<byte> content)
    {
        using ECDsa key = _certificate.GetECDsaPrivateKey()!;
        return key.SignData(content, HashAlgorithmName.SHA256);
    }

    /// <inheritdoc/>
    public bool Verify(ReadOnlySpan<byte> content, ReadOnlySpan<byte> signature) => LegSignature.Verify(Certificate, content, signature);

    /// <summary>Signs an end-entity certificate; its time is within the authority's.</summary>
    public X509Certificate2 Sign(CertificateRequest request, Oid purpose, TimeSpan lifetime)
    {
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([purpose], critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_certificate, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        DateTimeOffset now = _time.GetUtcNow(), start = now - ClockTolerance, end = now + lifetime;
        if (start < _certificate.NotBefore) start = _certificate.NotBefore;
        if (end > _certificate.NotAfter) end = _certificate.NotAfter;
        return request.Create(_certificate, start, end, RandomNumberGenerator.GetBytes(SerialNumberBytes));
    }

    public void Dispose()
    {
        _certificate.Dispose();
        Certificate.Dispose();
    }

    private static PublicKey ReadRequest(string base64)
    {
        byte[] der = new byte[RequestLengthMax];
        if (!Convert.TryFromBase64String(base64, der, out int length)) throw new CryptographicException("The certificate request is not base64, or too long.");

        // Loading verifies the request's own signature: whoever sent it holds the key.
        CertificateRequest request = CertificateRequest.LoadSigningRequest(der.AsSpan(0, length), HashAlgorithmName.SHA256, out int consumed);
        if (consumed != length) throw new CryptographicException("The certificate request has bytes after its end.");
        return request.PublicKey.Oid.Value == EllipticCurveKey ? request.PublicKey : throw new CryptographicException("The key of the certificate request is not an elliptic-curve key.");
    }

    private static X500DistinguishedName Subject(string commonName, string? organizationalUnit = null)
    {
        X500DistinguishedNameBuilder builder = new();
        if (organizationalUnit is not null) builder.AddOrganizationalUnitName(organizationalUnit);
        builder.AddCommonName(commonName);
        return builder.Build();
    }
}
