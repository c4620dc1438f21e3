using VSan.Contracts.UnitLink;
using VSan.UnitAgent.Link;
using Xunit;

namespace VSan.Tests.ControlPlane.UnitAgent;

/// <summary>Which counters a stream of reports tells.</summary>
public sealed class ActivityChangesTests
{
    private readonly ActivityChanges _changes = new();

    [Fact]
    public void First_TellsAll_ThenWhatMoved()
    {
        LegActivity one = Leg(1);
        LegActivity two = Leg(5);
        Assert.Equal([one, two], _changes.Next([one, two]));
        Assert.Empty(_changes.Next([one, two]));
        Assert.Equal([two with { Writes = 6 }], _changes.Next([one, two with { Writes = 6 }]));
    }

    [Fact]
    public void MoreThanAReportHolds_TheOthersComeNext()
    {
        LegActivity[] legs = [.. Enumerable.Range(0, UnitReport.ActivityMax + 10).Select(_ => Leg(1))];
        LegActivity[] busy = [.. legs.Select(leg => leg with { Reads = 2 })];
        Assert.Equal(legs[..UnitReport.ActivityMax], _changes.Next(legs));
        Assert.Equal([.. busy[UnitReport.ActivityMax..], .. busy[..(UnitReport.ActivityMax - 10)]], _changes.Next(busy));
    }

    [Fact]
    public void LegThatWentAndCameBack_IsToldAgain()
    {
        LegActivity leg = Leg(1);
        _changes.Next([leg]);
        Assert.Empty(_changes.Next([]));
        Assert.Equal([leg], _changes.Next([leg]));
    }

    private static LegActivity Leg(long reads) => new(Guid.NewGuid(), reads, 0, 0, 0, null);
}
