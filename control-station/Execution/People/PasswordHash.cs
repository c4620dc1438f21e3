using System.Globalization;
using System.Security.Cryptography;

namespace VSan.Station.Execution;

/// <summary>Passwords at rest: <c>pbkdf2-sha256$iterations$salt$hash</c>, base64.</summary>
internal static class PasswordHash
{
    /// <summary>OWASP's figure for PBKDF2-HMAC-SHA256; about a fifth of a second of one core for each guess.</summary>
    private const int Iterations = 600_000;

    private const int SaltBytes = 16;
    private const int HashBytes = 32;
    private const string Algorithm = "pbkdf2-sha256";

    /// <summary>A hash that fits no password, so that an unknown user costs as much as a wrong password.</summary>
    public static string OfNobody { get; } = Format(Iterations, new byte[SaltBytes], new byte[HashBytes]);

    /// <summary>Hashes a password with a fresh salt.</summary>
    public static string Of(string password)
    {
        byte[] salt = RandomNumberGenerator.GetBytes(SaltBytes);
        return Format(Iterations, salt, Rfc2898DeriveBytes.Pbkdf2(password, salt, Iterations, HashAlgorithmName.SHA256, HashBytes));
    }

    /// <summary>Compares in constant time.</summary>
    public static bool Fits(string password, string stored)
    {
        if (stored.Split('$') is not [Algorithm, var iterations, var salt, var hash]) throw new InvalidDataException("A stored password has an unknown form.");
        byte[] expected = Convert.FromBase64String(hash);
        byte[] found = Rfc2898DeriveBytes.Pbkdf2(
            password, Convert.FromBase64String(salt), int.Parse(iterations, CultureInfo.InvariantCulture), HashAlgorithmName.SHA256, expected.Length);
        return CryptographicOperations.FixedTimeEquals(expected, found);
    }

    private static string Format(int iterations, byte[] salt, byte[] hash) =>
        string.Create(CultureInfo.InvariantCulture, $"{Algorithm}${iterations}${Convert.ToBase64String(salt)}${Convert.ToBase64String(hash)}");
}
