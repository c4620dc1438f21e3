using System.Numerics;
using System.Runtime.InteropServices;

namespace VSan.Iscsi;

/// <summary>CRC32C of header and data digests (RFC 7143, 13.1), by the processor's instruction.</summary>
/// <remarks>
/// The instruction gives a result after three cycles and can be started in each of them, so long data runs as three lanes side by side. A
/// CRC is linear: the lane before is moved over the bytes of the one behind (<see cref="LaneShift"/>) and added to it.
/// </remarks>
internal static class Crc32C
{
    /// <summary>Where a digest starts.</summary>
    public const uint Seed = 0xFFFFFFFF;

    /// <summary>Bytes of one lane: three of them and a few words more are a page of 4 KiB.</summary>
    private const int LaneBytes = 1360;

    private const int LaneWords = LaneBytes / sizeof(ulong);

    /// <summary>Takes more bytes in.</summary>
    public static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(bytes);
        ReadOnlySpan<byte> odd = bytes[(words.Length * sizeof(ulong))..];
        for (; words.Length >= 3 * LaneWords; words = words[(3 * LaneWords)..])
            crc = AppendLanes(crc, words[..LaneWords], words.Slice(LaneWords, LaneWords), words.Slice(2 * LaneWords, LaneWords));
        foreach (ulong word in words) crc = BitOperations.Crc32C(crc, word);
        foreach (byte one in odd) crc = BitOperations.Crc32C(crc, one);
        return crc;
    }

    /// <summary>The digest as it stands on the wire: least significant byte first.</summary>
    public static void Write(Span<byte> to, uint crc) => MemoryMarshal.Write(to, ~crc);

    /// <summary>The digest on the wire is that of <paramref name="crc"/>.</summary>
    public static bool Matches(ReadOnlySpan<byte> digest, uint crc) => MemoryMarshal.Read<uint>(digest) == ~crc;

    private static uint AppendLanes(uint crc, ReadOnlySpan<ulong> first, ReadOnlySpan<ulong> second, ReadOnlySpan<ulong> third)
    {
        uint middle = 0, last = 0;
        for (int word = 0; word < first.Length && word < second.Length && word < third.Length; word++)
        {
            crc = BitOperations.Crc32C(crc, first[word]);
            middle = BitOperations.Crc32C(middle, second[word]);
            last = BitOperations.Crc32C(last, third[word]);
        }

        return LaneShift.Over(LaneShift.Over(crc) ^ middle) ^ last;
    }

    /// <summary>What a CRC becomes over a lane of zeroes: a table for each of its four bytes.</summary>
    private static class LaneShift
    {
        private static readonly uint[] Table = Build();

        public static uint Over(uint crc) =>
            Table[(byte)crc] ^ Table[0x100 + (byte)(crc >> 8)] ^ Table[0x200 + (byte)(crc >> 16)] ^ Table[0x300 + (int)(crc >> 24)];

        private static uint[] Build()
        {
            uint[] table = new uint[4 * 0x100];
            for (int bit = 0; bit < 32; bit++)
            {
                uint moved = 1u << bit;
                for (int word = 0; word < LaneWords; word++) moved = BitOperations.Crc32C(moved, 0ul);
                int row = bit / 8 * 0x100, step = 1 << (bit % 8);
                for (int value = 0; value < step; value++) table[row + step + value] = table[row + value] ^ moved;
            }

            return table;
        }
    }
}
