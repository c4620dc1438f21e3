using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace VSan.Images;

/// <summary>Whose signature on an image is believed: exactly these certificates' keys, and no chain above them.</summary>
public sealed class ImageSigners
{
    private readonly X509Certificate2[] _certificates;

    private ImageSigners(IEnumerable<X509Certificate2> certificates) => _certificates = [.. certificates];

    /// <summary>Nobody.</summary>
    public static ImageSigners None { get; } = new([]);

    /// <summary>True when no image can be believed.</summary>
    public bool IsEmpty => _certificates.Length == 0;

    /// <summary>Reads a file of certificates, PEM.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="CryptographicException">It holds none.</exception>
    public static ImageSigners Load(string path)
    {
        X509Certificate2Collection read = [];
        read.ImportFromPemFile(path);
        return read.Count > 0 ? new ImageSigners(read) : throw new CryptographicException($"{path} holds no certificate.");
    }

    /// <summary>Who made a signature (RSA, PKCS #1 1.5, SHA-256) over some bytes; null when none of these did.</summary>
    internal string? WhoSigned(ReadOnlySpan<byte> content, ReadOnlySpan<byte> signature)
    {
        foreach (X509Certificate2 certificate in _certificates)
        {
            using RSA? key = certificate.GetRSAPublicKey();
            if (key?.VerifyData(content, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1) == true) return certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false);
        }

        return null;
    }
}
