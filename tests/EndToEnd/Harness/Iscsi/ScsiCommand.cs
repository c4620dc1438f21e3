using System.Buffers.Binary;

namespace VSan.Tests.EndToEnd.Harness.Iscsi;

/// <summary>CDBs that the harness sends.</summary>
internal static class ScsiCommand
{
    public static byte[] TestUnitReady() => new byte[6];

    public static byte[] Read(ulong lba, int blocks) => lba <= uint.MaxValue && blocks <= ushort.MaxValue ? Ten(0x28, lba, blocks) : Sixteen(0x88, lba, blocks);

    public static byte[] Write(ulong lba, int blocks) => lba <= uint.MaxValue && blocks <= ushort.MaxValue ? Ten(0x2a, lba, blocks) : Sixteen(0x8a, lba, blocks);

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
