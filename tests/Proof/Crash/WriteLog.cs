using System.Buffers.Binary;

namespace VSan.Tests.Proof.Crash;

/// <summary>
/// The log of a blklogwrites node, which is dm-log-writes' format (Documentation/admin-guide/device-mapper/log-writes.rst): little-endian, in
/// sectors; the superblock in the first, then each entry's header in one, its data behind it.
/// <code>
///  superblock   0 magic "rhswfsj" 8 | 8 version 8 | 16 entries 8 | 24 sector size 4
///  entry        0 sector 8 | 8 sectors 8 | 16 flags 8 | 24 data length 8
/// </code>
/// </summary>
internal static class WriteLog
{
    public const int SectorBytes = 512;
    private const ulong Magic = 0x6a736677736872;
    private const ulong Version = 1;

    /// <summary>Reads every entry that is whole.</summary>
    public static List<LogEntry> Read(string path)
    {
        using FileStream log = File.OpenRead(path);
        byte[] sector = new byte[SectorBytes];
        log.ReadExactly(sector);
        if (Word(sector, 0) != Magic || Word(sector, 8) != Version || BinaryPrimitives.ReadUInt32LittleEndian(sector.AsSpan(24)) != SectorBytes)
            throw new InvalidDataException($"{path} is not a write log of {SectorBytes}-byte sectors.");
        ulong count = Word(sector, 16);
        List<LogEntry> entries = [];
        while ((ulong)entries.Count < count)
        {
            log.ReadExactly(sector);
            LogFlags flags = (LogFlags)Word(sector, 16);
            int sectors = (int)Word(sector, 8);
            long data = log.Position;
            if ((flags & LogFlags.Discard) == 0) log.Position += (long)sectors * SectorBytes;
            entries.Add(new LogEntry((long)Word(sector, 0), sectors, flags, data, log.Position));
        }

        return entries;
    }

    private static ulong Word(byte[] sector, int offset) => BinaryPrimitives.ReadUInt64LittleEndian(sector.AsSpan(offset));
}
