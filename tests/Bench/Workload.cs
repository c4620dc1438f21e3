namespace VSan.Tests.Bench;

/// <summary>One row of the table: what the generator asks for.</summary>
/// <param name="Name">Row name.</param>
/// <param name="BlockBytes">Bytes of each I/O.</param>
/// <param name="Sessions">iSCSI sessions, one connection each.</param>
/// <param name="Depth">Commands in flight on each session.</param>
/// <param name="ReadPercent">0 to 100; the rest are writes.</param>
/// <param name="Sequential">False: uniformly random over the logical unit.</param>
/// <param name="Digests">Header and data digests, CRC32C.</param>
internal sealed record Workload(string Name, int BlockBytes, int Sessions, int Depth, int ReadPercent, bool Sequential, bool Digests = false)
{
    /// <summary>The rows of the full run; the quick one takes those that <see cref="Quick"/> names.</summary>
    public static IReadOnlyList<Workload> All { get; } =
    [
        new("randread-4k-c1q1", 4096, 1, 1, 100, false),
        new("randread-4k-c1q32", 4096, 1, 32, 100, false),
        new("randread-4k-c1q32-crc", 4096, 1, 32, 100, false, Digests: true),
        new("randread-4k-c4q32", 4096, 4, 32, 100, false),
        new("randwrite-4k-c1q1", 4096, 1, 1, 0, false),
        new("randwrite-4k-c1q32", 4096, 1, 32, 0, false),
        new("randwrite-4k-c4q32", 4096, 4, 32, 0, false),
        new("mix70/30-4k-c1q32", 4096, 1, 32, 70, false),
        new("seqread-128k-c1q8", 131072, 1, 8, 100, true),
        new("seqwrite-128k-c1q8", 131072, 1, 8, 0, true),
        new("seqread-1m-c1q4", 1048576, 1, 4, 100, true),
        new("seqread-1m-c1q4-crc", 1048576, 1, 4, 100, true, Digests: true),
        new("seqwrite-1m-c1q4", 1048576, 1, 4, 0, true),
    ];

    /// <summary>The rows that say most in the least time.</summary>
    public static IReadOnlyList<Workload> Quick { get; } =
        [.. All.Where(row => row.Name is "randread-4k-c1q1" or "randread-4k-c1q32" or "randread-4k-c1q32-crc" or "randwrite-4k-c1q32" or "seqread-1m-c1q4")];
}
