using System.Buffers.Binary;
using System.Security.Cryptography;

namespace VSan.UnitAgent.Copying;

/// <summary>
/// SHA-256 over what is not zero: for each chunk of <see cref="LegCopyRun.ChunkBytes"/> with a byte other than zero, its offset (8 bytes, least
/// significant first) and its bytes, in the order of their places. So a hole and zeroes that were written count alike.
/// </summary>
internal sealed class BlockDigest : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Adds the next chunk.</summary>
    /// <param name="offset">A multiple of the chunk's size, behind the last one.</param>
    /// <param name="chunk">Its bytes.</param>
    public void Add(long offset, ReadOnlySpan<byte> chunk)
    {
        if (!chunk.ContainsAnyExcept((byte)0)) return;
        Span<byte> place = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(place, offset);
        _hash.AppendData(place);
        _hash.AppendData(chunk);
    }

    /// <summary>The digest, in hexadecimal.</summary>
    public string End() => Convert.ToHexStringLower(_hash.GetHashAndReset());

    /// <inheritdoc/>
    public void Dispose() => _hash.Dispose();
}
