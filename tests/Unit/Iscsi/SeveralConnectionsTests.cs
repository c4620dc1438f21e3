using System.Text;
using VSan.Iscsi;
using VSan.Scsi;
using Xunit;

namespace VSan.Tests.Unit.Iscsi;

/// <summary>Sessions of several connections: who may join, who leaves alone and who takes the others along (RFC 7143, 6.3.4, 7, 11.14).</summary>
public sealed class SeveralConnectionsTests
{
    private const string Keys = $"InitiatorName={TestInitiator.Name}\nTargetName={TestInitiator.Target}\n";
    private const string Write = "2A 00 00000000 00 0001 00", Ready = "00 00 00 00 00 00";

    [Theory, Trait("clause", "RFC 7143, 13.2")]
    [InlineData(1, 1)]
    [InlineData(4, 4)]
    [InlineData(8, 8)]
    [InlineData(9, 8)]
    [InlineData(65535, 8)]
    public void Login_MaxConnections_IsTheSmallerOfBoth(int asked, int agreed) =>
        Assert.Contains($"MaxConnections={agreed}\n", new TestInitiator().Login(0x87, Keys + $"MaxConnections={asked}\n").Text, StringComparison.Ordinal);

    [Fact]
    public void Join_SecondConnection_ServesTheSameLunsInTheSameSession()
    {
        TestInitiator first = Lead();
        TestInitiator second = first.Join(2);
        Ask(second, first);
        Ask(first, second);
        SessionSnapshot session = first.Sessions.Snapshot().Single();
        Assert.Equal((3, "10.0.0.9:40000,10.0.0.9:40000"), ((int)session.Commands, session.Peer));

        // In turn, each with the CmdSN that the other left.
        static void Ask(TestInitiator who, TestInitiator other)
        {
            who.Command(Ready, 0x80, 0);
            other.CmdSN = who.CmdSN;
            Assert.Equal(0, who.Receive().Single().Header[3]);
        }
    }

    [Fact, Trait("clause", "RFC 7143, 13")]
    public void Join_KeysOfTheLeadingLogin_AreIrrelevantAndThoseOfTheConnectionAreNot()
    {
        TestInitiator first = Lead();
        var second = new TestInitiator(beside: first);
        string text = second.Login(0x87, Keys + "MaxConnections=8\nMaxBurstLength=4096\nErrorRecoveryLevel=0\nDataDigest=CRC32C,None\n", Tsih(first), 2).Text;
        Assert.Contains("MaxConnections=Irrelevant\nMaxBurstLength=Irrelevant\nErrorRecoveryLevel=Irrelevant\nDataDigest=CRC32C\n", text, StringComparison.Ordinal);
        Assert.Contains("DataDigest=None", first.Sessions.Snapshot().Single().Parameters, StringComparison.Ordinal);
    }

    [Fact, Trait("clause", "RFC 7143, 11.13.5")]
    public void Join_WithoutTheRightTo_IsRefused()
    {
        TestInitiator first = Lead("MaxConnections=2\n");
        Assert.Equal(0x020A, Refusal(first, Keys.Replace("host", "other", StringComparison.Ordinal), Tsih(first), 2));
        Assert.Equal(0x020A, Refusal(first, Keys, (ushort)(Tsih(first) + 1), 2));
        Assert.Equal(0x020A, Refusal(first, Keys, Tsih(first), 2, isid: 0x40));
        first.Join(2);
        Assert.Equal(0x0206, Refusal(first, Keys, Tsih(first), 3));
        Assert.False(first.Transport.Closed);
    }

    [Fact, Trait("clause", "RFC 7143, 11.13.5")]
    public void Join_ThroughAnotherPortalGroup_CannotBeIncluded()
    {
        TestInitiator first = Lead();
        FakeTransport transport = new();
        IscsiConnection connection = first.Ring.Accept(transport, "10.0.0.9:40001", TestInitiator.Portal with { GroupTag = 2 });
        connection.OnReceived(first.Frame(LoginHeader(Tsih(first), 2), Text(Keys)));
        Assert.Equal(0x0208, (transport.Sent[36] << 8) | transport.Sent[37]);
    }

    [Fact]
    public void Join_SessionOfAnotherRing_MovesThereWithAllThatItSent()
    {
        TestInitiator first = Lead();
        var elsewhere = new IscsiRing(
            new ScsiRing(1, TestPool.Create()), first.Sessions, first.Mailbox, new IscsiLimits { ConnectionsPerRing = 8, CommandsPerRing = 8 }, first.Clock);
        FakeTransport transport = new();
        byte[] login = first.Frame(LoginHeader(Tsih(first), 2), Text(Keys));
        IscsiConnection connection = elsewhere.Accept(transport, "10.0.0.9:40001", TestInitiator.Portal);
        connection.OnReceived(login.AsSpan(0, 20));
        Assert.Null(transport.Moved);
        connection.OnReceived(login.AsSpan(20));
        Assert.Equal(0, transport.Moved!.Value.RingIndex);
        Assert.Equal(login, transport.Moved.Value.Received);
        connection.OnClosed();
        Assert.False(first.Transport.Closed);
        FakeTransport moved = new();
        first.Ring.Accept(moved, "10.0.0.9:40001", TestInitiator.Portal).OnReceived(transport.Moved.Value.Received);
        Assert.Equal((0x87, 0), (moved.Sent[1], moved.Sent[36] | moved.Sent[37]));
    }

    [Fact, Trait("clause", "RFC 7143, 11.14")]
    public void Logout_OfAConnection_LeavesTheOthersAlone()
    {
        TestInitiator first = Lead();
        TestInitiator second = first.Join(2);
        TestInitiator third = first.Join(3);
        Assert.Equal(1, LogOut(first, reason: 1, connectionId: 9));
        Assert.Equal(0, LogOut(first, reason: 1, connectionId: 3));
        Assert.Equal((false, false, true), (first.Transport.Closed, second.Transport.Closed, third.Transport.Closed));
        Assert.Equal(0, LogOut(first, reason: 1, connectionId: 1));
        Assert.Equal((true, false), (first.Transport.Closed, second.Transport.Closed));
        second.Command(Ready, 0x80, 0);
        Assert.Equal(0, second.Receive().Single().Header[3]);
        Assert.Equal(0, LogOut(second, reason: 1, connectionId: 2));
        Assert.True(second.Transport.Closed);
        Assert.Empty(first.Sessions.Snapshot());
    }

    [Fact]
    public void Logout_OfTheSession_ClosesEveryConnection()
    {
        TestInitiator first = Lead();
        TestInitiator second = first.Join(2);
        Assert.Equal(0, LogOut(second, reason: 0, connectionId: 0));
        Assert.True(first.Transport.Closed && second.Transport.Closed);
        Assert.Empty(first.Sessions.Snapshot());
    }

    [Fact, Trait("clause", "RFC 7143, 7.1.4.4")]
    public void Failure_OfOneConnection_EndsTheSession()
    {
        TestInitiator first = Lead();
        TestInitiator second = first.Join(2);
        second.Connection.OnClosed();
        Assert.True(first.Transport.Closed);
        Assert.Empty(first.Sessions.Snapshot());
    }

    [Fact, Trait("clause", "RFC 7143, 6.3.4")]
    public void Reinstatement_OfAConnection_WaitsForItsWritesAndLeavesTheOthersAlone()
    {
        TestInitiator first = Lead();
        TestInitiator second = first.Join(2);
        second.Volume.Hold = true;
        second.Command(Write, 0xA0, 512, new byte[512]);
        var fresh = new TestInitiator(beside: first);
        fresh.Feed(LoginHeader(Tsih(first), 2), Text(Keys));
        fresh.Mailbox.Run();
        Assert.True(second.Transport.Closed);
        Assert.Empty(fresh.Receive());
        second.Volume.CompleteOne();
        fresh.Mailbox.Run();
        Assert.Equal((0x87, 0), (fresh.Receive().Single() is var answer ? answer.Header[1] : 0, answer.Header[36] | answer.Header[37]));
        Assert.False(first.Transport.Closed);
        Assert.Empty(second.Receive());
        second.Connection.OnClosed();
        Assert.Single(first.Sessions.Snapshot());
    }

    [Fact, Trait("clause", "RFC 7143, 6.3.5")]
    public void Reinstatement_OfTheSession_WaitsForTheWritesOfEveryConnectionThatItHad()
    {
        TestInitiator first = Lead();
        TestInitiator second = first.Join(2);
        second.Volume.Hold = true;
        second.Command(Write, 0xA0, 512, new byte[512]);
        LogOut(first, reason: 1, connectionId: 2);
        var fresh = new TestInitiator(beside: first);
        fresh.Feed(LoginHeader(0, 1), Text(Keys));
        fresh.Mailbox.Run();
        Assert.True(first.Transport.Closed);
        Assert.Empty(fresh.Receive());
        second.Volume.CompleteOne();
        fresh.Mailbox.Run();
        Assert.Equal(0x87, fresh.Receive().Single().Header[1]);
    }

    [Fact]
    public void AbortTask_FromAnotherConnection_FindsTheTask()
    {
        TestInitiator first = Lead();
        TestInitiator second = first.Join(2);
        second.Volume.Hold = true;
        uint tag = second.Tag;
        second.Command(Write, 0xA0, 512, new byte[512]);
        first.Feed(TestInitiator.Header(0x42, 0x81, 0x999, tag, second.CmdSN));
        Assert.Empty(first.Receive());
        second.Volume.CompleteOne();
        Assert.Equal(0, first.Receive().Single().Header[2]);
        Assert.Empty(second.Receive());
    }

    [Fact]
    public void ClearTaskSet_OfTheOwnSession_IsNotReportedAsAnothersDoing()
    {
        TestInitiator first = Lead();
        TestInitiator second = first.Join(2);
        second.Volume.Hold = true;
        second.Command(Write, 0xA0, 512, new byte[512]);
        first.Feed(TestInitiator.Header(0x42, 0x84, 0x999, 0, second.CmdSN));
        second.Volume.CompleteOne();
        Acknowledge(second, second.Receive().Single().U32(24));
        Assert.Equal(0, first.Receive().Single().Header[2]);
        second.Volume.Hold = false;
        second.Command(Ready, 0x80, 0);
        Assert.Equal(0, second.Receive().Single().Header[3]);
    }

    [Fact, Trait("clause", "RFC 7143, 4.2.2.3.2")]
    public void ClearTaskSet_StatusOnAnotherConnectionUnseen_IsAnsweredOnceItIsSeen()
    {
        TestInitiator first = Lead();
        TestInitiator second = first.Join(2);
        second.Command(Ready, 0x80, 0);
        uint status = second.Receive().Single().U32(24);
        first.Feed(TestInitiator.Header(0x42, 0x84, 0x999, 0, second.CmdSN));
        Assert.Empty(first.Receive());
        Assert.Equal((0x20, 0xFFFFFFFFu), (second.Receive().Single() is var ping ? ping.Opcode : 0, ping.U32(16)));
        Acknowledge(second, status);
        Assert.Empty(first.Receive());
        Acknowledge(second, status + 1);
        Assert.Equal(0x22, first.Receive().Single().Opcode);
    }

    [Theory]
    [InlineData(64, false)]
    [InlineData(65, true)]
    public void ClearTaskSet_MoreThanMayWaitForStatuses_EndsTheSession(int count, bool ends)
    {
        TestInitiator first = Lead();
        TestInitiator second = first.Join(2);
        for (int i = 0; i < count; i++) first.Feed(TestInitiator.Header(0x42, 0x84, (uint)(0x999 + i), 0, second.CmdSN));
        Assert.Equal(ends, second.Transport.Closed);
        Assert.Equal(ends, first.Transport.Closed);
    }

    // TAS is 1: each command is answered where it came in.
    [Theory, Trait("clause", "SAM-5, 5.6")]
    [InlineData(0x84)]
    [InlineData(0x85)]
    public void Commands_EndedByAnotherSession_AreAnsweredTaskAbortedOnTheirOwnConnections(byte function)
    {
        TestInitiator first = Lead();
        TestInitiator second = first.Join(2);
        var stranger = new TestInitiator(beside: first);
        stranger.Login(0x87, Keys.Replace(TestInitiator.Name, TestInitiator.Name + ".b", StringComparison.Ordinal));
        stranger.Command(Ready, 0x80, 0);
        stranger.Receive();
        first.Volume.Hold = true;
        (uint firstTag, uint secondTag) = (first.Tag, second.Tag + 0x100);
        second.Tag = secondTag;
        first.Command(Write, 0xA0, 512, new byte[512]);
        second.CmdSN = first.CmdSN;
        second.Command(Write, 0xA0, 512, new byte[512]);
        stranger.Feed(TestInitiator.Header(0x42, function, 0x999, 0, stranger.CmdSN));
        Assert.Empty(stranger.Receive());
        first.Volume.CompleteOne();
        first.Volume.CompleteOne();
        Assert.Equal((firstTag, 0x40), Ended(first));
        Assert.Equal((secondTag, 0x40), Ended(second));
        Assert.Equal(0x22, stranger.Receive().Single().Opcode);

        static (uint Tag, int Status) Ended(TestInitiator host) => host.Receive().Single() is var answer ? (answer.U32(16), answer.Header[3]) : default;
    }

    [Fact, Trait("clause", "RFC 7143, 4.2.3.3")]
    public void ClearTaskSet_AheadOfACommandThatWasSentBefore_WaitsForItAndEndsIt()
    {
        TestInitiator first = Lead();
        TestInitiator second = first.Join(2);
        second.Volume.Hold = true;
        first.Feed(TestInitiator.Header(0x42, 0x84, 0x999, 0, second.CmdSN + 1));
        second.Command(Write, 0xA0, 512, new byte[512]);
        second.Volume.CompleteOne();
        Acknowledge(second, second.Receive().Single().U32(24));
        Assert.Equal(0x22, first.Receive().Single().Opcode);
        Assert.Empty(second.Receive());
    }

    /// <summary>A sign of life that says which statuses have come.</summary>
    private static void Acknowledge(TestInitiator host, uint expStatSN)
    {
        byte[] alive = TestInitiator.Header(0x40, 0x80, 0xFFFFFFFF, 0xFFFFFFFF, host.CmdSN);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(alive.AsSpan(28), expStatSN);
        host.Feed(alive);
    }

    private static TestInitiator Lead(string keys = "MaxConnections=8\n") => new TestInitiator().LogIn("InitialR2T=No\n" + keys);

    private static ushort Tsih(TestInitiator session) => session.Sessions.Snapshot().Single().Tsih;

    private static byte[] Text(string keys) => Encoding.ASCII.GetBytes(keys.Replace('\n', '\0'));

    private static byte[] LoginHeader(ushort tsih, ushort connectionId, byte isid = 0x80)
    {
        byte[] header = TestInitiator.Header(0x43, 0x87, 7, (uint)connectionId << 16, 1);
        header[8] = isid;
        (header[14], header[15]) = ((byte)(tsih >> 8), (byte)tsih);
        return header;
    }

    private static int Refusal(TestInitiator beside, string keys, ushort tsih, ushort connectionId, byte isid = 0x80)
    {
        var second = new TestInitiator(beside: beside);
        second.Feed(LoginHeader(tsih, connectionId, isid), Text(keys));
        ReceivedPdu answer = second.Receive().Single();
        Assert.True(second.Transport.Closed);
        return (answer.Header[36] << 8) | answer.Header[37];
    }

    private static int LogOut(TestInitiator on, int reason, ushort connectionId)
    {
        on.Feed(TestInitiator.Header(0x46, (byte)(0x80 | reason), 0x55, (uint)connectionId << 16, on.CmdSN));
        return on.Receive().Single(pdu => pdu.Opcode == 0x26).Header[2];
    }
}
