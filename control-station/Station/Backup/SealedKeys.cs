using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using VSan.Station.State;

namespace VSan.Station.Backup;

/// <summary>
/// The key files of a station, encrypted under a passphrase: the member <c>keys.sealed</c> of a backup.
/// <code>
///   0 version 1 | 1 iterations 4, big-endian | 5 salt 16 | 21 nonce 12 | 33 tag 16 | 49 cipher text: JSON, file name → bytes
/// </code>
/// AES-256-GCM under PBKDF2-HMAC-SHA-512; the manifest is authenticated with it, and by its hash in there the database.
/// </summary>
internal static class SealedKeys
{
    /// <summary>Shorter ones are guessed, however slow each guess is made.</summary>
    public const int PassphraseLengthMin = 12;

    private const byte Version = 1;

    // OWASP's figure for PBKDF2 with SHA-512; about 0.1 s, and so for each guess.
    private const int Iterations = 210_000;
    private const int SaltAt = 5;
    private const int NonceAt = 21;
    private const int TagAt = 33;
    private const int CipherAt = 49;
    private const int KeyBytes = 32;

    public static byte[] Seal(IReadOnlyDictionary<string, byte[]> files, string passphrase, ReadOnlySpan<byte> manifest)
    {
        byte[] plain = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, byte[]>(files), BackupJson.Default.DictionaryStringByteArray);
        byte[] value = new byte[CipherAt + plain.Length];
        value[0] = Version;
        BinaryPrimitives.WriteInt32BigEndian(value.AsSpan(1), Iterations);
        RandomNumberGenerator.Fill(value.AsSpan(SaltAt, TagAt - SaltAt));
        using AesGcm cipher = new(Key(passphrase, value, Iterations), CipherAt - TagAt);
        cipher.Encrypt(value.AsSpan(NonceAt, TagAt - NonceAt), plain, value.AsSpan(CipherAt), value.AsSpan(TagAt, CipherAt - TagAt), manifest);
        return value;
    }

    /// <exception cref="StationException">The passphrase is another one, or the backup was changed.</exception>
    public static Dictionary<string, byte[]> Unseal(byte[] value, string passphrase, ReadOnlySpan<byte> manifest)
    {
        if (value.Length < CipherAt || value[0] != Version) throw new StationException("The keys of this backup are of a format that this program does not know: use a newer one.");
        int iterations = BinaryPrimitives.ReadInt32BigEndian(value.AsSpan(1));
        if (iterations is < 1 or > Iterations * 100) throw new StationException("The keys of this backup are damaged: use another backup.");
        byte[] plain = new byte[value.Length - CipherAt];
        try
        {
            using AesGcm cipher = new(Key(passphrase, value, iterations), CipherAt - TagAt);
            cipher.Decrypt(value.AsSpan(NonceAt, TagAt - NonceAt), value.AsSpan(CipherAt), value.AsSpan(TagAt, CipherAt - TagAt), plain, manifest);
        }
        catch (AuthenticationTagMismatchException exception)
        {
            throw new StationException("The passphrase does not open this backup, or the backup was changed. Give the passphrase that it was made with.", exception);
        }

        return JsonSerializer.Deserialize(plain, BackupJson.Default.DictionaryStringByteArray) ?? [];
    }

    private static byte[] Key(string passphrase, byte[] value, int iterations) => Rfc2898DeriveBytes.Pbkdf2(
        Encoding.UTF8.GetBytes(passphrase), value.AsSpan(SaltAt, NonceAt - SaltAt), iterations, HashAlgorithmName.SHA512, KeyBytes);
}
