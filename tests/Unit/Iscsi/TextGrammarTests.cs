using System.Text;
using Xunit;

namespace VSan.Tests.Unit.Iscsi;

/// <summary>
/// Every key of RFC 7143, 12 and 13, with good, extreme and hostile values, twice, too long, continued, zeroes anywhere: each PDU gets an
/// answer or the end of the connection, and no answer is longer than an initiator takes.
/// </summary>
public sealed class TextGrammarTests
{
    private const int AnswerBytesMax = 8192;

    private static readonly string[] Keys =
    [
        "AuthMethod", "CHAP_A", "CHAP_I", "CHAP_C", "CHAP_N", "CHAP_R", "HeaderDigest", "DataDigest", "MaxConnections", "SendTargets",
        "TargetName", "InitiatorName", "TargetAlias", "InitiatorAlias", "TargetAddress", "TargetPortalGroupTag", "InitialR2T",
        "ImmediateData", "MaxRecvDataSegmentLength", "MaxBurstLength", "FirstBurstLength", "DefaultTime2Wait", "DefaultTime2Retain",
        "MaxOutstandingR2T", "DataPDUInOrder", "DataSequenceInOrder", "ErrorRecoveryLevel", "SessionType", "IFMarker", "OFMarker",
        "IFMarkInt", "OFMarkInt", "TaskReporting", "iSCSIProtocolLevel", "X-org.example.key", new string('K', 63), new string('K', 64), "",
    ];

    private static readonly string[] Values =
    [
        "Yes", "No", "None", "CRC32C", "CRC32C,None", "None,CRC32C,", ",,,", "CHAP,None", "5", "7", "All", "Normal", "Discovery", "RFC3720",
        "0", "1", "2", "511", "512", "8192", "65535", "65536", "16777215", "16777216", "4294967296", "-1", "+1", " 1", "0x", "0x200", "0XFFFFFFFF",
        "0b", "0bAAAA", "", "=", "a=b", "Reject", "NotUnderstood", "Irrelevant", "?", "\u00E9\uFFFD", "1~2", "a\0b", "\0\0", TestInitiator.Name,
        TestInitiator.Target, new string('9', 400), new string('A', 2100), new string('x', 8000),
    ];

    [Theory]
    [InlineData(3)]
    [InlineData(17)]
    public void AnyKeys_InLoginAndText_GetAnAnswerOrTheEnd(int seed)
    {
        var random = new Random(seed);
        var first = new TestInitiator();
        int answered = 0;
        for (int round = 0; round < 600; round++)
        {
            var host = new TestInitiator(beside: first);
            if (random.Next(2) == 0) host.LogIn("", random.Next(2) == 0 ? "SessionType=Discovery\n" : $"TargetName={TestInitiator.Target}\n");
            bool login = host.Sessions.Snapshot().Count == 0;
            for (int pdu = 0; pdu < 6 && !host.Transport.Closed; pdu++)
            {
                host.Feed(Header(login, pdu, random, host), Text(login && pdu == 0, random));
                List<ReceivedPdu> answers = host.Receive();
                Assert.True(answers.Count == 1 || (answers.Count == 0 && host.Transport.Closed), $"round {round}: {answers.Count} answers");
                foreach (ReceivedPdu answer in answers) Assert.InRange(answer.Data.Length, 0, AnswerBytesMax);
                answered += answers.Count;
                login &= host.Sessions.Snapshot().Count == 0;
            }

            host.Connection.OnClosed();
            first.Mailbox.Run();
            Assert.Empty(host.Sessions.Snapshot());
        }

        Assert.True(answered > 100, $"only {answered} answers");
    }

    [Theory]
    [InlineData(50, 0x0000)]
    [InlineData(120, 0x0200)]
    public void Login_WhoseAnswerNoInitiatorTakes_IsRefused(int keys, int status)
    {
        string unknown = string.Concat(Enumerable.Range(0, keys).Select(i => $"{new string('k', 57)}{i:D3}=\n"));
        var host = new TestInitiator();
        byte[] header = TestInitiator.Header(0x43, 0x44, 7, 1 << 16, host.CmdSN);
        header[8] = 0x80;
        host.Feed(header, Encoding.ASCII.GetBytes(unknown.Replace('\n', '\0')));
        host.Receive();
        header[1] = 0x87;
        host.Feed(header, Encoding.ASCII.GetBytes($"InitiatorName={TestInitiator.Name}\0TargetName={TestInitiator.Target}\0"));
        ReceivedPdu answer = host.Receive().Single();
        Assert.Equal(status, (answer.Header[36] << 8) | answer.Header[37]);
        Assert.InRange(answer.Data.Length, 0, AnswerBytesMax);
    }

    private static byte[] Header(bool login, int pdu, Random random, TestInitiator host)
    {
        bool goesOn = random.Next(4) == 0;
        if (login)
        {
            byte[] request = TestInitiator.Header(0x43, (byte)(goesOn ? 0x44 : random.Next(2) == 0 ? 0x87 : 0x04), 7, 1 << 16, host.CmdSN);
            request[8] = 0x80;
            return request;
        }

        uint transferTag = pdu > 0 && random.Next(2) == 0 ? 2 : 0xFFFFFFFF;
        return TestInitiator.Header(0x04, goesOn ? (byte)0x40 : (byte)0x80, 9, transferTag, host.CmdSN++);
    }

    private static byte[] Text(bool first, Random random)
    {
        var text = new StringBuilder();
        if (first && random.Next(8) != 0) text.Append($"InitiatorName={TestInitiator.Name}\0TargetName={TestInitiator.Target}\0");
        for (int left = random.Next(12); left > 0; left--)
        {
            text.Append(Keys[random.Next(Keys.Length)]);
            if (random.Next(20) != 0) text.Append('=');
            text.Append(Values[random.Next(Values.Length)]);
            if (random.Next(20) != 0) text.Append('\0');
        }

        byte[] bytes = Encoding.UTF8.GetBytes(text.ToString());
        return bytes.Length <= AnswerBytesMax || random.Next(10) == 0 ? bytes : bytes[..AnswerBytesMax];
    }
}
