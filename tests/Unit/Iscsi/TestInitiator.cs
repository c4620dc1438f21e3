using System.Buffers.Binary;
using System.Text;
using VSan.Iscsi;
using VSan.Scsi;

namespace VSan.Tests.Unit.Iscsi;

/// <summary>One PDU as an initiator sees it, digests and padding taken off.</summary>
internal sealed record ReceivedPdu(byte[] Header, byte[] Data)
{
    public int Opcode => Header[0] & 0x3F;

    public uint U32(int at) => BinaryPrimitives.ReadUInt32BigEndian(Header.AsSpan(at));

    public string Text => Encoding.ASCII.GetString(Data).Replace('\0', '\n');
}

/// <summary>A ring with one target, and an initiator that speaks to it byte by byte.</summary>
internal sealed class TestInitiator
{
    public const string Target = "iqn.2026-11.io.vsan-appliance:unit.test";
    public const string Name = "iqn.2026-11.org.example:host";

    /// <summary>Command slots of the ring.</summary>
    public const int Slots = 256;

    private bool _headerDigest;
    private bool _dataDigest;

    /// <summary>The portal that the initiator dials.</summary>
    public static readonly TargetPortal Portal = new("10.0.0.1:3260", TargetPortal.GroupTagDefault);

    public TestInitiator(
        ChapSecret? chap = null,
        RamVolume? volume = null,
        TestInitiator? beside = null,
        string access = TargetAccess.Anybody,
        ChapSecret? targetChap = null,
        IscsiLimits? limits = null)
    {
        Volume = beside?.Volume ?? volume ?? new RamVolume(16384);
        Mailbox = beside?.Mailbox ?? new FakeMailbox();
        Clock = beside?.Clock ?? new TestClock();
        Sessions = beside?.Sessions ?? new SessionRegistry();
        Unit = beside?.Unit ?? new LogicalUnit(Volume, new LogicalUnitIdentity("6" + new string('b', 31), "S1"), writeCache: true);
        if (beside is null)
        {
            Ring = new IscsiRing(new ScsiRing(0, TestPool.Create()), Sessions, Mailbox, limits ?? new IscsiLimits { ConnectionsPerRing = 512, CommandsPerRing = Slots }, Clock);
            var luns = new Dictionary<int, TargetLun> { [0] = new(Unit, false) };
            Ring.Apply(new TargetCatalog(1, [new IscsiTarget(Target, [Portal], [new TargetAccess(access, chap, luns, targetChap)])]));
        }
        else
        {
            Ring = beside.Ring;
        }

        Connection = Ring.Accept(Transport, "10.0.0.9:40000", Portal);
    }

    public RamVolume Volume { get; }

    public FakeMailbox Mailbox { get; }

    public TestClock Clock { get; }

    public SessionRegistry Sessions { get; }

    public LogicalUnit Unit { get; }

    public IscsiRing Ring { get; }

    public FakeTransport Transport { get; } = new();

    public IscsiConnection Connection { get; }

    public uint CmdSN { get; set; } = 1;

    public uint Tag { get; set; } = 0x10;

    /// <summary>The same target, which shows its initiators nothing any more.</summary>
    public static TargetCatalog CatalogWithoutLuns(long generation) =>
        new(generation, [new IscsiTarget(Target, [], [new TargetAccess(TargetAccess.Anybody, null, new Dictionary<int, TargetLun>())])]);

    public static byte[] Header(byte opcode, byte flags, uint tag, uint word20, uint cmdSN)
    {
        byte[] header = new byte[48];
        (header[0], header[1]) = (opcode, flags);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(16), tag);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(20), word20);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(24), cmdSN);
        return header;
    }

    public byte[] Frame(byte[] header, byte[]? data = null)
    {
        data ??= [];
        (header[5], header[6], header[7]) = ((byte)(data.Length >> 16), (byte)(data.Length >> 8), (byte)data.Length);
        var pdu = new List<byte>(header);
        if (_headerDigest) pdu.AddRange(DigestOracle.Of(header));
        if (data.Length == 0) return [.. pdu];
        byte[] padded = [.. data, .. new byte[-data.Length & 3]];
        pdu.AddRange(padded);
        if (_dataDigest) pdu.AddRange(DigestOracle.Of(padded));
        return [.. pdu];
    }

    public void Feed(byte[] header, byte[]? data = null) => Connection.OnReceived(Frame(header, data));

    public List<ReceivedPdu> Receive()
    {
        var pdus = new List<ReceivedPdu>();
        ReadOnlySpan<byte> bytes = Transport.Sent;
        while (!bytes.IsEmpty)
        {
            byte[] header = bytes[..48].ToArray();
            bytes = bytes[48..];
            if (_headerDigest)
            {
                Assert(bytes[..4].SequenceEqual(DigestOracle.Of(header)));
                bytes = bytes[4..];
            }

            int length = (header[5] << 16) | (header[6] << 8) | header[7];
            byte[] data = bytes[..length].ToArray();
            int padded = (length + 3) & ~3;
            if (_dataDigest && length > 0)
            {
                Assert(bytes.Slice(padded, 4).SequenceEqual(DigestOracle.Of(bytes[..padded])));
                padded += 4;
            }

            bytes = bytes[padded..];
            pdus.Add(new ReceivedPdu(header, data));
        }

        Transport.Clear();
        return pdus;
    }

    public ReceivedPdu Login(byte flags, string keys, ushort tsih = 0, ushort connectionId = 1)
    {
        byte[] header = Header(0x43, flags, 7, (uint)connectionId << 16, CmdSN);
        header[8] = 0x80;
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(14), tsih);
        Feed(header, Encoding.ASCII.GetBytes(keys.Replace('\n', '\0')));
        return Receive().Single();
    }

    public TestInitiator LogIn(string extra = "InitialR2T=No\nImmediateData=Yes\n", string? session = null)
    {
        ReceivedPdu answer = Login(0x87, $"InitiatorName={Name}\n{session ?? $"TargetName={Target}\n"}{extra}");
        Xunit.Assert.Equal(0, answer.Header[36] | answer.Header[37]);
        Xunit.Assert.Equal(0x87, answer.Header[1]);
        (_headerDigest, _dataDigest) = (extra.Contains("HeaderDigest=CRC32C"), extra.Contains("DataDigest=CRC32C"));
        if (session is null)
        {
            Command("00 00 00 00 00 00", 0x80, 0);
            Receive();
        }

        return this;
    }

    /// <summary>One more connection of the session that this one leads.</summary>
    public TestInitiator Join(ushort connectionId, string extra = "")
    {
        var joined = new TestInitiator(beside: this) { CmdSN = CmdSN };
        ReceivedPdu answer = joined.Login(0x87, $"InitiatorName={Name}\nTargetName={Target}\n{extra}", Sessions.Snapshot().Single().Tsih, connectionId);
        Xunit.Assert.Equal((0x87, 0), (answer.Header[1], answer.Header[36] | answer.Header[37]));
        (joined._headerDigest, joined._dataDigest) = (extra.Contains("HeaderDigest=CRC32C"), extra.Contains("DataDigest=CRC32C"));
        return joined;
    }

    public byte[] CommandHeader(string cdb, byte flags, uint expected)
    {
        byte[] header = Header(0x01, flags, Tag++, expected, CmdSN++);
        Convert.FromHexString(cdb.Replace(" ", "", StringComparison.Ordinal)).CopyTo(header, 32);
        return header;
    }

    public void Command(string cdb, byte flags, uint expected, byte[]? data = null) => Feed(CommandHeader(cdb, flags, expected), data);

    public void DataOut(uint tag, uint transferTag, uint dataSN, uint offset, bool final, byte[] data)
    {
        byte[] header = Header(0x05, final ? (byte)0x80 : (byte)0, tag, transferTag, 0);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(36), dataSN);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(40), offset);
        Feed(header, data);
    }

    private static void Assert(bool condition) => Xunit.Assert.True(condition);
}
