using VSan.Iscsi;
using Xunit;

namespace VSan.Tests.Unit.Iscsi;

/// <summary>Sessions that are seen off: who is asked, who is dropped, who may not come back meanwhile (RFC 7143, 11.9.1).</summary>
[Trait("clause", "RFC 7143, 11.9.1")]
public sealed class DrainTests
{
    private const int AsyncMessage = 0x32, ServiceUnavailable = 0x0301;
    private static readonly SessionSelection Ours = new(TestInitiator.Target), Others = new("iqn.2026-11.io.vsan-appliance:other");

    [Fact]
    public void RequestLogout_IsEventOneWithItsTime_AndALogoutEndsTheSession()
    {
        TestInitiator host = new TestInitiator().LogIn();
        Assert.Equal(1, host.Ring.RequestLogout(Ours, 30));
        ReceivedPdu message = host.Receive().Single();
        Assert.Equal((AsyncMessage, (byte)1, 30u), (message.Opcode, message.Header[36], message.U32(40) & 0xFFFF));
        Assert.Equal(0xFFFFFFFF, message.U32(16));
        host.Feed(TestInitiator.Header(0x46, 0x80, 9, 0, host.CmdSN));
        Assert.Equal(0, host.Ring.CountSessions(Ours));
        Assert.Equal(0, host.Ring.DropSessions(Ours));
    }

    [Fact]
    public void DropSessions_IsEventThreeWithTheWait_AndTheEnd()
    {
        TestInitiator host = new TestInitiator().LogIn();
        Assert.Equal(1, host.Ring.DropSessions(Ours));
        ReceivedPdu message = host.Receive().Single();
        Assert.Equal((AsyncMessage, (byte)3, 2u << 16), (message.Opcode, message.Header[36], message.U32(40)));
        Assert.True(host.Transport.Closed);
        Assert.Equal(0, host.Ring.CountSessions(SessionSelection.All));
    }

    [Theory]
    [InlineData(null, "10.0.0.1:3260", true)]
    [InlineData(null, "10.0.0.2:3260", false)]
    [InlineData(TestInitiator.Target, "10.0.0.1:3260", true)]
    [InlineData("iqn.2026-11.io.vsan-appliance:other", null, false)]
    [InlineData(null, null, true)]
    public void Session_IsMeant_ByItsTargetAndItsPortal(string? target, string? portal, bool isMeant)
    {
        TestInitiator host = new TestInitiator().LogIn();
        Assert.Equal(isMeant ? 1 : 0, host.Ring.RequestLogout(new SessionSelection(target, portal), 5));
        Assert.Equal(isMeant ? 1 : 0, host.Receive().Count);
    }

    [Fact]
    public void Login_OfWhoIsBeingSeenOff_IsRefusedUntilItIsOver()
    {
        TestInitiator host = new();
        host.Ring.Draining = Ours;
        ReceivedPdu answer = host.Login(0x87, $"InitiatorName={TestInitiator.Name}\nTargetName={TestInitiator.Target}\n");
        Assert.Equal(ServiceUnavailable, (answer.Header[36] << 8) | answer.Header[37]);
        Assert.True(host.Transport.Closed);
        host.Ring.Draining = Others;
        new TestInitiator(beside: host).LogIn();
        host.Ring.Draining = null;
        new TestInitiator(beside: host).LogIn(session: "SessionType=Discovery\n", extra: "");
    }

    [Fact, Trait("clause", "RFC 7143, 4.2.2")]
    public void SessionOfSeveralConnections_IsAskedOnEach_CountedOnce_AndDroppedWhole()
    {
        TestInitiator first = new TestInitiator().LogIn("MaxConnections=4\n");
        TestInitiator second = first.Join(2);
        first.Receive();
        Assert.Equal(1, first.Ring.RequestLogout(Ours, 5));
        Assert.Equal((1, 1), (first.Receive().Count, second.Receive().Count));

        first.Ring.Draining = Ours;
        ReceivedPdu answer = new TestInitiator(beside: first).Login(
            0x87, $"InitiatorName={TestInitiator.Name}\nTargetName={TestInitiator.Target}\n", first.Sessions.Snapshot().Single().Tsih, 3);
        Assert.Equal(ServiceUnavailable, (answer.Header[36] << 8) | answer.Header[37]);

        Assert.Equal(1, first.Ring.DropSessions(Ours));
        Assert.Equal(3, Assert.Single(first.Receive().Concat(second.Receive())).Header[36]);
        Assert.True(first.Transport.Closed && second.Transport.Closed);
        Assert.Empty(first.Sessions.Snapshot());
    }
}
