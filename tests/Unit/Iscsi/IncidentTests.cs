using VSan.Iscsi;
using Xunit;

namespace VSan.Tests.Unit.Iscsi;

/// <summary>A peer's mistakes are told once, with the clause, and counted by reason.</summary>
public sealed class IncidentTests : IIncidentLog
{
    private readonly List<Incident> _incidents = [];

    void IIncidentLog.OnIncident(in Incident incident) => _incidents.Add(incident);

    [Fact, Trait("clause", "RFC 7143, 11.7")]
    public void DataOut_WithAForeignOffset_IsToldOnceWithItsClause()
    {
        TestInitiator host = Host().LogIn("InitialR2T=Yes\nImmediateData=No\n");
        uint tag = host.Tag;
        host.Command("2A 00 00 00 00 00 00 00 08 00", 0xA0, 4096);
        ReceivedPdu ready = Assert.Single(host.Receive());
        host.DataOut(tag, ready.U32(20), 0, offset: 512, final: true, new byte[512]);
        Incident incident = Assert.Single(_incidents);
        Assert.Equal(new Incident(IncidentKind.ConnectionDropped, "ProtocolError", "RFC 7143, 11.7", "10.0.0.9:40000", TestInitiator.Name), incident);
        Assert.Equal(1, Count(host.Ring.Counters.Rejects, "ProtocolError"));
        Assert.Equal(1, host.Ring.Counters.ReadyToTransfer);
    }

    [Fact, Trait("clause", "RFC 7143, 11.16")]
    public void Snack_AtErrorRecoveryLevel0_IsToldAndTheSessionGoesOn()
    {
        TestInitiator host = Host().LogIn();
        host.Feed(TestInitiator.Header(0x10, 0x80, 1, 0, 0));
        Assert.Equal((IncidentKind.PduRejected, "SnackReject"), (Assert.Single(_incidents).Kind, _incidents[0].Reason));
        host.Command("00 00 00 00 00 00", 0x80, 0);
        Assert.Contains(host.Receive(), pdu => pdu.Opcode == 0x21);
    }

    [Fact, Trait("clause", "RFC 7143, 11.13.5")]
    public void Login_ToATargetThatIsNotThere_IsToldAsRefused()
    {
        TestInitiator host = Host();
        _ = host.Login(0x87, $"InitiatorName={TestInitiator.Name}\nTargetName=iqn.2026-11.org.example:none\n");
        Assert.Equal((IncidentKind.LoginRefused, "NotFound"), (Assert.Single(_incidents).Kind, _incidents[0].Reason));
        Assert.Equal(1, Count(host.Ring.Counters.LoginRefusals, "NotFound"));
    }

    [Fact, Trait("clause", "RFC 7143, 7.8")]
    public void Header_WithABadDigest_IsToldAsADrop()
    {
        TestInitiator host = Host().LogIn("HeaderDigest=CRC32C\n");
        byte[] pdu = host.Frame(host.CommandHeader("00 00 00 00 00 00", 0x80, 0));
        pdu[20] ^= 1;
        host.Connection.OnReceived(pdu);
        Assert.Equal((IncidentKind.ConnectionDropped, "HeaderDigestError"), (Assert.Single(_incidents).Kind, _incidents[0].Reason));
        Assert.Equal(1, Count(host.Ring.Counters.Drops, "HeaderDigestError"));
    }

    [Fact]
    public void Session_WithoutMistakes_IsNotTold()
    {
        TestInitiator host = Host().LogIn();
        host.Command("28 00 00 00 00 00 00 00 08 00", 0xC0, 4096);
        Assert.Empty(_incidents);
        Assert.All(host.Ring.Counters.Rejects, one => Assert.Equal(0, one.Count));
        Assert.Equal(1, host.Ring.Counters.Logins);
    }

    private TestInitiator Host()
    {
        var host = new TestInitiator();
        host.Ring.Incidents = this;
        return host;
    }

    private static long Count(IEnumerable<(string Reason, long Count)> counts, string reason) => counts.Single(one => one.Reason == reason).Count;
}
