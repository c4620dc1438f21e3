using System.Numerics;
using System.Runtime.InteropServices;

namespace VSan.Iscsi;

/// <summary>CRC32C of header and data digests (RFC 7143, 13.1), by the processor's instruction where it has one.</summary>
internal static class Crc32C
{
    /// <summary>Where a digest starts.</summary>
    public const uint Seed = 0xFFFFFFFF;

    /// <summary>Takes more bytes in.</summary>
    public static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (ulong word in words) crc = BitOperations.Crc32C(crc, word);
        foreach (byte one in bytes[(words.Length * sizeof(ulong))..]) crc = BitOperations.Crc32C(crc, one);
        return crc;
    }

    /// <summary>The digest as it stands on the wire: least significant byte first.</summary>
    public static void Write(Span<byte> to, uint crc) => MemoryMarshal.Write(to, ~crc);

    /// <summary>The digest on the wire is that of <paramref name="crc"/>.</summary>
    public static bool Matches(ReadOnlySpan<byte> digest, uint crc) => MemoryMarshal.Read<uint>(digest) == ~crc;
}
