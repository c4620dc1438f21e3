using System.Text;
using VSan.Tests.Unit.Iscsi;
using Xunit;

namespace VSan.Tests.Unit.Limits;

/// <summary>What docs/limits.md says of logins and text, at each bound and one past it.</summary>
public sealed class NegotiationLimitTests
{
    private const string Names = $"InitiatorName={TestInitiator.Name}\0TargetName={TestInitiator.Target}\0";
    private const int NegotiationBytesMax = 64 * 1024, NegotiationPdusMax = 64, LoginSegmentBytesMax = 8192, AnswerBytesMax = 8192;
    private const byte Continue = 0x44, Last = 0x87;

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public void LoginSegment_Of8KiB_IsTheLongest(int beyond, bool closed)
    {
        var host = new TestInitiator();
        FeedLogin(host, Continue, Names.PadRight(LoginSegmentBytesMax + beyond, '\0'));
        Assert.Equal(closed, host.Transport.Closed);
        Assert.Equal(closed ? 0 : 1, host.Receive().Count);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public void Negotiation_Of64KiB_IsTheLongest(int beyond, bool closed)
    {
        var host = new TestInitiator();
        for (int left = NegotiationBytesMax + beyond; left > 0 && !host.Transport.Closed; left -= LoginSegmentBytesMax)
        {
            FeedLogin(host, Continue, new string('a', Math.Min(left, LoginSegmentBytesMax)));
        }

        Assert.Equal(closed, host.Transport.Closed);
    }

    [Theory]
    [InlineData(NegotiationPdusMax, 0x0000)]
    [InlineData(NegotiationPdusMax + 1, 0x0200)]
    public void Login_Of64Pdus_IsTheLongest(int pdus, int status)
    {
        var host = new TestInitiator();
        for (int i = 1; i < pdus; i++) FeedLogin(host, Continue, i == 1 ? Names : "");
        host.Receive();
        FeedLogin(host, Last, "");
        AssertStatus(status, host.Receive().Single());
    }

    [Theory]
    [InlineData(NegotiationPdusMax, 0x24)]
    [InlineData(NegotiationPdusMax + 1, 0x3F)]
    public void Text_Of64Pdus_IsTheLongest(int pdus, int opcode)
    {
        TestInitiator host = new TestInitiator().LogIn();
        for (int i = 1; i <= pdus; i++)
        {
            host.Receive();
            host.Feed(TestInitiator.Header(0x04, (byte)(i == pdus ? 0x80 : 0x40), 9, i == 1 ? uint.MaxValue : 2, host.CmdSN++));
        }

        Assert.Equal(opcode, host.Receive().Single().Opcode);
        Assert.False(host.Transport.Closed);
    }

    [Theory]
    [InlineData(63, 8192, 0x0000)]
    [InlineData(64, 1, 0x0200)]
    [InlineData(1, 8193, 0x0200)]
    public void KeyAndValue_Of63And8192Characters_AreTheLongest(int key, int value, int status)
    {
        var host = new TestInitiator();
        string text = Names + new string('K', key) + "=" + new string('v', value) + "\0";
        while (text.Length > LoginSegmentBytesMax)
        {
            FeedLogin(host, Continue, text[..LoginSegmentBytesMax]);
            text = text[LoginSegmentBytesMax..];
        }

        host.Receive();
        FeedLogin(host, Last, text);
        AssertStatus(status, host.Receive().Single());
    }

    // Pairs have short names, so that their answers fit into one: the names of the first PDU are two of them.
    [Theory]
    [InlineData(254, 0x0000)]
    [InlineData(255, 0x0200)]
    public void Pairs_256OfThem_AreTheMost(int more, int status)
    {
        var host = new TestInitiator();
        FeedLogin(host, Last, Names + string.Concat(Enumerable.Range(0, more).Select(i => $"X{i:D3}=\0")));
        AssertStatus(status, host.Receive().Single());
    }

    [Theory]
    [InlineData(0, 0x0000)]
    [InlineData(1, 0x0200)]
    public void LoginAnswer_Of8KiB_IsTheLongest(int beyond, int status)
    {
        // What else is answered: the portal group, our own segment length; each unknown key with "=NotUnderstood" and a zero.
        int fixedBytes = "TargetPortalGroupTag=1\0MaxRecvDataSegmentLength=262144\0".Length, each = "=NotUnderstood\0".Length;
        var text = new StringBuilder(Names);
        int left = AnswerBytesMax + beyond - fixedBytes;
        for (int i = 0; left > 0; i++)
        {
            int name = left > 200 ? 60 : left > 63 + each ? 40 : left - each;
            text.Append($"{i:D3}".PadRight(name, 'k')).Append("=\0");
            left -= name + each;
        }

        var host = new TestInitiator();
        FeedLogin(host, Last, text.ToString());
        ReceivedPdu answer = host.Receive().Single();
        AssertStatus(status, answer);
        Assert.Equal(status == 0 ? AnswerBytesMax : 0, answer.Data.Length);
    }

    [Theory]
    [InlineData("MaxRecvDataSegmentLength", 262144)]
    [InlineData("FirstBurstLength", 262144)]
    [InlineData("MaxBurstLength", 1048576)]
    [InlineData("MaxOutstandingR2T", 8)]
    [InlineData("MaxConnections", 8)]
    public void Key_OfASize_IsNegotiatedNoFurtherThanItsBound(string key, int bound)
    {
        foreach (int asked in (int[])[bound, bound + 1])
        {
            var host = new TestInitiator();
            FeedLogin(host, Last, Names + (key == "FirstBurstLength" ? "MaxBurstLength=16777215\0" : "") + $"{key}={asked}\0");
            Assert.Contains($"{key}={bound}\n", host.Receive().Single().Text, StringComparison.Ordinal);
        }
    }

    private static void FeedLogin(TestInitiator host, byte flags, string text)
    {
        byte[] header = TestInitiator.Header(0x43, flags, 7, 1 << 16, host.CmdSN);
        header[8] = 0x80;
        host.Feed(header, Encoding.ASCII.GetBytes(text));
    }

    private static void AssertStatus(int status, ReceivedPdu answer) => Assert.Equal((0x23, status), (answer.Opcode, (answer.Header[36] << 8) | answer.Header[37]));
}
