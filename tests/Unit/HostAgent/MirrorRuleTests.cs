using VSan.HostAgent.Found;
using VSan.HostAgent.Planning;
using VSan.HostAgent.State;
using Xunit;

namespace VSan.Tests.Unit.HostAgent;

/// <summary>From which copies a mirror may be started (docs/adr/0085).</summary>
public sealed class MirrorRuleTests
{
    private static readonly MirrorRecord Both = new([Sample.Naa(0), Sample.Naa(1)], 10, IsClean: false);
    private static readonly MirrorRecord First = new([Sample.Naa(0)], 12, IsClean: false);

    [Fact]
    public void AllBlank_IsMade() =>
        Assert.IsType<MirrorRule.Make>(MirrorRule.Judge(Sample.Mirror(), [Sample.Leg(0, new DiskContent.Blank()), Sample.Leg(1, new DiskContent.Blank())]));

    [Fact]
    public void OneBlankAndOneAbsent_IsNotMade() =>
        Assert.IsType<MirrorRule.Refuse>(MirrorRule.Judge(Sample.Mirror(), [Sample.Leg(0, new DiskContent.Blank()), Sample.Leg(1, null, isHere: false)]));

    [Fact]
    public void BothCurrentAndHere_StartFromBoth() => Assert.Equal([0, 1], Starts(Both, Sample.Copy(10), Sample.Copy(10)));

    // The agent may not have seen the failure before the host died: the copies' own counts decide when all are here.
    [Fact]
    public void BothHereAndOneBehind_StartsFromTheNewer() => Assert.Equal([1], Starts(Both, Sample.Copy(10), Sample.Copy(14)));

    [Fact]
    public void CopyThatMissedWrites_AloneIsRefused()
    {
        MirrorRule.Refuse refusal = Assert.IsType<MirrorRule.Refuse>(Judge(First, null, Sample.Copy(10)));
        Assert.Contains("leg 0 cannot be reached", refusal.Why, StringComparison.Ordinal);
        Assert.Contains("vsan-host accept db", refusal.NextAction, StringComparison.Ordinal);
    }

    [Fact]
    public void CopyThatIsTheOnlyCurrentOne_AloneStarts() => Assert.Equal([0], Starts(First, Sample.Copy(12), null));

    [Fact]
    public void CopyThatMissedWrites_BesideTheCurrentOne_IsNotStartedFrom() => Assert.Equal([0], Starts(First, Sample.Copy(12), Sample.Copy(10)));

    // Writes may have gone to the absent copy alone between its partner's failure and the host's own end.
    [Fact]
    public void OneOfTwoCurrent_AfterAnEndWithoutAStop_IsRefused() => Assert.IsType<MirrorRule.Refuse>(Judge(Both, Sample.Copy(10), null));

    [Fact]
    public void OneOfTwoCurrent_AfterAStop_Starts() => Assert.Equal([0], Starts(Both with { IsClean = true }, Sample.Copy(10), null));

    [Fact]
    public void OneOfTwoCurrent_AfterAStopButOlderThanIt_IsRefused() => Assert.IsType<MirrorRule.Refuse>(Judge(Both with { IsClean = true }, Sample.Copy(9), null));

    [Fact]
    public void NoMemory_NeedsAllCopies()
    {
        Assert.IsType<MirrorRule.Refuse>(Judge(null, Sample.Copy(10), null));
        Assert.Equal([1], Starts(null, Sample.Copy(10), Sample.Copy(11)));
    }

    [Fact]
    public void CopyThatWasLeftBehindAndIsAhead_IsRefused() => Assert.Contains("another host", Assert.IsType<MirrorRule.Refuse>(Judge(First, Sample.Copy(12), Sample.Copy(20))).Why, StringComparison.Ordinal);

    [Fact]
    public void CurrentCopyThatIsEmpty_IsRefused() => Assert.Contains("empty", Assert.IsType<MirrorRule.Refuse>(Judge(Both, new DiskContent.Blank(), Sample.Copy(10))).Why, StringComparison.Ordinal);

    [Fact]
    public void SomethingElseOnALeg_IsRefused()
    {
        foreach (DiskContent other in (DiskContent[])[new DiskContent.Member(Guid.NewGuid(), 99), new DiskContent.FileSystem("ext4"), new DiskContent.Foreign("LVM2_member")])
            Assert.IsType<MirrorRule.Refuse>(Judge(Both, Sample.Copy(10), other));
    }

    private static IReadOnlyList<int> Starts(MirrorRecord? memory, DiskContent? first, DiskContent? second) => Assert.IsType<MirrorRule.Start>(Judge(memory, first, second)).Legs;

    private static MirrorRule Judge(MirrorRecord? memory, DiskContent? first, DiskContent? second) =>
        MirrorRule.Judge(Sample.Mirror() with { Mirror = memory }, [Sample.Leg(0, first, first is not null), Sample.Leg(1, second, second is not null)]);
}
