using System.Security.Cryptography;
using VSan.Station.Execution;
using VSan.Station.State;

namespace VSan.Station.Certificates;

/// <summary>
/// Seals CHAP secrets before they go into the database, with a key that lies apart from it: a copy of the database alone tells nothing.
/// AES-256-GCM; a sealed value is the format version (1 byte), the nonce (12), the tag (16) and the cipher text.
/// </summary>
internal sealed class SecretProtector : ISecretProtector, IDisposable
{
    private const byte Version = 1;
    private const int KeyBytes = 32;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int HeaderBytes = 1 + NonceBytes + TagBytes;

    private readonly AesGcm _cipher;

    private SecretProtector(byte[] key) => _cipher = new AesGcm(key, TagBytes);

    public static SecretProtector Create(StateDirectory state)
    {
        byte[] key = RandomNumberGenerator.GetBytes(KeyBytes);
        state.Write(StateDirectory.SecretsKey, key);
        return new SecretProtector(key);
    }

    public static SecretProtector Load(StateDirectory state)
    {
        byte[] key = state.Read(StateDirectory.SecretsKey);
        return key.Length == KeyBytes ? new SecretProtector(key) : throw new StationException($"{state.PathOf(StateDirectory.SecretsKey)} is damaged.");
    }

    /// <inheritdoc/>
    public byte[] Protect(ReadOnlySpan<byte> secret)
    {
        byte[] value = new byte[HeaderBytes + secret.Length];
        value[0] = Version;
        Span<byte> nonce = value.AsSpan(1, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        _cipher.Encrypt(nonce, secret, value.AsSpan(HeaderBytes), value.AsSpan(1 + NonceBytes, TagBytes), [Version]);
        return value;
    }

    /// <inheritdoc/>
    public byte[] Unprotect(ReadOnlySpan<byte> protectedSecret)
    {
        if (protectedSecret.Length < HeaderBytes || protectedSecret[0] != Version)
            throw new CryptographicException("This is not a sealed secret of a version that the station knows.");
        byte[] secret = new byte[protectedSecret.Length - HeaderBytes];
        _cipher.Decrypt(protectedSecret.Slice(1, NonceBytes), protectedSecret[HeaderBytes..], protectedSecret.Slice(1 + NonceBytes, TagBytes), secret, [Version]);
        return secret;
    }

    public void Dispose() => _cipher.Dispose();
}
