using System.Buffers.Binary;

namespace VSan.Tests.Unit.BlockServer;

/// <summary>One command of the script.</summary>
/// <param name="Name">The standard's.</param>
/// <param name="Cdb">Its CDB.</param>
/// <param name="ReadBytes">What it reads.</param>
/// <param name="DataOut">What it sends.</param>
/// <param name="Lba">First block that it changes.</param>
/// <param name="Blocks">How many it changes; each command has blocks of its own.</param>
/// <param name="Value">What every byte of them is then.</param>
/// <param name="IsDurable">GOOD promises that it outlives a power loss.</param>
/// <param name="Reads">Some of its requests to the disk are reads.</param>
/// <param name="Writes">Some are not.</param>
internal sealed record FaultStep(
    string Name, byte[] Cdb, int ReadBytes, byte[] DataOut, int Lba, int Blocks, byte Value, bool IsDurable, bool Reads, bool Writes);

/// <summary>Commands of every kind that goes to the disk, with aligned and ragged ranges, on a volume of zeroes.</summary>
internal static class FaultScript
{
    internal const int BlockBytes = 512;
    internal const int Blocks = 2048;

    private const byte Durable = 0x08, UnmapBit = 0x08, NoDataOut = 0x01;

    internal static IReadOnlyList<FaultStep> Steps { get; } =
    [
        Write("WRITE", 0, 8),
        Write("WRITE, ragged", 67, 3),
        Write("WRITE, FUA", 128, 8, Durable),
        Write("WRITE, FUA, ragged", 195, 5, Durable),
        new("READ", Sixteen(0x88, 0, 8), 4096, [], 0, 0, 0, IsDurable: false, Reads: true, Writes: false),
        new("SYNCHRONIZE CACHE", new byte[] { 0x35, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, 0, [], 0, 0, 0, IsDurable: true, Reads: false, Writes: true),
        Zero("WRITE SAME of zeroes, ragged", 261, 50, NoDataOut),
        Zero("WRITE SAME, UNMAP", 325, 50, NoDataOut | UnmapBit, isDurable: true),
        new("WRITE SAME of a pattern", Sixteen(0x93, 390, 20), 0, Filled(1), 390, 20, Fill, IsDurable: false, Reads: false, Writes: true),
        new("UNMAP, ragged", new byte[] { 0x42, 0, 0, 0, 0, 0, 0, 0, 24, 0 }, 0, UnmapList(450, 50), 450, 50, 0, IsDurable: true, Reads: false, Writes: true),
        new("COMPARE AND WRITE", CompareAndWrite(515), 0, [.. new byte[BlockBytes], .. Filled(1)], 515, 1, Fill, IsDurable: false, Reads: true, Writes: true),
        new("ORWRITE", Sixteen(0x8B, 580, 4), 0, Filled(4), 580, 4, Fill, IsDurable: false, Reads: true, Writes: true),
        new("VERIFY", Sixteen(0x8F, 640, 4, 0x02), 0, new byte[4 * BlockBytes], 0, 0, 0, IsDurable: false, Reads: true, Writes: false),
        new("WRITE AND VERIFY", Sixteen(0x8E, 704, 8, 0x02), 0, Filled(8), 704, 8, Fill, IsDurable: true, Reads: true, Writes: true),
        new("SYNCHRONIZE CACHE again", new byte[] { 0x35, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, 0, [], 0, 0, 0, IsDurable: true, Reads: false, Writes: true),
        Write("WRITE behind it", 768, 8),
    ];

    private const byte Fill = 0x5A;

    private static FaultStep Write(string name, int lba, int blocks, byte flags = 0) =>
        new(name, Sixteen(0x8A, lba, blocks, flags), 0, Filled(blocks), lba, blocks, Fill, IsDurable: flags != 0, Reads: false, Writes: true);

    private static FaultStep Zero(string name, int lba, int blocks, int flags, bool isDurable = false) =>
        new(name, Sixteen(0x93, lba, blocks, (byte)flags), 0, [], lba, blocks, 0, isDurable, Reads: false, Writes: true);

    private static byte[] Filled(int blocks)
    {
        byte[] data = new byte[blocks * BlockBytes];
        Array.Fill(data, Fill);
        return data;
    }

    private static byte[] Sixteen(byte opcode, int lba, int blocks, byte flags = 0)
    {
        byte[] cdb = new byte[16];
        (cdb[0], cdb[1]) = (opcode, flags);
        BinaryPrimitives.WriteInt64BigEndian(cdb.AsSpan(2), lba);
        BinaryPrimitives.WriteInt32BigEndian(cdb.AsSpan(10), blocks);
        return cdb;
    }

    private static byte[] CompareAndWrite(int lba)
    {
        byte[] cdb = Sixteen(0x89, lba, 0);
        cdb[13] = 1;
        return cdb;
    }

    private static byte[] UnmapList(int lba, int blocks)
    {
        byte[] list = new byte[24];
        (list[1], list[3]) = (22, 16);
        BinaryPrimitives.WriteInt64BigEndian(list.AsSpan(8), lba);
        BinaryPrimitives.WriteInt32BigEndian(list.AsSpan(16), blocks);
        return list;
    }
}
