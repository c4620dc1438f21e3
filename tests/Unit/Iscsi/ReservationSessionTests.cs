using System.Buffers.Binary;
using Xunit;

namespace VSan.Tests.Unit.Iscsi;

/// <summary>Reservations across sessions: who a nexus is, what its end frees, whose commands a preemption ends.</summary>
public sealed class ReservationSessionTests
{
    private const byte Conflict = 0x18, TaskAborted = 0x40;

    [Fact]
    [Trait("clause", "SPC-4, reservations")]
    public void PreemptAndAbort_OfAnotherSession_AnswersWhenItsWriteIsAtRest()
    {
        (TestInitiator first, TestInitiator second) = Pair();
        Assert.Equal(0, Persist(first, 6, 0, 0, 5));
        Assert.Equal(0, Persist(second, 6, 0, 0, 6));
        Assert.Equal(0, Persist(second, 1, 1, 6, 0));
        first.Volume.Hold = true;
        second.Command("2A 00 00000000 00 0001 00", 0xA0, 512, new byte[512]);
        Assert.Equal(-1, Persist(first, 5, 1, 5, 6));
        first.Volume.CompleteOne();
        first.Mailbox.Run();
        Assert.Equal(0, first.Receive().Single().Header[3]);
        Assert.Equal(TaskAborted, second.Receive().Single().Header[3]);
        second.Command("2A 00 00000000 00 0001 00", 0xA0, 512, new byte[512]);
        Assert.Equal(Conflict, second.Receive().Single().Header[3]);
    }

    [Fact]
    [Trait("clause", "SPC-4, reservations")]
    public void PreemptAndAbort_OfASessionThatIsGone_WaitsForItsLastWrite()
    {
        (TestInitiator first, TestInitiator second) = Pair();
        Assert.Equal(0, Persist(first, 6, 0, 0, 5));
        Assert.Equal(0, Persist(second, 6, 0, 0, 6));
        first.Volume.Hold = true;
        second.Command("2A 00 00000000 00 0001 00", 0xA0, 512, new byte[512]);
        second.Connection.OnClosed();
        Assert.Equal(-1, Persist(first, 5, 1, 5, 6));
        first.Volume.CompleteOne();
        first.Mailbox.Run();
        Assert.Equal(0, first.Receive().Single().Header[3]);
        Assert.True(second.Connection.IsQuiescent);
    }

    [Fact]
    [Trait("clause", "SPC-2, RESERVE")]
    public void Reserve_SessionEnds_IsFreeAndARegistrationOutlivesIt()
    {
        (TestInitiator first, TestInitiator second) = Pair();
        second.Command("16 00 00 00 00 00", 0x80, 0);
        second.Mailbox.Run();
        Assert.Equal(0, second.Receive().Single().Header[3]);
        first.Command("00 00 00 00 00 00", 0x80, 0);
        Assert.Equal(Conflict, first.Receive().Single().Header[3]);
        second.Connection.OnClosed();
        Assert.Equal(0, Persist(first, 6, 0, 0, 5));
        Assert.Equal(0, Persist(first, 1, 3, 5, 0));
        first.Connection.OnClosed();
        var again = new TestInitiator(beside: first).LogIn();
        again.Command("28 00 00000000 00 0001 00", 0xC0, 512);
        Assert.Equal(0, again.Receive()[^1].Header[3]);
    }

    private static (TestInitiator First, TestInitiator Second) Pair()
    {
        TestInitiator first = new TestInitiator().LogIn();
        var second = new TestInitiator(beside: first);
        second.Login(0x87, $"InitiatorName={TestInitiator.Name}.b\nTargetName={TestInitiator.Target}\nImmediateData=Yes\n");
        second.Command("00 00 00 00 00 00", 0x80, 0);
        second.Receive();
        return (first, second);
    }

    /// <summary>PERSISTENT RESERVE OUT; its status, or -1 while there is none.</summary>
    private static int Persist(TestInitiator initiator, int action, int type, ulong key, ulong actionKey)
    {
        byte[] list = new byte[24];
        BinaryPrimitives.WriteUInt64BigEndian(list, key);
        BinaryPrimitives.WriteUInt64BigEndian(list.AsSpan(8), actionKey);
        initiator.Command($"5F {action:X2} {type:X2} 00 00 00000018 00", 0xA0, 24, list);
        initiator.Mailbox.Run();
        List<ReceivedPdu> answers = initiator.Receive();
        return answers.Count == 0 ? -1 : answers.Single().Header[3];
    }
}
