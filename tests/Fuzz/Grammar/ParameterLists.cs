using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace VSan.Tests.Fuzz.Grammar;

/// <summary>Data-out of the commands whose bytes mean something: their lists with fields of any value; blocks for the others.</summary>
internal static class ParameterLists
{
    private const int DataBytesMax = 128 * 1024;

    /// <summary>Data for a CDB, or nothing where it takes none. The CDB's length field is made to agree, mostly.</summary>
    public static byte[] For(byte[] cdb, Random random)
    {
        byte[]? list = cdb[0] switch
        {
            0x15 => ModeSelect(random, header: 4),
            0x55 => ModeSelect(random, header: 8),
            0x42 => Unmap(random),
            0x5F => PersistentReserve(random, (cdb[1] & 0x1F) == 0x07),
            0x83 => ExtendedCopy(random),
            _ => null,
        };
        if (list is null) return Blocks(cdb, random);
        if (cdb[0] == 0x5F) BinaryPrimitives.WriteUInt32BigEndian(cdb.AsSpan(5), (uint)list.Length);
        else if (!random.OneIn(8)) CdbGrammar.SetLength(cdb, list.Length);
        if (list.Length > 0 && random.OneIn(4)) list[random.Next(list.Length)] = (byte)Numbers.Interesting(random);
        return list;
    }

    private static byte[] Blocks(byte[] cdb, Random random)
    {
        uint blocks = cdb[0] switch
        {
            0x0A or 0x2A or 0x2E or 0x2F or 0x8A or 0x8B or 0x8E or 0x8F or 0xAA or 0xAE or 0xAF => CdbGrammar.Length(cdb),
            0x89 => 2u * cdb[13],
            0x41 or 0x93 => 1,
            _ => 0,
        };
        byte[] data = new byte[Math.Min(DataBytesMax, (blocks % 257) * (uint)FuzzNames.BlockBytes[0])];
        if (random.OneIn(2)) random.NextBytes(data.AsSpan(0, Math.Min(64, data.Length)));
        return data;
    }

    /// <summary>Pages that we have, and others (SPC-4): caching 08h, control 0Ah, informational exceptions 1Ch.</summary>
    private static byte[] ModeSelect(Random random, int header)
    {
        var list = new List<byte>(new byte[header]);
        if (random.OneIn(6))
        {
            list[header == 4 ? 3 : 7] = 8;
            list.AddRange(new byte[8]);
        }

        for (int pages = random.Next(4); pages > 0; pages--)
        {
            byte code = random.OneOf<byte>(0x08, 0x0A, 0x1C, 0x3F, 0x02, 0x8A);
            byte length = code switch { 0x08 => 0x12, 0x0A or 0x1C or 0x8A => 0x0A, _ => (byte)random.Next(24) };
            byte[] page = new byte[2 + length];
            (page[0], page[1]) = (code, length);
            if (code == 0x0A && random.OneIn(2)) (page[2], page[3], page[4]) = (0x02, 0x10, (byte)(random.Next(2) << 3));
            if (code == 0x08) page[2] = 0x04;
            list.AddRange(page);
        }

        return [.. list];
    }

    private static byte[] Unmap(Random random)
    {
        int descriptors = random.OneOf(0, 1, 2, 3, 16, 255, 256);
        byte[] list = new byte[8 + (16 * descriptors)];
        BinaryPrimitives.WriteUInt16BigEndian(list, (ushort)(list.Length - 2));
        BinaryPrimitives.WriteUInt16BigEndian(list.AsSpan(2), random.OneIn(6) ? (ushort)Numbers.Interesting(random) : (ushort)(16 * descriptors));
        for (int i = 0; i < descriptors; i++)
        {
            Span<byte> one = list.AsSpan(8 + (16 * i), 16);
            BinaryPrimitives.WriteUInt64BigEndian(one, random.OneIn(16) ? Numbers.Interesting(random) : (ulong)random.Next(FuzzNames.Blocks));
            BinaryPrimitives.WriteUInt32BigEndian(one[8..], random.OneIn(16) ? (uint)Numbers.Interesting(random) : (uint)random.Next(8));
        }

        return list;
    }

    private static byte[] PersistentReserve(Random random, bool moves)
    {
        var list = new List<byte>(new byte[24]);
        Span<byte> head = stackalloc byte[24];
        head.Clear();
        BinaryPrimitives.WriteUInt64BigEndian(head, (ulong)random.Next(3));
        BinaryPrimitives.WriteUInt64BigEndian(head[8..], (ulong)random.Next(3));
        byte flags = random.OneOf<byte>(0, 0, 0, 1, 4, 8, 0x0D);
        byte[] names = moves || (flags & 8) != 0 ? TransportIds(random) : [];
        if (moves)
        {
            head[17] = random.OneOf<byte>(0, 1, 2, 3);
            head[19] = random.OneOf<byte>(1, 1, 1, 0, 2);
            BinaryPrimitives.WriteUInt32BigEndian(head[20..], (uint)names.Length);
        }
        else
        {
            head[20] = flags;
        }

        head.CopyTo(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(list));
        if (!moves && names.Length > 0)
        {
            byte[] length = new byte[4];
            BinaryPrimitives.WriteUInt32BigEndian(length, (uint)names.Length);
            list.AddRange(length);
        }

        list.AddRange(names);
        return [.. list];
    }

    /// <summary>TransportIDs of iSCSI (SPC-4), well formed and otherwise.</summary>
    private static byte[] TransportIds(Random random)
    {
        var ids = new List<byte>();
        for (int count = random.OneOf(1, 1, 1, 2, 5); count > 0; count--)
        {
            string name = random.OneOf(FuzzNames.Initiator, FuzzNames.Initiator + ".b", new string('n', 223), "");
            string text = random.OneIn(8) ? name : string.Create(CultureInfo.InvariantCulture, $"{name},i,0x{random.Next(3):x12}");
            byte[] id = new byte[4 + ((Encoding.ASCII.GetByteCount(text) + 4) & -4)];
            id[0] = random.OneOf<byte>(0x45, 0x45, 0x45, 0x45, 0x05, 0x06);
            BinaryPrimitives.WriteUInt16BigEndian(id.AsSpan(2), (ushort)(id.Length - 4));
            Encoding.ASCII.GetBytes(text, id.AsSpan(4));
            ids.AddRange(id);
        }

        return [.. ids];
    }

    /// <summary>EXTENDED COPY, LID1: CSCDs by NAA or T10 name, segments block to block.</summary>
    private static byte[] ExtendedCopy(Random random)
    {
        int ends = random.OneOf(0, 1, 2, 2, 2, 8, 9), segments = random.OneOf(0, 1, 1, 2, 16, 17);
        byte[] list = new byte[16 + (32 * ends) + (28 * segments)];
        (list[0], list[1]) = ((byte)random.Next(3), random.OneOf<byte>(0x00, 0x10, 0x18, 0x20));
        BinaryPrimitives.WriteUInt16BigEndian(list.AsSpan(2), (ushort)(32 * ends));
        BinaryPrimitives.WriteUInt32BigEndian(list.AsSpan(8), (uint)(28 * segments));
        for (int i = 0; i < ends; i++) CopyEnd(list.AsSpan(16 + (32 * i), 32), random);
        for (int i = 0; i < segments; i++) CopySegment(list.AsSpan(16 + (32 * ends) + (28 * i), 28), random);
        return list;
    }

    private static void CopyEnd(Span<byte> to, Random random)
    {
        int lun = random.Next(FuzzNames.BlockBytes.Count);
        byte[] name = random.OneIn(3) ? Encoding.ASCII.GetBytes("VSAN    " + FuzzNames.Serial(lun)) : Convert.FromHexString(FuzzNames.Naa(lun));
        (to[0], to[4], to[5], to[7]) = (0xE4, 1, 3, (byte)name.Length);
        if (name.Length != 16) (to[4], to[5]) = (2, 1);
        name.CopyTo(to[8..]);
        BinaryPrimitives.WriteUInt16BigEndian(to[30..], (ushort)FuzzNames.BlockBytes[lun]);
    }

    private static void CopySegment(Span<byte> to, Random random)
    {
        (to[0], to[1], to[3]) = (0x02, random.OneOf<byte>(0, 2), 0x18);
        (to[5], to[7]) = ((byte)random.Next(2), (byte)random.Next(2));
        BinaryPrimitives.WriteUInt16BigEndian(to[10..], random.OneOf<ushort>(0, 1, 8, 8, 16, 256, 65535));
        BinaryPrimitives.WriteUInt64BigEndian(to[12..], random.OneIn(8) ? Numbers.Interesting(random) : (ulong)random.Next(64));
        BinaryPrimitives.WriteUInt64BigEndian(to[20..], random.OneIn(8) ? Numbers.Interesting(random) : (ulong)random.Next(64));
    }
}
