using System.Security.Cryptography;
using System.Text;

namespace VSan.Station.Execution;

/// <summary>Codes for the day on which the authenticator is lost: each opens one sign-in in its place. Only their hashes are kept.</summary>
internal static class RecoveryCodes
{
    private const int Count = 10;

    // 80 random bits, in four groups of four letters: a fast hash is enough.
    private const int Bytes = 10;
    private const int Group = 4;

    /// <summary>Fresh codes, as they are shown once.</summary>
    public static IReadOnlyList<string> Make() => [.. Enumerable.Range(0, Count).Select(_ => string.Join('-', Totp.Base32(RandomNumberGenerator.GetBytes(Bytes)).Chunk(Group).Select(letters => new string(letters))))];

    /// <summary>What is kept of them.</summary>
    public static IReadOnlyList<string> Hashes(IEnumerable<string> codes) => [.. codes.Select(Hash)];

    /// <summary>What is left after a code was used; null when it is none of them.</summary>
    public static IReadOnlyList<string>? Use(IReadOnlyList<string> hashes, string code)
    {
        string used = Hash(code);
        string[] left = [.. hashes.Where(hash => hash != used)];
        return left.Length < hashes.Count ? left : null;
    }

    // People type them with or without the dashes, in small letters or capitals.
    private static string Hash(string code) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(code.Replace("-", string.Empty, StringComparison.Ordinal).Replace(" ", string.Empty, StringComparison.Ordinal).ToUpperInvariant())));
}
