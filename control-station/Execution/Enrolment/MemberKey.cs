using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace VSan.Station.Execution;

/// <summary>The public key of a certificate request, as the station knows a member by it.</summary>
/// <param name="Hash">SHA-256 of the SPKI, lower-case hexadecimal.</param>
/// <param name="ShortCode">First 8 base32 digits of the same hash, as XXXX-XXXX.</param>
internal sealed record MemberKey(string Hash, string ShortCode)
{
    private const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private const int CodeBytes = 5;

    /// <summary>Reads the key of a request (PKCS#10, DER, base64), whose signature proves that the sender has the private one.</summary>
    public static MemberKey Read(string certificateRequestBase64)
    {
        try
        {
            CertificateRequest request = CertificateRequest.LoadSigningRequest(
                Convert.FromBase64String(certificateRequestBase64),
                HashAlgorithmName.SHA256,
                CertificateRequestLoadOptions.Default);
            byte[] hash = SHA256.HashData(request.PublicKey.ExportSubjectPublicKeyInfo());
            return new MemberKey(Convert.ToHexStringLower(hash), Code(hash));
        }
        catch (Exception error) when (error is FormatException or CryptographicException or NotSupportedException or ArgumentException)
        {
            throw ProblemException.Field("/certificateRequest", "is not a signed PKCS#10 request, DER, base64.");
        }
    }

    private static string Code(byte[] hash)
    {
        ulong bits = 0;
        for (int index = 0; index < CodeBytes; index++) bits = (bits << 8) | hash[index];
        Span<char> code = stackalloc char[9];
        for (int digit = 0; digit < 8; digit++) code[digit < 4 ? digit : digit + 1] = Base32[(int)(bits >> (35 - (5 * digit))) & 31];
        code[4] = '-';
        return new string(code);
    }
}
