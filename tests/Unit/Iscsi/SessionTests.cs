using System.Text;
using VSan.Iscsi;
using VSan.Iscsi.Chap;
using Xunit;

namespace VSan.Tests.Unit.Iscsi;

public sealed class SessionTests
{
    private const byte TaskAborted = 0x40;

    [Fact]
    public void Digest_OfThirtyTwoZeroes_IsTheStandardsVector()
    {
        byte[] digest = new byte[4];
        Crc32C.Write(digest, Crc32C.Append(Crc32C.Seed, new byte[32]));
        Assert.Equal("AA36918A", Convert.ToHexString(digest));
        Assert.Equal(digest, DigestOracle.Of(new byte[32]));
    }

    [Fact]
    public void Chap_ResponseOfAKnownChallenge_IsItsMd5()
    {
        byte[] expected = System.Security.Cryptography.MD5.HashData([7, .. "secret-secret"u8, 1, 2, 3]);
        Assert.Equal(expected, ChapAuthenticator.Respond(5, 7, "secret-secret", [1, 2, 3]));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(7)]
    public void Login_ChapWithTheRightSecret_EntersAndWithAWrongOneDoesNot(int algorithm)
    {
        foreach (bool right in (bool[])[true, false])
        {
            var host = new TestInitiator(new ChapSecret("user", "a-long-secret-1"));
            string text = host.Login(0x81, $"InitiatorName={TestInitiator.Name}\nTargetName={TestInitiator.Target}\nAuthMethod=CHAP,None\n").Text;
            Assert.Contains("AuthMethod=CHAP\n", text, StringComparison.Ordinal);
            text = host.Login(0x01, $"CHAP_A={algorithm}\n").Text;
            byte id = byte.Parse(Key(text, "CHAP_I"), System.Globalization.CultureInfo.InvariantCulture);
            byte[] challenge = Convert.FromHexString(Key(text, "CHAP_C")[2..]);
            byte[] response = ChapAuthenticator.Respond(algorithm, id, right ? "a-long-secret-1" : "another-secret-2", challenge);
            ReceivedPdu answer = host.Login(0x81, $"CHAP_N=user\nCHAP_R=0x{Convert.ToHexString(response)}\n");
            Assert.Equal(right ? 0 : 0x0201, (answer.Header[36] << 8) | answer.Header[37]);
            if (right) Assert.Equal(0x87, host.Login(0x87, "HeaderDigest=None\n").Header[1]);
            else Assert.True(host.Transport.Closed);
        }
    }

    [Fact]
    public void Login_ChapDueButSkipped_IsRefused()
    {
        var host = new TestInitiator(new ChapSecret("user", "a-long-secret-1"));
        ReceivedPdu answer = host.Login(0x87, $"InitiatorName={TestInitiator.Name}\nTargetName={TestInitiator.Target}\n");
        Assert.Equal((2, 1), (answer.Header[36], answer.Header[37]));
    }

    [Theory]
    [InlineData("TargetName=iqn.2026-11.io.vsan-appliance:unit.test\n", 0x0207)]
    [InlineData("InitiatorName=iqn.2026-11.org.example:host\n", 0x0207)]
    [InlineData("InitiatorName=iqn.2026-11.org.example:host\nTargetName=iqn.2026-11.org.example:none\n", 0x0203)]
    [InlineData("InitiatorName=iqn.2026-11.org.example:stranger\nTargetName=iqn.2026-11.io.vsan-appliance:unit.test\n", 0x0202)]
    [InlineData("InitiatorName=iqn.2026-11.org.example:host\nSessionType=Other\n", 0x0209)]
    [InlineData("nonsense\n", 0x0200)]
    public void Login_WrongKeys_EndsWithTheStatusOfTheStandard(string keys, int status)
    {
        var host = new TestInitiator(access: TestInitiator.Name);
        ReceivedPdu answer = host.Login(0x87, keys);
        Assert.Equal(status, (answer.Header[36] << 8) | answer.Header[37]);
        Assert.True(host.Transport.Closed);
    }

    [Theory]
    [InlineData("HeaderDigest=X,CRC32C,None", "HeaderDigest=CRC32C")]
    [InlineData("MaxBurstLength=16776192", "MaxBurstLength=1048576")]
    [InlineData("MaxBurstLength=7", "MaxBurstLength=Reject")]
    [InlineData("InitialR2T=No", "InitialR2T=No")]
    [InlineData("ImmediateData=No", "ImmediateData=No")]
    [InlineData("DataPDUInOrder=No", "DataPDUInOrder=Yes")]
    [InlineData("ErrorRecoveryLevel=2", "ErrorRecoveryLevel=0")]
    [InlineData("MaxConnections=12", "MaxConnections=8")]
    [InlineData("X-com.example.thing=1", "X-com.example.thing=NotUnderstood")]
    [InlineData("OFMarkInt=1", "OFMarkInt=Reject")]
    public void Login_OperationalKey_IsAnsweredByItsRule(string offer, string answer)
    {
        string text = new TestInitiator().Login(0x87, $"InitiatorName={TestInitiator.Name}\nTargetName={TestInitiator.Target}\n{offer}\n").Text;
        Assert.Contains(answer + "\n", text, StringComparison.Ordinal);
    }

    [Theory, Trait("clause", "RFC 7143, 6.2")]
    [InlineData(0x87, "MaxRecvDataSegmentLength=511")]
    [InlineData(0x87, "MaxRecvDataSegmentLength=8192")]
    [InlineData(0x87, "MaxRecvDataSegmentLength=99999999999")]
    [InlineData(0x81, "MaxRecvDataSegmentLength=0")]
    public void Login_SegmentLengthOffered_IsNamedOnceByTheTarget(byte flags, string offer)
    {
        var host = new TestInitiator();
        string text = host.Login(flags, $"InitiatorName={TestInitiator.Name}\nTargetName={TestInitiator.Target}\n{offer}\n").Text;
        if (flags == 0x81) text += host.Login(0x87, "HeaderDigest=None\n").Text;
        Assert.Single(text.Split('\n'), line => line.StartsWith("MaxRecvDataSegmentLength=", StringComparison.Ordinal));
    }

    [Fact]
    public void Login_SegmentLengthThatIsNoneBehindOurOwn_IsRefused()
    {
        var host = new TestInitiator();
        Assert.Contains("MaxRecvDataSegmentLength=", host.Login(0x04, $"InitiatorName={TestInitiator.Name}\nTargetName={TestInitiator.Target}\n").Text, StringComparison.Ordinal);
        ReceivedPdu answer = host.Login(0x87, "MaxRecvDataSegmentLength=511\n");
        Assert.Equal((0x02, 0x00, ""), (answer.Header[36], answer.Header[37], answer.Text));
    }

    [Fact, Trait("clause", "RFC 7143, 11.12")]
    public void Login_WithAnotherTagInItsMiddle_IsRefusedUnderThatTag()
    {
        var host = new TestInitiator();
        host.Login(0x81, $"InitiatorName={TestInitiator.Name}\nTargetName={TestInitiator.Target}\n");
        byte[] header = TestInitiator.Header(0x43, 0x87, 8, 1 << 16, host.CmdSN);
        header[8] = 0x80;
        host.Feed(header);
        ReceivedPdu answer = host.Receive().Single();
        Assert.Equal((8u, 0x02, 0x00), (answer.U32(16), answer.Header[36], answer.Header[37]));
    }

    [Fact]
    public void Discovery_SendTargets_TellsNamesPortalsAndGroup()
    {
        TestInitiator host = new TestInitiator().LogIn("MaxConnections=1\n", "SessionType=Discovery\n");
        host.Feed(TestInitiator.Header(0x04, 0x80, 9, 0xFFFFFFFF, host.CmdSN++), Encoding.ASCII.GetBytes("SendTargets=All\0"));
        ReceivedPdu answer = host.Receive().Single();
        Assert.Equal((0x24, 0x80), (answer.Opcode, answer.Header[1]));
        Assert.Equal($"TargetName={TestInitiator.Target}\nTargetAddress=10.0.0.1:3260,1\n", answer.Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("HeaderDigest=CRC32C\nDataDigest=CRC32C\n")]
    public void WriteThenRead_ImmediateData_ReturnsTheBytesSplitAnywhere(string digests)
    {
        TestInitiator host = new TestInitiator().LogIn("InitialR2T=No\nImmediateData=Yes\n" + digests);
        byte[] data = Pattern(1024);
        byte[] pdu = host.Frame(host.CommandHeader("2A 00 00000008 00 0002 00", 0xA0, 1024), data);
        foreach (byte one in pdu) host.Connection.OnReceived([one]);
        Assert.Equal(0x21, host.Receive().Single().Opcode);
        Assert.Equal(data, host.Volume.At(8, 2).ToArray());

        host.Command("28 00 00000008 00 0002 00", 0xC0, 1024);
        ReceivedPdu read = host.Receive().Single();
        Assert.Equal((0x25, 0x81), (read.Opcode, read.Header[1]));
        Assert.Equal(data, read.Data);
    }

    [Fact]
    public void Write_UnsolicitedAndR2T_ArriveWhole()
    {
        TestInitiator host = new TestInitiator().LogIn("InitialR2T=No\nImmediateData=Yes\nFirstBurstLength=2048\nMaxBurstLength=4096\nMaxOutstandingR2T=2\n");
        byte[] data = Pattern(16384);
        uint tag = host.Tag;
        host.Command("2A 00 00000000 00 0020 00", 0x20, 16384, data[..1024]);
        host.DataOut(tag, 0xFFFFFFFF, 0, 1024, true, data[1024..2048]);
        uint received = 2048;
        while (received < data.Length)
        {
            foreach (ReceivedPdu r2t in host.Receive())
            {
                Assert.Equal(0x31, r2t.Opcode);
                (uint offset, uint length) = (r2t.U32(40), r2t.U32(44));
                Assert.Equal(received, offset);
                host.DataOut(tag, r2t.U32(20), 0, offset, false, data[(int)offset..((int)offset + 512)]);
                host.DataOut(tag, r2t.U32(20), 1, offset + 512, true, data[((int)offset + 512)..(int)(offset + length)]);
                received += length;
            }
        }

        Assert.Equal(0x21, host.Receive().Single().Opcode);
        Assert.Equal(data, host.Volume.At(0, 32).ToArray());
    }

    [Fact]
    public void Read_LongerThanTheInitiatorsSegments_IsSplitWithStatusInTheLast()
    {
        TestInitiator host = new TestInitiator().LogIn("MaxRecvDataSegmentLength=4096\n");
        Pattern(16384).CopyTo(host.Volume.At(0, 32));
        host.Command("28 00 00000000 00 0020 00", 0xC0, 16384);
        List<ReceivedPdu> pdus = host.Receive();
        Assert.Equal(4, pdus.Count);
        Assert.Equal(0x81, pdus[3].Header[1]);
        Assert.Equal(Pattern(16384), pdus.SelectMany(pdu => pdu.Data).ToArray());
    }

    [Fact]
    public void Read_ExpectedLengthDiffers_TellsTheResidual()
    {
        TestInitiator host = new TestInitiator().LogIn();
        host.Command("28 00 00000000 00 0001 00", 0xC0, 1024);
        ReceivedPdu under = host.Receive().Single();
        Assert.Equal((0x83, 512u), (under.Header[1], under.U32(44)));
        host.Command("28 00 00000000 00 0002 00", 0xC0, 512);
        ReceivedPdu over = host.Receive().Single();
        Assert.Equal((0x85, 512u, 512), (over.Header[1], over.U32(44), over.Data.Length));
    }

    [Fact]
    public void Write_NoBufferFree_IsAskedForAgainByR2TOnceThereIsOne()
    {
        var holder = new TestInitiator();
        holder.LogIn().Transport.HoldPayloads = true;
        holder.Command("28 00 00000000 00 2000 00", 0xC0, 4 << 20);
        uint tag = holder.Tag;
        byte[] data = Pattern(512);
        holder.Receive();
        holder.Command("2A 00 00000003 00 0001 00", 0xA0, 512, data);
        holder.Ring.EndOfTurn();
        Assert.Empty(holder.Receive());
        holder.Transport.ReleasePayloads();
        holder.Ring.EndOfTurn();
        ReceivedPdu r2t = holder.Receive().Single();
        Assert.Equal((0x31, 0u, 512u), (r2t.Opcode, r2t.U32(40), r2t.U32(44)));
        holder.DataOut(tag, r2t.U32(20), 0, 0, true, data);
        Assert.Equal(0x21, holder.Receive().Single().Opcode);
        Assert.Equal(data, holder.Volume.At(3, 1).ToArray());
    }

    [Fact]
    public void AbortTask_WhileTheVolumeWorks_AnswersAfterTheWrite()
    {
        TestInitiator host = new TestInitiator().LogIn();
        host.Volume.Hold = true;
        uint tag = host.Tag;
        host.Command("2A 00 00000000 00 0001 00", 0xA0, 512, Pattern(512));
        host.Feed(TestInitiator.Header(0x42, 0x81, 0x999, tag, host.CmdSN));
        Assert.Empty(host.Receive());
        host.Volume.CompleteOne();
        ReceivedPdu answer = host.Receive().Single();
        Assert.Equal((0x22, 0), (answer.Opcode, answer.Header[2]));
        host.Feed(TestInitiator.Header(0x42, 0x81, 0x999, tag, host.CmdSN));
        Assert.Equal(1, host.Receive().Single().Header[2]);
    }

    // TAS is 1 (SPC-4, control mode page): who lost a command to another nexus is told, and need not wait for its timer.
    [Theory]
    [InlineData(0x84, 0)]
    [InlineData(0x85, 2)]
    [InlineData(0x86, 2)]
    [Trait("clause", "SAM-5, 5.6")]
    public void CommandsOfAnotherSession_EndedByAFunction_AreAnsweredWithTaskAborted(byte function, byte next)
    {
        (TestInitiator first, TestInitiator second) = Neighbours();
        first.Volume.Hold = true;
        second.Command("28 00 00000000 00 0001 00", 0xC0, 512);
        first.Feed(TestInitiator.Header(0x42, function, 0x999, 0, first.CmdSN));
        Assert.Empty(first.Receive());
        Assert.Empty(second.Receive());
        first.Volume.CompleteOne();
        Assert.Equal(0x22, first.Receive().Single().Opcode);
        ReceivedPdu answer = second.Receive().Single();
        Assert.Equal((0x21, TaskAborted), (answer.Opcode, answer.Header[3]));
        first.Volume.Hold = false;
        second.Command("00 00 00 00 00 00", 0x80, 0);
        Assert.Equal(next, second.Receive().Single().Header[3]);
    }

    [Fact]
    [Trait("clause", "SAM-5, 5.6")]
    public void WriteOfAnotherSessionThatAwaitsData_EndedByAReset_IsAnsweredAtOnceAndItsDataIsIgnored()
    {
        (TestInitiator first, TestInitiator second) = Neighbours();
        uint tag = second.Tag;
        second.Command("2A 00 00000000 00 0001 00", 0xA0, 512);
        ReceivedPdu wanted = second.Receive().Single();
        Assert.Equal(0x31, wanted.Opcode);
        first.Feed(TestInitiator.Header(0x42, 0x85, 0x999, 0, first.CmdSN));
        Assert.Equal(0x22, first.Receive().Single().Opcode);
        Assert.Equal(TaskAborted, second.Receive().Single().Header[3]);
        second.DataOut(tag, wanted.U32(20), 0, 0, final: true, Pattern(512));
        Assert.Empty(second.Receive());
        second.Command("00 00 00 00 00 00", 0x80, 0);
        Assert.Equal(2, second.Receive().Single().Header[3]);
    }

    [Fact]
    public void Reinstatement_SameInitiatorPort_WaitsForTheOldSessionsWrites()
    {
        TestInitiator old = new TestInitiator().LogIn();
        old.Volume.Hold = true;
        old.Command("2A 00 00000000 00 0001 00", 0xA0, 512, Pattern(512));
        var fresh = new TestInitiator(beside: old);
        byte[] header = TestInitiator.Header(0x43, 0x87, 7, 1 << 16, 1);
        header[8] = 0x80;
        fresh.Feed(header, Encoding.ASCII.GetBytes($"InitiatorName={TestInitiator.Name}\0TargetName={TestInitiator.Target}\0"));
        old.Mailbox.Run();
        Assert.True(old.Transport.Closed);
        Assert.Empty(fresh.Receive());
        Assert.False(old.Connection.IsQuiescent);
        old.Volume.CompleteOne();
        old.Mailbox.Run();
        Assert.Equal(0x87, fresh.Receive().Single().Header[1]);
        Assert.Single(old.Sessions.Snapshot());
    }

    [Fact]
    public void Apply_RightsChange_TellsTheSessionOrEndsIt()
    {
        TestInitiator host = new TestInitiator().LogIn();
        var luns = new Dictionary<int, TargetLun> { [0] = new(host.Unit, false), [1] = new(host.Unit, false) };
        host.Ring.Apply(new TargetCatalog(2, [new IscsiTarget(TestInitiator.Target, [], [new TargetAccess("*", null, luns)])]));
        host.Command("00 00 00 00 00 00", 0x80, 0);
        ReceivedPdu attention = host.Receive().Single();
        Assert.Equal((0x3F, 0x0E), (attention.Data[14], attention.Data[15]));
        host.Ring.Apply(TargetCatalog.Empty);
        Assert.True(host.Transport.Closed);
    }

    [Fact]
    public void Apply_LunGoesWhileItsCommandIsWithTheVolume_CommandIsAnswered()
    {
        TestInitiator host = new TestInitiator().LogIn();
        host.Volume.Hold = true;
        host.Command("28 00 00 00 00 00 00 00 01 00", 0xC0, 512);
        host.Ring.Apply(TestInitiator.CatalogWithoutLuns(2));
        Assert.Empty(host.Receive());
        host.Volume.CompleteOne();
        AssertLunNotSupported(host.Receive().Single());
    }

    [Fact, Trait("clause", "RFC 7143, 11.4.2")]
    public void Apply_LunGoesWhileDataIsOwed_CommandIsAnsweredBehindItsData()
    {
        TestInitiator host = new TestInitiator().LogIn();
        uint tag = host.Tag;
        host.Command("2A 00 00 00 00 00 00 00 01 00", 0xA0, 512);
        ReceivedPdu ready = host.Receive().Single();
        Assert.Equal(0x31, ready.Opcode);
        host.Ring.Apply(TestInitiator.CatalogWithoutLuns(2));
        Assert.Empty(host.Receive());
        host.DataOut(tag, ready.U32(20), 0, 0, final: true, Pattern(512));
        AssertLunNotSupported(host.Receive().Single());
        Assert.Equal(-1, host.Volume.At(0, 1).IndexOfAnyExcept((byte)0));
    }

    [Fact]
    public void Silence_AskedByNopThenDropped()
    {
        TestInitiator host = new TestInitiator().LogIn();
        host.Ring.Tick();
        host.Clock.Advance(TimeSpan.FromSeconds(31));
        host.Ring.Tick();
        Assert.Equal(0x20, host.Receive().Single().Opcode);
        host.Clock.Advance(TimeSpan.FromSeconds(30));
        host.Ring.Tick();
        Assert.True(host.Transport.Closed);
    }

    [Fact]
    public void Login_HalfOpenForFifteenSeconds_IsClosed()
    {
        var host = new TestInitiator();
        host.Clock.Advance(TimeSpan.FromSeconds(14));
        host.Ring.Tick();
        Assert.False(host.Transport.Closed);
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        host.Ring.Tick();
        Assert.True(host.Transport.Closed);
    }

    [Fact]
    public void Nop_WithData_IsEchoedAndLogoutCloses()
    {
        TestInitiator host = new TestInitiator().LogIn();
        host.Feed(TestInitiator.Header(0x40, 0x80, 5, 0xFFFFFFFF, host.CmdSN), Pattern(100));
        Assert.Equal(Pattern(100), host.Receive().Single().Data);
        host.Feed(TestInitiator.Header(0x46, 0x80, 6, 0, host.CmdSN));
        Assert.Equal(0x26, host.Receive().Single().Opcode);
        Assert.True(host.Transport.Closed);
    }

    /// <summary>Two sessions of two initiator ports on one logical unit; neither has an attention left.</summary>
    private static (TestInitiator First, TestInitiator Second) Neighbours()
    {
        TestInitiator first = new TestInitiator().LogIn();
        var second = new TestInitiator(beside: first);
        second.Login(0x87, $"InitiatorName={TestInitiator.Name}.b\nTargetName={TestInitiator.Target}\n");
        second.Command("00 00 00 00 00 00", 0x80, 0);
        second.Receive();
        return (first, second);
    }

    private static byte[] Pattern(int length)
    {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) bytes[i] = (byte)((i * 31) + (i >> 8) + 1);
        return bytes;
    }

    private static string Key(string text, string key) =>
        text.Split('\n').Single(line => line.StartsWith(key + "=", StringComparison.Ordinal))[(key.Length + 1)..];

    private static void AssertLunNotSupported(ReceivedPdu response)
    {
        Assert.Equal(0x21, response.Opcode);
        Assert.Equal((0x02, 0x05, 0x25), (response.Header[3], response.Data[4] & 0x0F, response.Data[14]));
    }
}
