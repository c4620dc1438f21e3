using System.Globalization;
using System.Text;
using VSan.Iscsi;
using VSan.Iscsi.Chap;
using Xunit;

namespace VSan.Tests.Unit.Iscsi;

/// <summary>Discovery sessions that must authenticate before SendTargets tells them anything (RFC 7143, 4.3 and 12.1.3).</summary>
public sealed class DiscoveryChapTests
{
    private const string Session = "SessionType=Discovery\n";
    private const int AuthenticationFailure = 0x0201;
    private static readonly ChapSecret Secret = new("finder", "a-secret-to-discover"), Own = new("the-server", "the-servers-own-secret");

    [Fact]
    public void Proof_ThatIsRight_OpensTheDiscoverySession()
    {
        TestInitiator host = Host(new DiscoveryAccess(Secret));
        ReceivedPdu answer = host.Login(0x83, Proof(host, Secret.Secret));
        Assert.Equal((0, 0x83), (Status(answer), answer.Header[1]));
        host.Feed(TestInitiator.Header(0x04, 0x80, 9, 0xFFFFFFFF, host.CmdSN++), Encoding.ASCII.GetBytes("SendTargets=All\0"));
        Assert.Contains($"TargetName={TestInitiator.Target}", host.Receive().Single().Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Proof_OfAnotherSecret_IsRefusedAndTellsNothing()
    {
        TestInitiator host = Host(new DiscoveryAccess(Secret));
        ReceivedPdu answer = host.Login(0x83, Proof(host, "the-secret-of-a-target"));
        Assert.Equal(AuthenticationFailure, Status(answer));
        Assert.True(host.Transport.Closed);
        Assert.Contains(host.Ring.Counters.LoginRefusals, refusal => refusal is { Name: "AuthenticationFailure", Count: 1 });
    }

    [Theory]
    [InlineData(0x87, "")]                    // straight to full feature phase
    [InlineData(0x81, "AuthMethod=None\n")]
    public void NoProof_IsRefused(byte flags, string keys)
    {
        TestInitiator host = Host(new DiscoveryAccess(Secret));
        Assert.Equal(AuthenticationFailure, Status(host.Login(flags, $"InitiatorName={TestInitiator.Name}\n{Session}{keys}")));
    }

    [Fact]
    public void Challenge_OfTheInitiator_IsMetWithTheServersSecret_OrRefusedWithoutOne()
    {
        TestInitiator host = Host(new DiscoveryAccess(Secret, Own));
        ReceivedPdu answer = host.Login(0x81, Proof(host, Secret.Secret) + "CHAP_I=17\nCHAP_C=0x01020304\n");
        string expected = Convert.ToHexStringLower(ChapAuthenticator.Respond(7, 17, Own.Secret, [1, 2, 3, 4]));
        Assert.Equal($"CHAP_N=the-server\nCHAP_R=0x{expected}\n", answer.Text);

        host = Host(new DiscoveryAccess(Secret));
        Assert.Equal(AuthenticationFailure, Status(host.Login(0x81, Proof(host, Secret.Secret) + "CHAP_I=17\nCHAP_C=0x01020304\n")));
    }

    [Fact]
    public void Secret_OfDiscovery_IsNoneOfATarget()
    {
        TestInitiator host = Host(new DiscoveryAccess(Secret));
        host.LogIn();
        Assert.False(host.Transport.Closed);
    }

    private static TestInitiator Host(DiscoveryAccess discovery)
    {
        TestInitiator host = new();
        host.Ring.Apply(new TargetCatalog(2, host.Ring.Catalog.Targets, discovery));
        return host;
    }

    private static string Proof(TestInitiator host, string secret)
    {
        host.Login(0x81, $"InitiatorName={TestInitiator.Name}\n{Session}AuthMethod=CHAP\n");
        Dictionary<string, string> keys = host.Login(0x01, "CHAP_A=7\n").Text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        byte[] response = ChapAuthenticator.Respond(
            7, byte.Parse(keys["CHAP_I"], CultureInfo.InvariantCulture), secret, Convert.FromHexString(keys["CHAP_C"][2..]));
        return $"CHAP_N={Secret.UserName}\nCHAP_R=0x{Convert.ToHexString(response)}\n";
    }

    private static int Status(ReceivedPdu answer) => (answer.Header[36] << 8) | answer.Header[37];
}
