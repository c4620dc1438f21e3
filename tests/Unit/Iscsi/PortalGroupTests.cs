using System.Text;
using VSan.Iscsi;
using VSan.Scsi;
using Xunit;

namespace VSan.Tests.Unit.Iscsi;

/// <summary>Targets, portals and portal groups (RFC 7143, 4.1, 13.9, appendix C).</summary>
public sealed class PortalGroupTests
{
    private static readonly TargetPortal First = TestInitiator.Portal;
    private static readonly TargetPortal Second = new("10.0.0.2:3260", 2);
    private static readonly TargetPortal Six = new("[2001:db8::1]:3260", 2);

    private static readonly LogicalUnit Unit = new(new RamVolume(64), new LogicalUnitIdentity("6" + new string('c', 31), "S2"), writeCache: true);

    [Fact, Trait("clause", "RFC 7143, appendix C")]
    public void SendTargets_TellsEveryPortalWithItsGroup_OfTheGroupsThatOfferTheTarget()
    {
        TestInitiator host = new TestInitiator();
        host.Ring.Apply(new TargetCatalog(2, [Target("iqn.2026-11.io.vsan-appliance:all", null), Target("iqn.2026-11.io.vsan-appliance:two", [2])]));
        host.LogIn(session: "SessionType=Discovery\n", extra: "");
        host.Feed(TestInitiator.Header(0x04, 0x80, 9, 0xFFFFFFFF, host.CmdSN++), Encoding.ASCII.GetBytes("SendTargets=All\0"));
        Assert.Equal(
            """
            TargetName=iqn.2026-11.io.vsan-appliance:all
            TargetAddress=10.0.0.1:3260,1
            TargetAddress=10.0.0.2:3260,2
            TargetAddress=[2001:db8::1]:3260,2
            TargetName=iqn.2026-11.io.vsan-appliance:two
            TargetAddress=10.0.0.2:3260,2
            TargetAddress=[2001:db8::1]:3260,2

            """.ReplaceLineEndings("\n"),
            host.Receive().Single().Text);
    }

    [Theory, Trait("clause", "RFC 7143, 13.9")]
    [InlineData(1, 0, "TargetPortalGroupTag=1")]
    [InlineData(2, 0, "TargetPortalGroupTag=2")]
    [InlineData(3, 0x0203, "")]
    public void Login_ThroughAPortal_TellsItsGroupOrThatTheTargetIsNotThere(int tag, int status, string key)
    {
        TestInitiator host = new TestInitiator();
        host.Ring.Apply(new TargetCatalog(2, [Target(TestInitiator.Target, [1, 2])]));
        FakeTransport transport = new();
        IscsiConnection connection = host.Ring.Accept(transport, "10.0.0.9:40001", First with { GroupTag = (ushort)tag });
        byte[] header = TestInitiator.Header(0x43, 0x87, 7, 1 << 16, 1);
        header[8] = 0x80;
        connection.OnReceived(host.Frame(header, Encoding.ASCII.GetBytes($"InitiatorName={TestInitiator.Name}\0TargetName={TestInitiator.Target}\0")));
        Assert.Equal(status, (transport.Sent[36] << 8) | transport.Sent[37]);
        Assert.Contains(key, Encoding.ASCII.GetString(transport.Sent[48..]), StringComparison.Ordinal);
    }

    [Fact]
    public void Apply_GroupNoLongerOffersTheTarget_SessionThroughItEnds()
    {
        TestInitiator host = new TestInitiator().LogIn();
        host.Ring.Apply(new TargetCatalog(2, [Target(TestInitiator.Target, [2])]));
        Assert.True(host.Transport.Closed);
    }

    [Fact, Trait("clause", "RFC 7143, 11.5.1")]
    public void TargetColdReset_IsAnswered_ThenEverySessionOfTheTargetEnds()
    {
        TestInitiator host = new TestInitiator().LogIn();
        TestInitiator other = new(beside: host);
        Assert.Equal(0x87, other.Login(0x87, $"InitiatorName=iqn.2026-11.org.example:other\nTargetName={TestInitiator.Target}\n").Header[1]);
        host.Feed(TestInitiator.Header(0x42, 0x87, 9, 0xFFFFFFFF, host.CmdSN));
        ReceivedPdu answer = host.Receive().Single();
        Assert.Equal((0x22, 0), (answer.Opcode, answer.Header[2]));
        host.Mailbox.Run();
        Assert.True(host.Transport.Closed);
        Assert.True(other.Transport.Closed);
    }

    [Fact, Trait("clause", "RFC 7143, 4.2.7.1")]
    public void EachPortalGroup_IsATargetPortOfItsOwn_ToScsi()
    {
        TestInitiator host = new TestInitiator();
        host.Ring.Apply(new TargetCatalog(2, [Target(TestInitiator.Target, [1, 2])]));
        host.LogIn();
        host.Command("12 01 83 01 00 00", 0xC0, 256);
        byte[] page = host.Receive().Single().Data;
        Assert.Contains($"{TestInitiator.Target},t,0x0001\0", Encoding.ASCII.GetString(page), StringComparison.Ordinal);
        host.Command("A3 0A 00 00 00 00 00 00 01 00 00 00", 0xC0, 256);
        byte[] groups = host.Receive().Single().Data;
        Assert.Equal((24, 1, 1, 2, 2), (groups[3], groups[7], groups[15], groups[19], groups[27]));
    }

    [Fact, Trait("clause", "SPC-4, asymmetric access states")]
    public void Apply_OfAnotherAccessState_IsToldToTheSessionOnce_AndEndsNothing()
    {
        TestInitiator host = new TestInitiator();
        host.Ring.Apply(new TargetCatalog(2, [Target(TestInitiator.Target, [1, 2])]));
        host.LogIn();
        host.Ring.Apply(new TargetCatalog(3, [Target(TestInitiator.Target, [1, 2], new() { [1] = AsymmetricAccessState.Standby })]));
        Assert.Equal([0x06, 0x2A, 0x06], Ready(host));
        Assert.Equal([0x02, 0x04, 0x0B], Ready(host));
        host.Ring.Apply(new TargetCatalog(4, [Target(TestInitiator.Target, [1, 2])]));
        Assert.Equal([0x06, 0x2A, 0x06], Ready(host));
        Assert.Equal([], Ready(host));
        Assert.False(host.Transport.Closed);
    }

    private static byte[] Ready(TestInitiator host)
    {
        host.Command("00 00 00 00 00 00", 0x80, 0);
        byte[] data = host.Receive().Single().Data;
        return data.Length == 0 ? [] : [data[4], data[14], data[15]];
    }

    private static IscsiTarget Target(string name, ushort[]? groups, Dictionary<ushort, AsymmetricAccessState>? states = null)
    {
        return new IscsiTarget(name, [First, Second, Six], [new TargetAccess(TargetAccess.Anybody, null, new Dictionary<int, TargetLun> { [0] = new(Unit, false) })], groups, states);
    }
}
