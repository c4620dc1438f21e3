using Xunit;

namespace VSan.Tests.Unit.Iscsi;

/// <summary>Commands of one session that overtake each other on its connections are delivered in the order of CmdSN (RFC 7143, 4.2.2.1).</summary>
public sealed class ConnectionOrderTests
{
    private const string Write = "2A 00 00000000 00 0001 00", Read = "28 00 00000000 00 0001 00";

    [Theory]
    [InlineData(1)]
    [InlineData(47)]
    [InlineData(48)]
    [InlineData(4096)]
    public void Command_AheadOfItsTurn_WaitsForTheOneOnTheOtherConnection(int piece)
    {
        TestInitiator first = Lead();
        TestInitiator second = first.Join(2);
        byte[] data = [.. Enumerable.Range(0, 512).Select(i => (byte)(i * 7))];
        byte[] write = first.Frame(first.CommandHeader(Write, 0xA0, 512), data);
        second.CmdSN = first.CmdSN;
        byte[] read = second.Frame(second.CommandHeader(Read, 0xC0, 512));

        // Behind the read, a ping: it waits with it.
        byte[] ping = second.Frame(TestInitiator.Header(0x40, 0x80, 0x77, 0xFFFFFFFF, second.CmdSN));
        FeedInPieces(second, [.. read, .. ping], piece);
        Assert.Empty(second.Receive());
        Assert.True(second.Transport.ReceivePaused);

        FeedInPieces(first, write, piece);
        Assert.Equal(0x21, first.Receive().Single().Opcode);
        List<ReceivedPdu> answers = second.Receive();
        Assert.Equal([0x25, 0x20], answers.Select(pdu => pdu.Opcode));

        // Delivered in order; a write whose data is still on the way does not hold up the read (SIMPLE tasks).
        if (piece > write.Length) Assert.Equal(data, answers[0].Data);
        Assert.False(second.Transport.ReceivePaused);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Commands_StripedAndArrivingInAnyOrder_AreEachAnsweredOnTheirConnection(int seed)
    {
        var random = new Random(seed);
        TestInitiator first = Lead();
        TestInitiator[] connections = [first, first.Join(2, "HeaderDigest=CRC32C\nDataDigest=CRC32C\n"), first.Join(3), first.Join(4, "DataDigest=CRC32C\n")];
        var sent = connections.Select(_ => new List<byte>()).ToArray();
        var tags = connections.Select(_ => new List<uint>()).ToArray();
        uint cmdSN = first.CmdSN;
        for (uint number = 0; number < 100; number++)
        {
            int at = random.Next(connections.Length);
            (connections[at].CmdSN, connections[at].Tag) = (cmdSN++, 0x1000 + number);
            tags[at].Add(0x1000 + number);
            bool writes = random.Next(2) == 0;
            byte[] header = connections[at].CommandHeader(writes ? Write : Read, writes ? (byte)0xA0 : (byte)0xC0, 512);
            sent[at].AddRange(connections[at].Frame(header, writes ? new byte[512] : null));
        }

        while (sent.Any(bytes => bytes.Count > 0))
        {
            int at = random.Next(connections.Length);
            int count = Math.Min(random.Next(1, 4000), sent[at].Count);
            connections[at].Connection.OnReceived([.. sent[at].Take(count)]);
            sent[at].RemoveRange(0, count);
        }

        for (int at = 0; at < connections.Length; at++)
        {
            List<ReceivedPdu> answers = connections[at].Receive();
            Assert.Equal(tags[at], answers.Select(pdu => pdu.U32(16)));
            Assert.All(answers.Zip(answers.Skip(1)), pair => Assert.Equal(pair.First.U32(24) + 1, pair.Second.U32(24)));
            Assert.False(connections[at].Transport.ReceivePaused);
        }
    }

    [Fact]
    public void Immediate_BehindNothing_IsTakenAtOnceAlthoughCommandsAreMissing()
    {
        TestInitiator first = Lead();
        TestInitiator second = first.Join(2);
        second.Feed(TestInitiator.Header(0x40, 0x80, 0x77, 0xFFFFFFFF, first.CmdSN + 5));
        Assert.Equal(0x20, second.Receive().Single().Opcode);
    }

    [Fact]
    public void Command_OutsideTheWindow_IsIgnoredAndDoesNotWait()
    {
        TestInitiator first = Lead();
        TestInitiator second = first.Join(2);
        second.CmdSN = first.CmdSN + 10_000;
        second.Command(Read, 0xC0, 512);
        Assert.False(second.Transport.ReceivePaused);
        Assert.Empty(second.Receive());
        Assert.False(second.Transport.Closed);
    }

    [Fact]
    public void Command_ThatNeverComes_EndsTheSessionInTime()
    {
        TestInitiator first = Lead();
        TestInitiator second = first.Join(2);
        second.CmdSN = first.CmdSN + 1;
        second.Command(Read, 0xC0, 512);
        Pass(first, first.Ring.Limits.MissingCommandTime - TimeSpan.FromSeconds(1));
        Assert.False(second.Transport.Closed);
        Pass(first, TimeSpan.FromSeconds(2));
        Assert.True(second.Transport.Closed && first.Transport.Closed);
        Assert.Empty(first.Sessions.Snapshot());
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public void Backlog_OneByteBeyondTheBound_EndsTheSession(int beyond, bool ends)
    {
        TestInitiator first = Lead();
        TestInitiator second = first.Join(2);
        second.CmdSN = first.CmdSN + 1;
        second.Command(Read, 0xC0, 512);
        second.Connection.OnReceived(new byte[first.Ring.Limits.BacklogBytesPerRing + beyond]);
        Assert.Equal(ends, first.Transport.Closed);

        // What the one held is free for the next.
        second.Connection.OnClosed();
        TestInitiator other = new TestInitiator(beside: first).LogIn("MaxConnections=2\n");
        TestInitiator beside = other.Join(2);
        beside.CmdSN = other.CmdSN + 1;
        beside.Command(Read, 0xC0, 512);
        beside.Connection.OnReceived(new byte[first.Ring.Limits.BacklogBytesPerRing]);
        Assert.False(beside.Transport.Closed);
    }

    private static TestInitiator Lead() => new TestInitiator().LogIn("InitialR2T=No\nMaxConnections=8\n");

    private static void FeedInPieces(TestInitiator to, byte[] bytes, int piece)
    {
        foreach (byte[] chunk in bytes.Chunk(piece)) to.Connection.OnReceived(chunk);
    }

    private static void Pass(TestInitiator host, TimeSpan time)
    {
        host.Clock.Advance(time);
        host.Ring.EndOfTurn();
        host.Ring.Tick();
    }
}
