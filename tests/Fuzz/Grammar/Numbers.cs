using System.Buffers.Binary;

namespace VSan.Tests.Fuzz.Grammar;

/// <summary>Numbers at which code changes its mind, more often than others.</summary>
internal static class Numbers
{
    private static readonly ulong[] Edges =
    [
        0, 1, 2, 3, 4, 7, 8, 15, 16, 31, 47, 48, 63, 64, 127, 128, 255, 256, 511, 512, 513, 1023, 1024, 2048, 4095, 4096, 8191, 8192, 8193, 32767, 65535, 65536, 131072,
        262143, 262144, 262145, 1 << 20, (1 << 24) - 1, 1 << 24, int.MaxValue, 1UL << 31, uint.MaxValue - 1, uint.MaxValue, 1UL << 32, long.MaxValue, 1UL << 63, ulong.MaxValue,
    ];

    public static ulong Interesting(Random random) =>
        random.Next(4) == 0 ? (ulong)random.NextInt64() >> random.Next(64) : Edges[random.Next(Edges.Length)];

    public static void Interesting32(Random random, Span<byte> to) => BinaryPrimitives.WriteUInt32BigEndian(to, (uint)Interesting(random));

    /// <summary>One of them.</summary>
    public static T OneOf<T>(this Random random, params ReadOnlySpan<T> choices) => choices[random.Next(choices.Length)];

    /// <summary>True once in so many times.</summary>
    public static bool OneIn(this Random random, int times) => random.Next(times) == 0;
}
