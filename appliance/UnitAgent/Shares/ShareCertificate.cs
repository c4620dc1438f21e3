using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using VSan.UnitAgent.State;

namespace VSan.UnitAgent.Shares;

/// <summary>
/// The certificate of one share, signed by itself: the station tells it to whoever is let in, who believes it alone. The pool's CA signs
/// none for servers of units, since one for any address that a unit names would let it pass for the station.
/// </summary>
internal static class ShareCertificate
{
    // It is believed by its bytes, so its end would protect nobody and break what works: past any machine's life.
    private const int Years = 20;

    /// <summary>Makes the certificate of a share, unless there is one for this address.</summary>
    /// <returns>The certificate, PEM.</returns>
    public static string Ensure(ShareFolder folder, Guid shareId, IPAddress address, DateTimeOffset now)
    {
        if (File.Exists(folder.Certificate) && File.Exists(folder.Key))
        {
            using X509Certificate2 known = X509CertificateLoader.LoadCertificateFromFile(folder.Certificate);
            if (known.MatchesHostname(address.ToString())) return known.ExportCertificatePem();
        }

        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN=share {shareId:D}", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddIpAddress(address);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
        // A unit's clock may be behind that of who looks at it.
        using X509Certificate2 made = request.CreateSelfSigned(now.AddDays(-1), now.AddYears(Years));
        string certificate = made.ExportCertificatePem();
        DurableFile.Write(folder.Key, System.Text.Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem()));
        DurableFile.Write(folder.Certificate, System.Text.Encoding.ASCII.GetBytes(certificate));
        return certificate;
    }
}
