using System.Buffers.Binary;
using System.Text;
using VSan.Iscsi.Pdu;
using VSan.Tests.Fuzz.Scripts;

namespace VSan.Tests.Fuzz.Grammar;

/// <summary>One generator for each PDU that an initiator sends (RFC 7143, 11), and one for those that it must not.</summary>
internal static class PduGrammar
{
    public const byte Final = 0x80, Continue = 0x40, Immediate = 0x40;

    private const Fix Usual = Fix.CmdSN | Fix.Length | Fix.Digests;
    private const int TagsInUse = 24;

    public static Step.Pdu Login(int connection, byte flags, string text, Fix more = Fix.None)
    {
        byte[] header = Header(Opcode.LoginRequest | (Opcode)Immediate, flags, tag: 1);
        (header[8], header[13], header[21]) = (0x80, (byte)connection, 1);
        return new Step.Pdu(connection, Usual | more, header, Encoding.UTF8.GetBytes(text));
    }

    /// <summary>One more connection of the session that was there last; each has a CID of its own.</summary>
    public static Step.Pdu Join(int connection, string text)
    {
        Step.Pdu login = Login(connection, 0x87, text, Fix.Tsih);
        (login.Header[13], login.Header[21]) = (0, (byte)(1 + connection));
        return login;
    }

    /// <summary>A login PDU with any stage, version, TSIH, ISID.</summary>
    public static Step.Pdu AnyLogin(int connection, string text, Random random)
    {
        byte flags = random.OneOf<byte>(0x87, 0x87, 0x81, 0x04, 0x00, 0x44, 0x40, 0x83, 0xC7, 0x86, (byte)random.Next(256));
        Step.Pdu login = Login(connection, flags, text, random.OneIn(8) ? Fix.Tsih : Fix.None);
        if (random.OneIn(16)) login.Header[3] = (byte)random.Next(3);
        if (random.OneIn(16)) Numbers.Interesting32(random, login.Header.AsSpan(12));
        if (random.OneIn(16)) login.Header[19] = (byte)random.Next(4);
        return Sloppy(login, random);
    }

    public static Step.Pdu Command(int connection, byte flags, byte[] cdb, uint expected, byte[] data, Random random)
    {
        byte[] header = Header(Opcode.ScsiCommand, flags, AnyTag(random));
        if (random.OneIn(8)) header[0] |= Immediate;
        header[9] = random.OneOf<byte>(0, 0, 0, 0, 1, 1, 2, 3);
        if (random.OneIn(30)) header[8] = (byte)random.Next(256);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(20), expected);
        cdb.CopyTo(header, 32);
        return Sloppy(new Step.Pdu(connection, Usual, header, data), random);
    }

    public static Step.Pdu TestUnitReady(int connection, byte lun)
    {
        byte[] header = Header(Opcode.ScsiCommand, Final, tag: 1);
        header[9] = lun;
        return new Step.Pdu(connection, Usual, header, []);
    }

    /// <summary>Data for the oldest R2T: all of it, or a piece.</summary>
    public static Step.Pdu SolicitedData(int connection, Random random)
    {
        Fix fixes = Fix.Length | Fix.Digests | Fix.ReadyToTransfer | (random.OneIn(4) ? Fix.None : Fix.Whole);
        byte[] header = Header(Opcode.DataOut, random.OneOf<byte>(0, 0, Final), tag: 0);

        // Added to what is right: each number of it is wrong now and then, alone.
        if (random.OneIn(6)) header[random.OneOf(23, 39, 43)] = random.OneOf<byte>(1, 2, 4);
        return Sloppy(new Step.Pdu(connection, fixes, header, new byte[random.OneOf(0, 4, 512, 1024, 4096)]), random);
    }

    /// <summary>Data that nobody asked for, behind a command of this tag.</summary>
    public static Step.Pdu UnsolicitedData(int connection, uint tag, uint dataSN, uint offset, bool final, byte[] data, Random random)
    {
        byte[] header = Header(Opcode.DataOut, final ? Final : (byte)0, tag);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(20), random.OneIn(20) ? (uint)Numbers.Interesting(random) : BasicHeader.ReservedTag);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(36), random.OneIn(20) ? (uint)Numbers.Interesting(random) : dataSN);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(40), random.OneIn(20) ? (uint)Numbers.Interesting(random) : offset);
        return Sloppy(new Step.Pdu(connection, Fix.Length | Fix.Digests, header, data), random);
    }

    public static Step.Pdu Text(int connection, byte flags, string text, bool goesOn, Random random)
    {
        byte[] header = Header(Opcode.TextRequest, flags, tag: 9);
        if (random.OneIn(6)) header[0] |= Immediate;
        if (!goesOn) header.AsSpan(20, 4).Fill(0xFF);
        return Sloppy(new Step.Pdu(connection, Usual | (goesOn ? Fix.TextTag : Fix.None), header, Encoding.UTF8.GetBytes(text)), random);
    }

    public static Step.Pdu NopOut(int connection, Random random)
    {
        byte[] header = Header(Opcode.NopOut, Final, random.OneIn(4) ? BasicHeader.ReservedTag : AnyTag(random));
        if (random.OneIn(2)) header[0] |= Immediate;
        header.AsSpan(20, 4).Fill(random.OneIn(4) ? (byte)random.Next(3) : (byte)0xFF);
        byte[] ping = new byte[random.OneOf(0, 0, 1, 3, 4, 100, 8191, 8192, 8193, 20000)];
        random.NextBytes(ping);
        return Sloppy(new Step.Pdu(connection, Usual, header, ping), random);
    }

    public static Step.Pdu TaskManagement(int connection, Random random)
    {
        byte function = (byte)random.OneOf(1, 1, 2, 4, 5, 6, 7, 3, 8, 0, 9, 127);
        byte[] header = Header(Opcode.TaskManagementRequest, (byte)(Final | function), AnyTag(random));
        if (random.OneIn(2)) header[0] |= Immediate;
        header[9] = random.OneOf<byte>(0, 0, 1, 2, 9);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(20), AnyTag(random));
        return Sloppy(new Step.Pdu(connection, Usual, header, []), random);
    }

    public static Step.Pdu Logout(int connection, Random random)
    {
        byte[] header = Header(Opcode.LogoutRequest, (byte)(Final | random.OneOf(0, 1, 2, 2, 3, 127)), AnyTag(random));
        if (random.OneIn(2)) header[0] |= Immediate;
        return Sloppy(new Step.Pdu(connection, Usual, header, []), random);
    }

    public static Step.Pdu Snack(int connection, Random random) =>
        Sloppy(new Step.Pdu(connection, Usual, Header(Opcode.SnackRequest, (byte)(Final | random.Next(4)), AnyTag(random)), []), random);

    /// <summary>Any operation code, those of targets and those of nobody among them, and any bytes behind it.</summary>
    public static Step.Pdu Other(int connection, Random random)
    {
        byte[] header = new byte[BasicHeader.Bytes];
        random.NextBytes(header);
        (header[4], header[5], header[6]) = (0, 0, 0);
        return new Step.Pdu(connection, Usual, header, new byte[random.OneOf(0, 0, 4, 48)]);
    }

    /// <summary>A tag out of few, so that PDUs meet.</summary>
    public static uint AnyTag(Random random) => random.OneIn(40) ? (uint)Numbers.Interesting(random) : 0x10 + (uint)random.Next(TagsInUse);

    private static byte[] Header(Opcode opcode, byte flags, uint tag)
    {
        byte[] header = new byte[BasicHeader.Bytes];
        (header[0], header[1]) = ((byte)opcode, flags);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(16), tag);
        return header;
    }

    /// <summary>Now and then a fix is left out, a field is hit, or additional header segments come.</summary>
    private static Step.Pdu Sloppy(Step.Pdu pdu, Random random)
    {
        switch (random.Next(120))
        {
            case 0:
                return pdu with { Fixes = pdu.Fixes & ~(Fix)(1 << random.Next(8)) };
            case 1:
                pdu.Header[random.Next(BasicHeader.Bytes)] ^= (byte)(1 << random.Next(8));
                return pdu;
            case 2:
                Numbers.Interesting32(random, pdu.Header.AsSpan(4 * random.Next(BasicHeader.Bytes / 4), 4));
                return pdu;
            case 3 or 4:
                byte words = random.OneOf<byte>(1, 2, 12, 255);
                pdu.Header[4] = words;
                return pdu with { Header = [.. pdu.Header, .. new byte[4 * (random.OneIn(4) ? words - 1 : words)]] };
            case 5:
                Numbers.Interesting32(random, pdu.Header.AsSpan(24, 4));
                return pdu;
            default:
                return pdu;
        }
    }
}
