using System.Buffers.Binary;

namespace VSan.IscsiInitiator;

/// <summary>CDBs that the harness sends.</summary>
internal static class ScsiCommand
{
    private const byte ForceUnitAccess = 0x08;
    private const byte NoDataOut = 0x01;
    private const byte UnmapBit = 0x08;
    private const int UnmapListBytes = 24;

    public static byte[] TestUnitReady() => new byte[6];

    /// <summary>READ CAPACITY (16), with room for 32 bytes.</summary>
    public static byte[] ReadCapacity()
    {
        byte[] cdb = Sixteen(0x9e, 0, 32);
        cdb[1] = 0x10;
        return cdb;
    }

    /// <summary>GET LBA STATUS (SBC-4): which blocks from here on take space.</summary>
    public static byte[] GetLbaStatus(ulong lba, int allocationBytes)
    {
        byte[] cdb = Sixteen(0x9e, lba, allocationBytes);
        cdb[1] = 0x12;
        return cdb;
    }

    public static byte[] Read(ulong lba, int blocks) => lba <= uint.MaxValue && blocks <= ushort.MaxValue ? Ten(0x28, lba, blocks) : Sixteen(0x88, lba, blocks);

    public static byte[] Write(ulong lba, int blocks) => lba <= uint.MaxValue && blocks <= ushort.MaxValue ? Ten(0x2a, lba, blocks) : Sixteen(0x8a, lba, blocks);

    /// <summary>WRITE 16 with FUA: durable before it is answered.</summary>
    public static byte[] WriteDurable(ulong lba, int blocks)
    {
        byte[] cdb = Sixteen(0x8a, lba, blocks);
        cdb[1] = ForceUnitAccess;
        return cdb;
    }

    public static byte[] SynchronizeCache() => Ten(0x35, 0, 0);

    /// <summary>WRITE SAME 16 without data: zeroes, by deallocation where <paramref name="unmap"/> asks for it.</summary>
    public static byte[] WriteSameZeroes(ulong lba, int blocks, bool unmap = false)
    {
        byte[] cdb = Sixteen(0x93, lba, blocks);
        cdb[1] = (byte)(NoDataOut | (unmap ? UnmapBit : 0));
        return cdb;
    }

    /// <summary>COMPARE AND WRITE; the data are the blocks to compare, then those to write.</summary>
    public static byte[] CompareAndWrite(ulong lba, byte blocks, bool durable = false)
    {
        byte[] cdb = Sixteen(0x89, lba, 0);
        cdb[1] = durable ? ForceUnitAccess : (byte)0;
        cdb[13] = blocks;
        return cdb;
    }

    /// <summary>UNMAP of what <see cref="UnmapList"/> names.</summary>
    public static byte[] Unmap() => Ten(0x42, 0, UnmapListBytes);

    /// <summary>UNMAP parameter list of one descriptor (SBC-4, UNMAP command).</summary>
    public static byte[] UnmapList(ulong lba, int blocks)
    {
        byte[] list = new byte[UnmapListBytes];
        BinaryPrimitives.WriteUInt16BigEndian(list, UnmapListBytes - 2);
        BinaryPrimitives.WriteUInt16BigEndian(list.AsSpan(2), UnmapListBytes - 8);
        BinaryPrimitives.WriteUInt64BigEndian(list.AsSpan(8), lba);
        BinaryPrimitives.WriteInt32BigEndian(list.AsSpan(16), blocks);
        return list;
    }

    public static byte[] Sixteen(byte opcode, ulong lba, int blocks)
    {
        byte[] cdb = new byte[16];
        cdb[0] = opcode;
        BinaryPrimitives.WriteUInt64BigEndian(cdb.AsSpan(2), lba);
        BinaryPrimitives.WriteInt32BigEndian(cdb.AsSpan(10), blocks);
        return cdb;
    }

    private static byte[] Ten(byte opcode, ulong lba, int blocks)
    {
        byte[] cdb = new byte[10];
        cdb[0] = opcode;
        BinaryPrimitives.WriteUInt32BigEndian(cdb.AsSpan(2), (uint)lba);
        BinaryPrimitives.WriteUInt16BigEndian(cdb.AsSpan(7), (ushort)blocks);
        return cdb;
    }
}
