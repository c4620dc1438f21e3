using System.Buffers.Binary;
using VSan.Iscsi;
using VSan.Tests.Unit.Iscsi;
using Xunit;

namespace VSan.Tests.Unit.Limits;

/// <summary>What docs/limits.md says of connections, sessions and their PDUs, at each bound and one past it.</summary>
public sealed class SessionLimitTests
{
    private const string Read1Block = "28 00 00000000 00 0001 00";
    private const int Window = 128, ConnectionsMax = 512, SegmentBytesMax = 256 * 1024, PingBytesMax = 8192, ReadyToTransfersMax = 8;

    [Theory]
    [InlineData(ConnectionsMax, false)]
    [InlineData(ConnectionsMax + 1, true)]
    public void Connections_512OfARing_AreTheMost(int count, bool closed)
    {
        var first = new TestInitiator();
        FakeTransport last = first.Transport;
        for (int i = 1; i < count; i++) first.Ring.Accept(last = new FakeTransport(), "10.0.0.9:40001", TestInitiator.Portal);
        Assert.Equal(closed, last.Closed);
    }

    [Theory]
    [InlineData(1, 0x0000)]
    [InlineData(2, 0x0302)]
    public void Sessions_AsManyAsTheServerMayHave_AreTheMost(int count, int status)
    {
        var host = new TestInitiator(limits: new IscsiLimits { ConnectionsPerRing = 8, CommandsPerRing = 8, SessionsMax = 1 });
        int last = 0;
        for (int i = 0; i < count; i++)
        {
            ReceivedPdu answer = new TestInitiator(beside: host).Login(0x87, $"InitiatorName={TestInitiator.Name}.{i}\nTargetName={TestInitiator.Target}\n");
            last = (answer.Header[36] << 8) | answer.Header[37];
        }

        Assert.Equal(status, last);
    }

    [Theory]
    [InlineData(7, 0x0000)]
    [InlineData(8, 0x0206)]
    public void Connections_EightOfASession_AreTheMost(int more, int status)
    {
        TestInitiator first = new TestInitiator().LogIn("MaxConnections=100\n");
        ushort tsih = first.Sessions.Snapshot().Single().Tsih;
        ReceivedPdu? answer = null;
        for (int i = 0; i < more; i++)
        {
            answer = new TestInitiator(beside: first).Login(0x87, $"InitiatorName={TestInitiator.Name}\nTargetName={TestInitiator.Target}\n", tsih, (ushort)(2 + i));
        }

        Assert.Equal(status, (answer!.Header[36] << 8) | answer.Header[37]);
    }

    [Fact]
    public void Commands_128InTheWindow_AreTheMostAndMoreAreIgnored()
    {
        TestInitiator host = Holding();
        for (int i = 0; i < Window; i++) host.Command(Read1Block, 0xC0, 512);
        Assert.Equal(Window, host.Ring.CommandsInFlight().Count);
        host.Command(Read1Block, 0xC0, 512);
        Assert.Equal(Window, host.Ring.CommandsInFlight().Count);
        Assert.Empty(host.Receive());
        Assert.False(host.Transport.Closed);
    }

    [Fact]
    public void ImmediateCommands_AsManyAsTheWindowBesideIt_AreTheMost()
    {
        TestInitiator host = Holding();
        for (int i = 0; i < Window; i++) host.Command(Read1Block, 0xC0, 512);
        for (int i = 0; i < Window; i++) Immediate(host);
        Assert.Equal(2 * Window, host.Ring.CommandsInFlight().Count);
        Assert.Empty(host.Receive());
        Immediate(host);
        ReceivedPdu reject = host.Receive().Single();
        Assert.Equal((0x3F, 0x06), (reject.Opcode, reject.Header[2]));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public void Segment_Of256KiB_IsTheLongest(int beyond, bool closed)
    {
        TestInitiator host = new TestInitiator().LogIn("FirstBurstLength=262144\n");
        host.Feed(TestInitiator.Header(0x40, 0x80, 5, uint.MaxValue, host.CmdSN), new byte[SegmentBytesMax + beyond]);
        Assert.Equal(closed, host.Transport.Closed);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(4, true)]
    public void FirstBurst_OfWhatWasAgreed_IsTheLongest(int beyond, bool closed)
    {
        TestInitiator host = new TestInitiator().LogIn("InitialR2T=No\nFirstBurstLength=1024\n");
        uint tag = host.Tag;
        host.Command("2A 00 00000000 00 0004 00", 0x20, 2048, new byte[512]);
        host.DataOut(tag, uint.MaxValue, 0, 512, final: true, new byte[512 + beyond]);
        Assert.Equal(closed, host.Transport.Closed);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(4, true)]
    public void Burst_OfWhatWasAskedFor_IsTheLongest(int beyond, bool closed)
    {
        TestInitiator host = new TestInitiator().LogIn("MaxBurstLength=1024\n");
        uint tag = host.Tag;
        host.Command("2A 00 00000000 00 0004 00", 0xA0, 2048);
        ReceivedPdu ready = host.Receive().Single();
        Assert.Equal(1024u, ready.U32(44));
        host.DataOut(tag, ready.U32(20), 0, 0, final: true, new byte[1024 + beyond]);
        Assert.Equal(closed, host.Transport.Closed);
    }

    [Theory]
    [InlineData(ReadyToTransfersMax)]
    [InlineData(ReadyToTransfersMax + 1)]
    public void ReadyToTransfers_EightOfACommand_AreTheMostAndTheNextWaits(int bursts)
    {
        TestInitiator host = new TestInitiator().LogIn("MaxBurstLength=512\nFirstBurstLength=512\nMaxOutstandingR2T=100\n");
        uint tag = host.Tag;
        host.Command($"2A 00 00000000 00 00{bursts:X2} 00", 0xA0, (uint)bursts * 512);
        List<ReceivedPdu> asked = host.Receive();
        Assert.Equal(ReadyToTransfersMax, asked.Count);
        host.DataOut(tag, asked[0].U32(20), 0, 0, final: true, new byte[512]);
        Assert.Equal(bursts - ReadyToTransfersMax, host.Receive().Count);
    }

    [Theory]
    [InlineData(PingBytesMax, PingBytesMax)]
    [InlineData(PingBytesMax + 1, PingBytesMax)]
    public void PingData_Of8KiB_IsTheLongestThatComesBack(int sent, int back)
    {
        TestInitiator host = new TestInitiator().LogIn("MaxRecvDataSegmentLength=65536\n");
        host.Feed(TestInitiator.Header(0x40, 0x80, 5, uint.MaxValue, host.CmdSN), new byte[sent]);
        Assert.Equal(back, host.Receive().Single().Data.Length);
    }

    [Fact]
    public void AdditionalHeaders_Of1020Bytes_AreTaken()
    {
        TestInitiator host = new TestInitiator().LogIn();
        byte[] header = TestInitiator.Header(0x40, 0x80, 5, uint.MaxValue, host.CmdSN);
        header[4] = 255;
        host.Connection.OnReceived([.. header, .. new byte[1020]]);
        Assert.Equal(0x20, host.Receive().Single().Opcode);
    }

    [Theory]
    [InlineData(29_999, 0, false)]
    [InlineData(30_000, 1, false)]
    [InlineData(59_999, 1, false)]
    [InlineData(60_000, 0, true)]
    public void Silence_Of30And60Seconds_IsAskedAndEnded(int milliseconds, int pings, bool closed)
    {
        TestInitiator host = new TestInitiator().LogIn();
        host.Ring.Tick();
        host.Clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
        host.Ring.Tick();
        Assert.Equal((pings, closed), (host.Receive().Count, host.Transport.Closed));
    }

    private static TestInitiator Holding()
    {
        TestInitiator host = new TestInitiator().LogIn();
        host.Volume.Hold = true;
        return host;
    }

    private static void Immediate(TestInitiator host)
    {
        byte[] header = host.CommandHeader(Read1Block, 0xC0, 512);
        header[0] |= 0x40;
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(24), --host.CmdSN);
        host.Feed(header);
    }
}
