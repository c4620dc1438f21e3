using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace VSan.Station.Execution;

/// <summary>Time-based one-time passwords (RFC 6238) as authenticators know them: HMAC-SHA-1, 30 s, 6 digits.</summary>
internal static class Totp
{
    /// <summary>RFC 4226, 4, R6: 160 bits are recommended.</summary>
    public const int SecretBytes = 20;

    private const int StepSeconds = 30;
    private const int Modulus = 1_000_000;
    private const string Base32Characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// <summary>
    /// The time step of a code, or null when it is none of now, the step before or the step after (RFC 6238, 5.2), or not later than
    /// <paramref name="lastStep"/>: a code is good once.
    /// </summary>
    public static long? Accept(ReadOnlySpan<byte> secret, string code, DateTimeOffset now, long lastStep)
    {
        long current = now.ToUnixTimeSeconds() / StepSeconds;
        for (long step = current - 1; step <= current + 1; step++)
        {
            bool fits = CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Code(secret, step)), Encoding.UTF8.GetBytes(code));
            if (fits && step > lastStep) return step;
        }

        return null;
    }

    /// <summary>The code of a time step (RFC 4226, 5.3).</summary>
    public static string Code(ReadOnlySpan<byte> secret, long step)
    {
        Span<byte> counter = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        Span<byte> mac = stackalloc byte[HMACSHA1.HashSizeInBytes];
#pragma warning disable CA5350 // What authenticators implement; HMAC does not rest on SHA-1's resistance to collisions.
        HMACSHA1.HashData(secret, counter, mac);
#pragma warning restore CA5350
        int offset = mac[^1] & 0xf;
        int number = BinaryPrimitives.ReadInt32BigEndian(mac[offset..]) & int.MaxValue;
        return (number % Modulus).ToString("D6", CultureInfo.InvariantCulture);
    }

    /// <summary>A secret as people type it (RFC 4648, 6, without padding).</summary>
    public static string Base32(ReadOnlySpan<byte> bytes)
    {
        StringBuilder text = new();
        int bits = 0, count = 0;
        foreach (byte next in bytes)
        {
            bits = ((bits << 8) | next) & 0xfff;
            for (count += 8; count >= 5; count -= 5) text.Append(Base32Characters[(bits >> (count - 5)) & 0x1f]);
        }

        if (count > 0) text.Append(Base32Characters[(bits << (5 - count)) & 0x1f]);
        return text.ToString();
    }
}
