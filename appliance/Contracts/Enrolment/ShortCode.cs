using System.Security.Cryptography;
using System.Text;

namespace VSan.Contracts.Enrolment;

/// <summary>
/// Eight characters that stand for a member's public key and for the authority that it is about to believe, as <c>XXXX-XXXX</c>: a person
/// compares them on the member's screen and on the station's before approving it. Somebody in the middle has another authority, and
/// thereby another code. 40 bits: enough to tell machines apart and to make a look-alike costly, short enough to read out.
/// </summary>
public static class ShortCode
{
    // RFC 4648, 6.
    private const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// <summary>Short code of a key.</summary>
    /// <param name="subjectPublicKeyInfo">The public key as DER SubjectPublicKeyInfo.</param>
    /// <param name="authority">The CA; its fingerprint's text follows the key.</param>
    public static string Of(ReadOnlySpan<byte> subjectPublicKeyInfo, CaFingerprint authority)
    {
        ArgumentNullException.ThrowIfNull(authority);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        _ = SHA256.HashData([.. subjectPublicKeyInfo, .. Encoding.ASCII.GetBytes(authority.Text)], digest);
        ulong bits = 0;
        foreach (byte part in digest[..5]) bits = (bits << 8) | part;
        Span<char> code = stackalloc char[9];
        for (int index = 0; index < 8; index++)
            code[index < 4 ? index : index + 1] = Base32[(int)((bits >> (35 - (5 * index))) & 31)];
        code[4] = '-';
        return new string(code);
    }
}
