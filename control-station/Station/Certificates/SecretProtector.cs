using System.Security.Cryptography;
using System.Text;
using VSan.Station.State;

namespace VSan.Station.Certificates;

/// <summary>
/// Seals CHAP secrets before they go into the database, with a key that lies apart from it: a copy of the database alone tells nothing.
/// AES-256-GCM; a sealed value is the format version (1 byte), the nonce (12), the tag (16) and the cipher text.
/// </summary>
internal sealed class SecretProtector : IDisposable
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

    public byte[] Protect(string secret)
    {
        byte[] plain = Encoding.UTF8.GetBytes(secret);
        byte[] @sealed = new byte[HeaderBytes + plain.Length];
        @sealed[0] = Version;
        Span<byte> nonce = @sealed.AsSpan(1, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        _cipher.Encrypt(nonce, plain, @sealed.AsSpan(HeaderBytes), @sealed.AsSpan(1 + NonceBytes, TagBytes), [Version]);
        CryptographicOperations.ZeroMemory(plain);
        return @sealed;
    }

    /// <exception cref="CryptographicException">The value was changed, or sealed with another key.</exception>
    public string Unprotect(byte[] @sealed)
    {
        ReadOnlySpan<byte> value = @sealed;
        if (value.Length < HeaderBytes || value[0] != Version) throw new CryptographicException("Not a sealed secret of a version that this station knows.");
        byte[] plain = new byte[value.Length - HeaderBytes];
        _cipher.Decrypt(value.Slice(1, NonceBytes), value[HeaderBytes..], value.Slice(1 + NonceBytes, TagBytes), plain, [Version]);
        return Encoding.UTF8.GetString(plain);
    }

    public void Dispose() => _cipher.Dispose();
}
