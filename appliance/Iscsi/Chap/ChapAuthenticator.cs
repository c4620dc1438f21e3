using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using VSan.Iscsi.Login;

namespace VSan.Iscsi.Chap;

/// <summary>
/// The target's side of one CHAP exchange (RFC 7143, 12.1.3; RFC 1994): <c>CHAP_A</c> chosen → <c>CHAP_I</c>, <c>CHAP_C</c> sent →
/// <c>CHAP_N</c>, <c>CHAP_R</c> checked → where the initiator sent a challenge of its own, <c>CHAP_N</c>, <c>CHAP_R</c> sent. Our challenge is
/// fresh for each login and serves once.
/// </summary>
/// <param name="secret">What the initiator must prove.</param>
/// <param name="own">What the target proves in turn; null where it cannot.</param>
internal sealed class ChapAuthenticator(ChapSecret secret, ChapSecret? own)
{
    private const int Md5 = 5, Sha256 = 7;

    /// <summary>Longest challenge (RFC 7143, 12.1.3).</summary>
    private const int ChallengeBytesMax = 1024;

    private readonly byte[] _challenge = RandomNumberGenerator.GetBytes(32);
    private readonly byte _identifier = RandomNumberGenerator.GetBytes(1)[0];
    private int _algorithm;
    private bool _provedFormer;

    /// <summary>True after the algorithm was chosen.</summary>
    public bool IsChallenged => _algorithm != 0;

    /// <summary>Chooses the first algorithm of the initiator's list that we have, and appends the challenge.</summary>
    public bool TryChallenge(string offered, StringBuilder answer)
    {
        foreach (string each in offered.Split(','))
        {
            if (each is not ("5" or "7")) continue;
            _algorithm = each == "5" ? Md5 : Sha256;
            TextKeys.Append(answer, "CHAP_A", each);
            TextKeys.Append(answer, "CHAP_I", _identifier.ToString(CultureInfo.InvariantCulture));
            TextKeys.Append(answer, "CHAP_C", "0x" + Convert.ToHexStringLower(_challenge));
            return true;
        }

        return false;
    }

    /// <summary>The initiator proved that it knows the secret. Takes the same time for each wrong answer of the right length.</summary>
    public bool Accepts(string userName, string response)
    {
        if (!IsChallenged || !TryDecodeBinary(response, out byte[] given)) return false;
        if (Sabotage.OverflowsChapResponse) given.CopyTo(new byte[ChallengeBytesMax].AsSpan());
        bool known = CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(userName), Encoding.UTF8.GetBytes(secret.UserName));
        bool proved = Proves(given, secret.Secret);
        _provedFormer = secret.FormerSecret is { } former && Proves(given, former);
        return (proved | _provedFormer) & known;
    }

    private bool Proves(byte[] given, string known) =>
        CryptographicOperations.FixedTimeEquals(given, Respond(_algorithm, _identifier, known, _challenge));

    /// <summary>Answers the initiator's challenge, and appends the proof.</summary>
    /// <returns>
    /// <c>false</c>: the target has no secret, the challenge is malformed, or it is our own come back: answering that would prove the initiator's
    /// part for it (RFC 7143, 9.2.1).
    /// </returns>
    public bool TryProve(string identifier, string challenge, StringBuilder answer)
    {
        if (own is null || !KeyNegotiation.TryNumber(identifier, out int id) || id > byte.MaxValue) return false;
        if (!TryDecodeBinary(challenge, out byte[] theirs) || theirs.Length is 0 or > ChallengeBytesMax || theirs.AsSpan().SequenceEqual(_challenge)) return false;
        // Who still proves the secret before expects the one that belongs to it.
        string proof = (_provedFormer ? own.FormerSecret : null) ?? own.Secret;
        TextKeys.Append(answer, "CHAP_N", own.UserName);
        TextKeys.Append(answer, "CHAP_R", "0x" + Convert.ToHexStringLower(Respond(_algorithm, (byte)id, proof, theirs)));
        return true;
    }

    /// <summary>H(identifier, secret, challenge) (RFC 1994, 4.1).</summary>
    internal static byte[] Respond(int algorithm, byte identifier, string secret, ReadOnlySpan<byte> challenge)
    {
        byte[] input = [identifier, .. Encoding.UTF8.GetBytes(secret), .. challenge];
        return algorithm == Md5 ? MD5.HashData(input) : SHA256.HashData(input);
    }

    /// <summary>A binary value: <c>0x</c> hexadecimal or <c>0b</c> base64 (RFC 7143, 6.1).</summary>
    internal static bool TryDecodeBinary(string text, out byte[] bytes)
    {
        bytes = [];
        if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) && text.Length % 2 == 0)
        {
            bytes = new byte[(text.Length - 2) / 2];
            return Convert.FromHexString(text.AsSpan(2), bytes, out _, out _) == System.Buffers.OperationStatus.Done;
        }

        if (!text.StartsWith("0b", StringComparison.OrdinalIgnoreCase)) return false;
        byte[] decoded = new byte[text.Length];
        if (!Convert.TryFromBase64String(text[2..], decoded, out int written)) return false;
        bytes = decoded[..written];
        return true;
    }
}
