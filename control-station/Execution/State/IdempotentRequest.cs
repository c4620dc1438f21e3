using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace VSan.Station.Execution;

/// <summary>A request with an Idempotency-Key. <see cref="Ledger"/> gives its repetition the same answer; keys of different callers or actions do not meet.</summary>
/// <param name="Key">The header.</param>
/// <param name="Hash">SHA-256 of what is asked for, lower-case hexadecimal.</param>
public sealed record IdempotentRequest(string Key, string Hash)
{
    private const int KeyLengthMax = 200;

    /// <summary>A request that is known by its bytes.</summary>
    public static IdempotentRequest Of(string key, ReadOnlySpan<byte> asked) => key is { Length: > 0 and <= KeyLengthMax }
        ? new(key, Convert.ToHexStringLower(SHA256.HashData(asked)))
        : throw new ProblemException("malformed", $"Idempotency-Key must have 1 to {KeyLengthMax} characters.");

    /// <summary>A request that is known by its members, however they were written.</summary>
    public static IdempotentRequest Of<T>(string key, T request, JsonTypeInfo<T> type) => Of(key, JsonSerializer.SerializeToUtf8Bytes(request, type));
}
