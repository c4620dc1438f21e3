using VSan.Iscsi;
using VSan.Scsi;
using Xunit;

namespace VSan.Tests.Unit.Iscsi;

/// <summary>A peer's mistakes are told once, with the clause, and counted by reason.</summary>
public sealed class IncidentTests : IIncidentLog
{
    private readonly List<Incident> _incidents = [];

    void IIncidentLog.OnIncident(in Incident incident) => _incidents.Add(incident);

    [Fact, Trait("clause", "RFC 7143, 11.7.6")]
    public void DataOut_WithAForeignOffset_IsToldOnceWithItsClause()
    {
        TestInitiator host = Host().LogIn("InitialR2T=Yes\nImmediateData=No\n");
        uint tag = host.Tag;
        host.Command("2A 00 00 00 00 00 00 00 08 00", 0xA0, 4096);
        ReceivedPdu ready = Assert.Single(host.Receive());
        host.DataOut(tag, ready.U32(20), 0, offset: 512, final: true, new byte[512]);
        Incident incident = Assert.Single(_incidents);
        Assert.Equal(new Incident(IncidentKind.ConnectionDropped, "ProtocolError", "RFC 7143, 11.7.6", "10.0.0.9:40000", TestInitiator.Name), incident);
        Assert.Equal(1, Count(host.Ring.Counters.Rejects, "ProtocolError"));
        Assert.Equal(1, host.Ring.Counters.ReadyToTransfer);
    }

    [Theory, Trait("clause", "RFC 7143, 11.7")]
    [InlineData(1, 0, true, 4096, "RFC 7143, 11.7.4")]    // no such R2T
    [InlineData(0, 512, true, 3584, "RFC 7143, 11.7.6")]  // not the next byte
    [InlineData(0, 0, true, 4608, "RFC 7143, 11.8.4")]    // more than was asked for
    [InlineData(0, 0, true, 2048, "RFC 7143, 11.7.1")]    // F before the end
    [InlineData(0, 0, false, 4096, "RFC 7143, 11.7.1")]   // no F at the end
    public void DataOut_Solicited_ThatIsWrong_IsToldWithItsOwnClause(uint tagOff, uint offset, bool final, int length, string clause)
    {
        TestInitiator host = Host().LogIn("InitialR2T=Yes\nImmediateData=No\n");
        uint tag = host.Tag;
        host.Command("2A 00 00 00 00 00 00 00 08 00", 0xA0, 4096);
        host.DataOut(tag, Assert.Single(host.Receive()).U32(20) + tagOff, 0, offset, final, new byte[length]);
        Assert.Equal(clause, Assert.Single(_incidents).Clause);
        Assert.True(host.Transport.Closed);
    }

    [Theory, Trait("clause", "RFC 7143, 11.7")]
    [InlineData(0xA0, 4096, 512, 512, "RFC 7143, 13.10")]        // none was announced
    [InlineData(0x20, 4096, 1024, 512, "RFC 7143, 11.7.6")]      // not the next byte
    [InlineData(0x20, 1024, 512, 1024, "RFC 7143, 11.3.4")]      // more than the command moves
    [InlineData(0x20, 16384, 512, 4096, "RFC 7143, 13.14")]      // more than the first burst
    public void DataOut_Unsolicited_ThatIsWrong_IsToldWithItsOwnClause(byte flags, uint expected, uint offset, int length, string clause)
    {
        TestInitiator host = Host().LogIn("InitialR2T=No\nImmediateData=Yes\nFirstBurstLength=4096\n");
        uint tag = host.Tag;
        host.Command($"2A 00 00 00 00 00 00 00 {expected / 512:X2} 00", flags, expected, new byte[512]);
        host.DataOut(tag, 0xFFFFFFFF, 0, offset, final: true, new byte[length]);
        Assert.Equal(clause, Assert.Single(_incidents).Clause);
    }

    [Theory, Trait("clause", "RFC 7143, 11.3")]
    [InlineData(0xE0, 4096, 0, "Yes", "RFC 7143, 11.3.1")]    // both directions
    [InlineData(0x40, 4096, 0, "Yes", "RFC 7143, 11.3.1")]    // a read without F
    [InlineData(0x20, 4096, 0, "Yes", "RFC 7143, 13.10")]     // unsolicited data where InitialR2T holds
    [InlineData(0xC0, 4096, 512, "Yes", "RFC 7143, 11.3.6")]  // data with a read
    [InlineData(0xA0, 4096, 512, "No", "RFC 7143, 13.11")]    // immediate data that was not agreed
    [InlineData(0xA0, 512, 1024, "Yes", "RFC 7143, 11.3.4")]  // more than the command moves
    [InlineData(0xA0, 8192, 8192, "Yes", "RFC 7143, 13.14")]  // more than the first burst
    public void Command_ThatIsWrong_IsToldWithItsOwnClause(byte flags, uint expected, int immediate, string immediateData, string clause)
    {
        TestInitiator host = Host().LogIn($"InitialR2T=Yes\nImmediateData={immediateData}\nFirstBurstLength=4096\n");
        host.Command("2A 00 00 00 00 00 00 00 08 00", flags, expected, new byte[immediate]);
        Assert.Equal(clause, Assert.Single(_incidents).Clause);
    }

    [Fact, Trait("clause", "RFC 7143, 4.3")]
    public void Command_InADiscoverySession_IsToldWithItsOwnClause()
    {
        TestInitiator host = Host().LogIn(session: "SessionType=Discovery\n", extra: "");
        host.Command("00 00 00 00 00 00", 0x80, 0);
        Assert.Equal("RFC 7143, 4.3", Assert.Single(_incidents).Clause);
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

    private static long Count(IEnumerable<NamedCount> counts, string name) => counts.Single(one => one.Name == name).Count;
}
