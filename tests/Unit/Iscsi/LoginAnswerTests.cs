using System.Text;
using Xunit;

namespace VSan.Tests.Unit.Iscsi;

/// <summary>No answer is longer than an initiator takes. Keys and values of any kind are the fuzzer's (tests/Fuzz).</summary>
public sealed class LoginAnswerTests
{
    private const int AnswerBytesMax = 8192;

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
}
