using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace VSan.Contracts.Enrolment;

/// <summary>
/// A token that lets members join: <c>vsan-&lt;id&gt;-&lt;secret&gt;</c>, both parts lower-case hexadecimal. The secret is shown once, on creation;
/// the station keeps <see cref="ProofKey"/> only, and a member sends a proof, never the token.
/// </summary>
/// <param name="Id">8 hexadecimal digits; may be shown and logged.</param>
/// <param name="Secret">32 hexadecimal digits (128 bits).</param>
public sealed record EnrolmentToken(string Id, string Secret)
{
    private const string Prefix = "vsan-";
    private const int IdLength = 8;
    private const int SecretLength = 32;

    /// <summary>Key of the proof: HKDF-SHA256 of the secret, 32 bytes. What the station stores.</summary>
    public byte[] ProofKey() =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.ASCII.GetBytes(Secret), 32, info: "vsan-enrolment-proof-v1"u8.ToArray());

    /// <summary>Makes a token from fresh random bytes.</summary>
    public static EnrolmentToken Create() =>
        new(RandomNumberGenerator.GetHexString(IdLength, lowercase: true), RandomNumberGenerator.GetHexString(SecretLength, lowercase: true));

    /// <summary>Reads a token as a person pasted it; surrounding white space is forgiven.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out EnrolmentToken? token)
    {
        token = null;
        text = text?.Trim();
        if (text is null || text.Length != Prefix.Length + IdLength + 1 + SecretLength) return false;
        if (!text.StartsWith(Prefix, StringComparison.Ordinal) || text[Prefix.Length + IdLength] != '-') return false;
        string id = text.Substring(Prefix.Length, IdLength);
        string secret = text[(Prefix.Length + IdLength + 1)..];
        if (!id.All(char.IsAsciiHexDigitLower) || !secret.All(char.IsAsciiHexDigitLower)) return false;
        token = new EnrolmentToken(id, secret);
        return true;
    }

    /// <summary>The token as a person copies it. Contains the secret.</summary>
    public string Reveal() => $"{Prefix}{Id}-{Secret}";

    /// <summary>Names the token without its secret, so that a log line cannot leak it.</summary>
    public override string ToString() => $"{Prefix}{Id}-…";
}
