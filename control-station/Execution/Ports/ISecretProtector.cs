namespace VSan.Station.Execution;

/// <summary>Encrypts secrets at rest under a key that is kept apart from the store.</summary>
public interface ISecretProtector
{
    /// <summary>Encrypts and authenticates.</summary>
    byte[] Protect(ReadOnlySpan<byte> secret);

    /// <summary>The inverse; throws <see cref="System.Security.Cryptography.CryptographicException"/> for anything else.</summary>
    byte[] Unprotect(ReadOnlySpan<byte> protectedSecret);
}
