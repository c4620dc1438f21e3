using System.Buffers.Binary;
using VSan.Scsi;

namespace VSan.Tests.Fuzz.Grammar;

/// <summary>Every row of the command table with fields of any value, and operation codes that are not in it.</summary>
internal static class CdbGrammar
{
    public const int CdbBytes = 16;

    private static readonly byte[] Edges = [0, 0, 0, 1, 8, 0x7F, 0x80, 0xFF];

    /// <summary>A CDB of any command.</summary>
    public static byte[] Any(Random random)
    {
        byte[] cdb = Of(CommandTable.All[random.Next(CommandTable.All.Count)], random);
        if (random.OneIn(2)) AskForPage(cdb, random);
        if (random.OneIn(50)) cdb[0] = (byte)random.Next(256);
        return cdb;
    }

    /// <summary>Pages that there are, which chance would seldom name: vital product data, and mode pages with their page control.</summary>
    private static void AskForPage(byte[] cdb, Random random)
    {
        if (cdb[0] == 0x12) (cdb[1], cdb[2]) = (1, random.OneOf<byte>(0x00, 0x80, 0x83, 0x86, 0xB0, 0xB1, 0xB2));
        else if (cdb[0] is 0x1A or 0x5A) (cdb[2], cdb[3]) = ((byte)((random.Next(4) << 6) | random.OneOf(0x08, 0x0A, 0x1C, 0x3F)), 0);
    }

    /// <summary>A CDB of one row; mostly bits that it defines, so that the handler and not only the usage mask is met.</summary>
    public static byte[] Of(CommandDescriptor row, Random random)
    {
        byte[] cdb = new byte[CdbBytes];
        bool lawful = !random.OneIn(8);
        bool small = random.OneIn(2);
        ReadOnlySpan<byte> usage = row.Usage;
        for (int at = 1; at < usage.Length; at++)
        {
            byte value = random.OneIn(3) ? (byte)random.Next(256) : Edges[random.Next(Edges.Length)];
            if (small && usage[at] == 0xFF && at < usage.Length - 2) value = 0;
            cdb[at] = lawful ? (byte)(value & usage[at]) : value;
        }

        cdb[0] = usage[0];
        if (row.ServiceAction is { } action) cdb[1] = (byte)((cdb[1] & 0xE0) | action);
        return cdb;
    }

    /// <summary>Transfer or allocation length by the usual shape of its group, in whatever unit the command counts.</summary>
    public static uint Length(ReadOnlySpan<byte> cdb) => (cdb[0] >> 5) switch
    {
        0 => cdb[4],
        1 or 2 => BinaryPrimitives.ReadUInt16BigEndian(cdb[7..]),
        4 => BinaryPrimitives.ReadUInt32BigEndian(cdb[10..]),
        _ => BinaryPrimitives.ReadUInt32BigEndian(cdb[6..]),
    };

    /// <summary>Puts that length in, as far as the field goes.</summary>
    public static void SetLength(Span<byte> cdb, int length)
    {
        switch (cdb[0] >> 5)
        {
            case 0:
                cdb[4] = (byte)length;
                break;
            case 1 or 2:
                BinaryPrimitives.WriteUInt16BigEndian(cdb[7..], (ushort)length);
                break;
            case 4:
                BinaryPrimitives.WriteUInt32BigEndian(cdb[10..], (uint)length);
                break;
            default:
                BinaryPrimitives.WriteUInt32BigEndian(cdb[6..], (uint)length);
                break;
        }
    }
}
