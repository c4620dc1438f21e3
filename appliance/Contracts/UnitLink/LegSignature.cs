using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace VSan.Contracts.UnitLink;

/// <summary>The check of what <see cref="SignedLegRecord.Signature"/> is made over.</summary>
public static class LegSignature
{
    /// <summary>True when the bytes were signed with the key of a certificate: ECDSA with SHA-256, IEEE P1363.</summary>
    public static bool Verify(X509Certificate2 certificate, ReadOnlySpan<byte> content, ReadOnlySpan<byte> signature)
    {
        using ECDsa? key = certificate.GetECDsaPublicKey();
        return key?.VerifyData(content, signature, HashAlgorithmName.SHA256) == true;
    }
}
