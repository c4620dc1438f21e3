using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using VSan.Contracts.Enrolment;

namespace VSan.Station.Execution;

/// <summary>The public key of a certificate request, as the station knows a member by it.</summary>
/// <param name="Hash">SHA-256 of the SPKI, lower-case hexadecimal.</param>
/// <param name="ShortCode">What a person compares.</param>
internal sealed record MemberKey(string Hash, string ShortCode)
{
    /// <summary>Reads the key of a request (PKCS#10, DER, base64), whose signature proves that the sender has the private one.</summary>
    public static MemberKey Read(string certificateRequestBase64, CaFingerprint authority)
    {
        try
        {
            CertificateRequest request = CertificateRequest.LoadSigningRequest(
                Convert.FromBase64String(certificateRequestBase64),
                HashAlgorithmName.SHA256,
                CertificateRequestLoadOptions.Default);
            byte[] key = request.PublicKey.ExportSubjectPublicKeyInfo();
            return new MemberKey(Convert.ToHexStringLower(SHA256.HashData(key)), Contracts.Enrolment.ShortCode.Of(key, authority));
        }
        catch (Exception error) when (error is FormatException or CryptographicException or NotSupportedException or ArgumentException)
        {
            throw ProblemException.Field("/certificateRequest", "is not a signed PKCS#10 request, DER, base64.");
        }
    }
}
