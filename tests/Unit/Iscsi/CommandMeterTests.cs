using VSan.Iscsi;
using VSan.Scsi;
using Xunit;

namespace VSan.Tests.Unit.Iscsi;

/// <summary>What a command costs, as its initiator saw it, with two looks at the clock in a turn.</summary>
public sealed class CommandMeterTests
{
    private const string Read8Blocks = "28 00 00 00 00 00 00 00 08 00";
    private const string Write8Blocks = "2A 00 00 00 00 00 00 00 08 00";

    [Fact]
    public void CommandsOfOneTurn_HoweverMany_LookAtTheClockTwice()
    {
        TestInitiator host = LoggedIn();
        long before = host.Clock.Looks;
        for (int i = 0; i < 50; i++) host.Command(Read8Blocks, 0xC0, 4096);
        host.Ring.EndOfTurn();
        Assert.Equal(2, host.Clock.Looks - before);
        host.Ring.EndOfTurn();
        Assert.Equal(2, host.Clock.Looks - before);
        Assert.Equal(50, Of(host).Latencies(CommandKind.Read).Count);
    }

    [Fact]
    public void Command_FromItsTurnsFirstCommandToTheEndOfTheAnsweringTurn_IsItsTime()
    {
        TestInitiator host = LoggedIn("InitialR2T=Yes\nImmediateData=No\n");
        uint tag = host.Tag;
        host.Command(Write8Blocks, 0xA0, 4096);
        host.Ring.EndOfTurn();
        ReceivedPdu ready = Assert.Single(host.Receive());
        host.Clock.Advance(TimeSpan.FromMilliseconds(3));
        CommandSnapshot waiting = Assert.Single(host.Ring.CommandsInFlight());
        Assert.Equal(("WRITE(10)", "data", 1, TimeSpan.FromMilliseconds(3)), (waiting.Name, waiting.Phase, waiting.OutstandingR2T, waiting.Age));
        host.DataOut(tag, ready.U32(20), 0, 0, final: true, new byte[4096]);
        host.Clock.Advance(TimeSpan.FromMilliseconds(1));
        host.Ring.EndOfTurn();
        Assert.Empty(host.Ring.CommandsInFlight());
        CommandTotals totals = Of(host);
        Assert.Equal((1L, 4_000_000L, 4096L), (totals.Latencies(CommandKind.Write).Count, totals.Latencies(CommandKind.Write).Nanoseconds, totals.BytesWritten));
    }

    [Fact]
    public void Turn_WithMoreAnswersThanAreHeld_LosesNone()
    {
        TestInitiator host = LoggedIn();
        for (int i = 0; i < 600; i++)
        {
            host.Command(Read8Blocks, 0xC0, 4096);
            host.Receive();
        }

        host.Ring.EndOfTurn();
        Assert.Equal(600, Of(host).Latencies(CommandKind.Read).Count);
        Assert.Equal(600 * 4096, Of(host).BytesRead);
    }

    [Fact]
    public void Command_ThatEndsBadly_IsCountedBySenseKey()
    {
        TestInitiator host = LoggedIn();
        host.Command("28 00 FF FF FF FF 00 00 08 00", 0xC0, 4096);
        host.Ring.EndOfTurn();
        Assert.Equal(1, Of(host).BadEnds.Single(one => one.Name == "illegal_request").Count);
        Assert.Equal(1, host.Unit.CountersOf(0)!.Measures.BadEnds.Single(one => one.Name == "illegal_request").Count);
    }

    [Fact]
    public void Totals_OfASessionThatEnded_StayInItsEntrysSum()
    {
        TestInitiator host = LoggedIn();
        host.Command(Read8Blocks, 0xC0, 4096);
        host.Ring.EndOfTurn();
        host.Connection.OnClosed();
        Assert.Empty(host.Sessions.Snapshot());
        Assert.Equal(1, host.Sessions.TotalsByAccess()[TargetAccess.Anybody].Latencies(CommandKind.Read).Count);
    }

    private static TestInitiator LoggedIn(string keys = "InitialR2T=No\nImmediateData=Yes\n")
    {
        TestInitiator host = new TestInitiator().LogIn(keys);
        host.Ring.EndOfTurn();
        return host;
    }

    private static CommandTotals Of(TestInitiator host) => host.Sessions.TotalsByAccess()[TargetAccess.Anybody];
}
