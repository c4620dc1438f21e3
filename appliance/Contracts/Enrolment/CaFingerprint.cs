using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace VSan.Contracts.Enrolment;

/// <summary>Names the pool's CA: <c>sha256:</c> and 64 lower-case hexadecimal digits of its certificate's DER bytes.</summary>
/// <remarks>The one thing that a member must know of the station beforehand; whatever discovery says, trust comes from here.</remarks>
public sealed record CaFingerprint
{
    private const string Prefix = "sha256:";

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    private CaFingerprint(string text) => Text = text;

    /// <summary>The fingerprint as it is written everywhere.</summary>
    public string Text { get; }

    /// <summary>Fingerprint of a certificate.</summary>
    public static CaFingerprint Of(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        return new(Prefix + Convert.ToHexStringLower(SHA256.HashData(certificate.RawData)));
    }

    /// <summary>Reads a fingerprint as a person pasted it; upper case and surrounding white space are forgiven.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out CaFingerprint? fingerprint)
    {
        string normal = text?.Trim().ToLowerInvariant() ?? string.Empty;
        bool valid = normal.StartsWith(Prefix, StringComparison.Ordinal)
            && normal.Length == Prefix.Length + (2 * SHA256.HashSizeInBytes)
            && normal.AsSpan(Prefix.Length).IndexOfAnyExcept(HexDigits) < 0;
        fingerprint = valid ? new CaFingerprint(normal) : null;
        return valid;
    }

    /// <inheritdoc/>
    public override string ToString() => Text;
}
