using System.Buffers.Binary;
using System.Text;

namespace VSan.Tests.ControlPlane.UnitAgent;

/// <summary>
/// The label that makes a disk a physical volume of LVM2, as blkid looks for it: <c>LABELONE</c>, its sector (8 bytes), a checksum (4) of
/// what follows, the offset of the header (4), <c>LVM2 001</c>; then the volume's identity (32 characters) and its size (8).
/// </summary>
internal static class LvmLabel
{
    private const uint Initial = 0xf597a6cf;

    public static byte[] Make(long sizeBytes)
    {
        byte[] sector = new byte[512];
        Encoding.ASCII.GetBytes("LABELONE").CopyTo(sector, 0);
        BinaryPrimitives.WriteUInt64LittleEndian(sector.AsSpan(8), 1);
        BinaryPrimitives.WriteUInt32LittleEndian(sector.AsSpan(20), 32);
        Encoding.ASCII.GetBytes("LVM2 001").CopyTo(sector, 24);
        Encoding.ASCII.GetBytes("abcdefghijklmnopqrstuvwxyz012345").CopyTo(sector, 32);
        BinaryPrimitives.WriteUInt64LittleEndian(sector.AsSpan(64), (ulong)sizeBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(sector.AsSpan(16), Checksum(sector.AsSpan(20)));
        return sector;
    }

    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        uint crc = Initial;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ ((crc & 1) * 0xedb88320);
        }

        return crc;
    }
}
