using System.Globalization;
using VSan.Iscsi;
using VSan.Iscsi.Chap;
using Xunit;

namespace VSan.Tests.Unit.Iscsi;

/// <summary>The target proves itself to the initiator that asked it to (RFC 7143, 9.2.1, 12.1.3).</summary>
public sealed class MutualChapTests
{
    private const string InitiatorSecret = "a-long-secret-1";
    private const string TargetSecret = "another-secret-2";
    private const int AuthenticationFailure = 0x0201;
    private static readonly byte[] Challenge = [.. Enumerable.Range(1, 16).Select(value => (byte)value)];

    [Theory, Trait("clause", "RFC 7143, 12.1.3")]
    [InlineData(5, "17")]
    [InlineData(5, "0x11")]
    [InlineData(7, "17")]
    public void Challenge_OfTheInitiator_IsMetWithTheTargetsNameAndSecret(int algorithm, string identifier)
    {
        (TestInitiator host, string proof, _) = Challenged(algorithm);
        ReceivedPdu answer = host.Login(0x81, $"{proof}CHAP_I={identifier}\nCHAP_C=0x{Convert.ToHexString(Challenge)}\n");
        Assert.Equal(0, Status(answer));
        string expected = Convert.ToHexStringLower(ChapAuthenticator.Respond(algorithm, 17, TargetSecret, Challenge));
        Assert.Equal($"CHAP_N=the-target\nCHAP_R=0x{expected}\n", answer.Text);
    }

    [Fact]
    public void Challenge_NotSent_TargetProvesNothing()
    {
        (TestInitiator host, string proof, _) = Challenged(5);
        ReceivedPdu answer = host.Login(0x81, proof);
        Assert.Equal((0, ""), (Status(answer), answer.Text));
    }

    [Fact, Trait("clause", "RFC 7143, 9.2.1")]
    public void Challenge_ThatIsOurOwnComeBack_IsRefused()
    {
        (TestInitiator host, string proof, string ours) = Challenged(5);
        AssertRefused(host, host.Login(0x81, $"{proof}CHAP_I=17\nCHAP_C={ours}\n"));
    }

    [Theory]
    [InlineData("CHAP_I=17\n")]
    [InlineData("CHAP_C=0x01020304\n")]
    [InlineData("CHAP_I=256\nCHAP_C=0x01020304\n")]
    [InlineData("CHAP_I=-1\nCHAP_C=0x01020304\n")]
    [InlineData("CHAP_I=17\nCHAP_C=0x\n")]
    [InlineData("CHAP_I=17\nCHAP_C=17\n")]
    public void Challenge_Malformed_IsRefused(string keys)
    {
        (TestInitiator host, string proof, _) = Challenged(5);
        AssertRefused(host, host.Login(0x81, proof + keys));
    }

    [Theory]
    [InlineData(1024, true)]
    [InlineData(1025, false)]
    public void Challenge_Of1024Bytes_IsTheLongest(int bytes, bool accepted)
    {
        (TestInitiator host, string proof, _) = Challenged(5);
        ReceivedPdu answer = host.Login(0x81, $"{proof}CHAP_I=17\nCHAP_C=0x{new string('7', 2 * bytes)}\n");
        Assert.Equal(accepted ? 0 : AuthenticationFailure, Status(answer));
    }

    [Fact]
    public void Challenge_ToATargetWithoutSecret_IsRefusedAndNeverPassesForMet()
    {
        (TestInitiator host, string proof, _) = Challenged(5, targetChap: null);
        AssertRefused(host, host.Login(0x81, $"{proof}CHAP_I=17\nCHAP_C=0x01020304\n"));
    }

    [Fact]
    public void Challenge_WithAWrongProof_IsNotMet()
    {
        (TestInitiator host, _, _) = Challenged(5);
        ReceivedPdu answer = host.Login(0x81, "CHAP_N=user\nCHAP_R=0x00112233445566778899aabbccddeeff\nCHAP_I=17\nCHAP_C=0x01020304\n");
        Assert.Equal("", answer.Text);
        AssertRefused(host, answer);
    }

    private static (TestInitiator Host, string Proof, string OurChallenge) Challenged(int algorithm) =>
        Challenged(algorithm, new ChapSecret("the-target", TargetSecret));

    private static (TestInitiator Host, string Proof, string OurChallenge) Challenged(int algorithm, ChapSecret? targetChap)
    {
        TestInitiator host = new(new ChapSecret("user", InitiatorSecret), targetChap: targetChap);
        host.Login(0x81, $"InitiatorName={TestInitiator.Name}\nTargetName={TestInitiator.Target}\nAuthMethod=CHAP\n");
        Dictionary<string, string> keys = host.Login(0x01, $"CHAP_A={algorithm}\n").Text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        byte[] response = ChapAuthenticator.Respond(
            algorithm, byte.Parse(keys["CHAP_I"], CultureInfo.InvariantCulture), InitiatorSecret, Convert.FromHexString(keys["CHAP_C"][2..]));
        return (host, $"CHAP_N=user\nCHAP_R=0x{Convert.ToHexString(response)}\n", keys["CHAP_C"]);
    }

    private static int Status(ReceivedPdu answer) => (answer.Header[36] << 8) | answer.Header[37];

    private static void AssertRefused(TestInitiator host, ReceivedPdu answer)
    {
        Assert.Equal(AuthenticationFailure, Status(answer));
        Assert.True(host.Transport.Closed);
    }
}
