using System.Text;
using Xunit;

namespace VSan.Tests.Unit.Iscsi;

public sealed class RobustnessTests
{
    [Fact]
    public void Command_BeforeLogin_ClosesWithoutAWord()
    {
        var host = new TestInitiator();
        host.Command("00 00 00 00 00 00", 0x80, 0);
        Assert.True(host.Transport.Closed);
        Assert.Empty(host.Receive());
    }

    [Fact]
    public void Command_OutsideTheWindow_IsIgnored()
    {
        TestInitiator host = new TestInitiator().LogIn();
        host.CmdSN += 1000;
        host.Command("00 00 00 00 00 00", 0x80, 0);
        host.CmdSN -= 1002;
        host.Command("00 00 00 00 00 00", 0x80, 0);
        Assert.Empty(host.Receive());
        Assert.False(host.Transport.Closed);
        host.Command("00 00 00 00 00 00", 0x80, 0);
        Assert.Single(host.Receive());
    }

    [Fact]
    public void Command_SameTagTwice_IsRejectedAsInProgress()
    {
        TestInitiator host = new TestInitiator().LogIn();
        host.Volume.Hold = true;
        host.Command("28 00 00000000 00 0001 00", 0xC0, 512);
        host.Tag--;
        host.Command("28 00 00000000 00 0001 00", 0xC0, 512);
        ReceivedPdu reject = host.Receive().Single();
        Assert.Equal((0x3F, 0x07), (reject.Opcode, reject.Header[2]));
    }

    [Theory]
    [InlineData(0xFFFFFFFFu, 512u)]
    [InlineData(0x12345678u, 0u)]
    public void DataOut_WrongOffsetOrTag_EndsTheConnectionWithAReject(uint transferTag, uint offset)
    {
        TestInitiator host = new TestInitiator().LogIn();
        uint tag = host.Tag;
        host.Command("2A 00 00000000 00 0002 00", 0x20, 1024);
        host.DataOut(tag, transferTag, 0, offset, true, new byte[512]);
        Assert.Equal(0x3F, host.Receive().Single().Opcode);
        Assert.True(host.Transport.Closed);
    }

    [Theory]
    [InlineData(0u, 0u)]
    [InlineData(1u, 0u)]
    [InlineData(0u, 27u)]
    [InlineData(0xFFFFFFFFu, 1u)]
    public void DataOut_WrongNumber_EndsTheCommandAfterItsLastDataAndWritesNothing(uint first, uint second)
    {
        TestInitiator host = new TestInitiator().LogIn();
        uint tag = host.Tag;
        host.Command("2A 00 00000000 00 0002 00", 0x20, 1024);
        byte[] data = [.. Enumerable.Repeat((byte)0xEE, 512)];
        host.DataOut(tag, 0xFFFFFFFF, first, 0, false, data);
        Assert.Empty(host.Receive());
        host.DataOut(tag, 0xFFFFFFFF, second, 512, true, data);
        ReceivedPdu answer = host.Receive().Single();
        Assert.Equal((0x21, 0x02, 0x0B, 0x47, 0x05), (answer.Opcode, answer.Header[3], answer.Data[4], answer.Data[14], answer.Data[15]));
        Assert.False(host.Transport.Closed);
        Assert.False(host.Volume.At(0, 2).ContainsAnyExcept((byte)0));
    }

    [Theory]
    [InlineData(0x20, false)]
    [InlineData(0xA0, false)]
    [InlineData(0x20, true)]
    public void DataOut_ThatDoesNotCome_EndsTheConnectionHoweverAliveItIs(byte flags, bool progress)
    {
        TestInitiator host = new TestInitiator().LogIn();
        uint tag = host.Tag;
        host.Command("2A 00 00000000 00 0003 00", flags, 1536);
        Alive();
        if (progress) host.DataOut(tag, 0xFFFFFFFF, 0, 0, false, new byte[512]);
        Alive();
        Assert.False(host.Transport.Closed);
        Alive();
        Assert.Equal(!progress, host.Transport.Closed);

        void Alive()
        {
            host.Command("00 00 00 00 00 00", 0x80, 0);
            host.Ring.Tick();
            host.Clock.Advance(TimeSpan.FromSeconds(30));
        }
    }

    [Theory]
    [InlineData(0, 0x0206)]
    [InlineData(1, 0x020A)]
    public void Login_WithATsih_SaysWhetherTheSessionIsThere(int beside, int status)
    {
        TestInitiator host = new TestInitiator().LogIn();
        var second = new TestInitiator(beside: host);
        var tsih = (ushort)(host.Sessions.Snapshot().Single().Tsih + beside);
        ReceivedPdu answer = second.Login(0x87, $"InitiatorName={TestInitiator.Name}\nTargetName={TestInitiator.Target}\n", tsih, connectionId: 2);
        Assert.Equal(status, (answer.Header[36] << 8) | answer.Header[37]);
        Assert.True(second.Transport.Closed);
        Assert.False(host.Transport.Closed);
    }

    [Fact]
    public void Segment_LongerThanDeclared_EndsTheConnection()
    {
        TestInitiator host = new TestInitiator().LogIn();
        byte[] header = host.CommandHeader("2A 00 00000000 00 0002 00", 0xA0, 1024);
        header[5] = 0xFF;
        host.Connection.OnReceived(header);
        Assert.True(host.Transport.Closed);
    }

    [Fact]
    public void HeaderDigest_Wrong_EndsTheConnection()
    {
        TestInitiator host = new TestInitiator().LogIn("HeaderDigest=CRC32C\n");
        byte[] pdu = host.Frame(host.CommandHeader("00 00 00 00 00 00", 0x80, 0));
        pdu[33] ^= 1;
        host.Connection.OnReceived(pdu);
        Assert.True(host.Transport.Closed);
    }

    [Fact]
    public void Login_EndlessContinuation_EndsAtItsBound()
    {
        var host = new TestInitiator();
        for (int i = 0; i < 70 && !host.Transport.Closed; i++)
        {
            byte[] header = TestInitiator.Header(0x43, 0x44, 7, 1 << 16, 1);
            host.Feed(header, Encoding.ASCII.GetBytes(new string('a', 8000)));
        }

        Assert.True(host.Transport.Closed);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Pdus_MutatedAtRandom_NeverThrowAndLeaveNothingBehind(int seed)
    {
        var random = new Random(seed);
        var root = new TestInitiator(volume: new RamVolume(256));
        for (int round = 0; round < 300; round++)
        {
            var host = new TestInitiator(beside: root);
            if (round % 4 != 0) host.LogIn();
            for (int i = 0; i < 20 && !host.Transport.Closed; i++)
            {
                byte[] header = host.CommandHeader(random.Next(2) == 0 ? "2A 00 00000000 00 0002 00" : "28 00 00000000 00 0002 00", (byte)random.Next(256), 1024);
                header[0] = (byte)random.Next(0x48);
                for (int flips = random.Next(4); flips > 0; flips--) header[random.Next(48)] ^= (byte)(1 << random.Next(8));
                header[4] = (byte)(random.Next(8) == 0 ? random.Next(256) : 0);
                byte[] data = new byte[random.Next(2) * random.Next(1500)];
                random.NextBytes(data);
                host.Feed(header, data);
                host.Ring.EndOfTurn();
                host.Transport.Clear();
            }

            host.Connection.OnClosed();
            Assert.True(host.Connection.IsQuiescent, $"seed {seed}, round {round}");
        }
    }

    [Fact]
    public void Commands_AfterStart_AllocateNothing()
    {
        TestInitiator host = new TestInitiator().LogIn();
        byte[] write = host.Frame(host.CommandHeader("2A 00 00000008 00 0008 00", 0xA0, 4096), new byte[4096]);
        byte[] read = host.Frame(host.CommandHeader("28 00 00000008 00 0008 00", 0xC0, 4096));
        uint cmdSN = host.CmdSN - 2;
        void Turn()
        {
            System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(write.AsSpan(24), cmdSN++);
            System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(read.AsSpan(24), cmdSN++);
            host.Connection.OnReceived(write);
            host.Connection.OnReceived(read);
            host.Ring.EndOfTurn();
            host.Transport.Clear();
        }

        for (int i = 0; i < 100; i++) Turn();
        // The runtime itself may grow a table of its own on this thread once; a command that allocates does so in every round.
        long[] allocated = new long[5];
        for (int round = 0; round < allocated.Length; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 2_000; i++) Turn();
            allocated[round] = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal(0, allocated.Min());
        Assert.Equal(20_201, host.Sessions.Snapshot().Single().Commands);
    }
}
