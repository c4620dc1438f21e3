using System.Security.Cryptography;
using VSan.Station.Certificates;
using Xunit;

namespace VSan.Tests.ControlPlane.Station;

public sealed class SecretProtectorTests : IDisposable
{
    private static readonly byte[] Secret = "correct horse battery"u8.ToArray();

    private readonly TemporaryState _state = new();
    private readonly SecretProtector _protector;

    public SecretProtectorTests() => _protector = SecretProtector.Create(_state.State);

    public void Dispose()
    {
        _protector.Dispose();
        _state.Dispose();
    }

    [Fact]
    public void Unprotect_AfterRestart_GivesTheSecretBack()
    {
        byte[] value = _protector.Protect(Secret);
        using SecretProtector restarted = SecretProtector.Load(_state.State);

        Assert.Equal(Secret, restarted.Unprotect(value));
        Assert.Equal(-1, value.AsSpan().IndexOf(Secret));
        Assert.NotEqual(value, _protector.Protect(Secret));
    }

    [Fact]
    public void Unprotect_AnyByteChanged_IsRefused()
    {
        byte[] value = _protector.Protect(Secret);
        for (int index = 0; index < value.Length; index++)
        {
            byte[] changed = [.. value];
            changed[index] ^= 0x10;
            Assert.ThrowsAny<CryptographicException>(() => _protector.Unprotect(changed));
        }
    }

    [Fact]
    public void Unprotect_CutShort_IsRefused()
    {
        byte[] value = _protector.Protect(Secret);
        for (int length = 0; length < value.Length; length++)
            Assert.ThrowsAny<CryptographicException>(() => _protector.Unprotect(value.AsSpan(0, length)));
    }

    [Fact]
    public void Unprotect_OtherKey_IsRefused()
    {
        using TemporaryState elsewhere = new();
        using SecretProtector other = SecretProtector.Create(elsewhere.State);

        Assert.ThrowsAny<CryptographicException>(() => other.Unprotect(_protector.Protect(Secret)));
    }
}
