using VSan.Station.Domain;
using Xunit;

namespace VSan.Tests.ControlPlane.Domain;

public sealed class PlacementTests
{
    private const long Gib = 1L << 30;

    [Fact]
    public void Choose_TwoStores_TakesTheOneThatIsLessUsedAfterwards()
    {
        PlacementCandidate full = Candidate(1, capacityBytes: 10 * Gib, promisedBytes: 6 * Gib);
        PlacementCandidate empty = Candidate(2, capacityBytes: 10 * Gib, promisedBytes: 1 * Gib);
        PlacementOutcome.Placed placed = Assert.IsType<PlacementOutcome.Placed>(Placement.Choose([full, empty], Gib, thin: true));
        Assert.Equal(empty.Store.Id, placed.Store.Id);
    }

    [Fact]
    public void Choose_EqualRatio_TakesFewerLegs()
    {
        PlacementCandidate busy = Candidate(1, capacityBytes: 10 * Gib, legCount: 5);
        PlacementCandidate idle = Candidate(2, capacityBytes: 10 * Gib, legCount: 1);
        PlacementOutcome.Placed placed = Assert.IsType<PlacementOutcome.Placed>(Placement.Choose([busy, idle], Gib, thin: true));
        Assert.Equal(idle.Store.Id, placed.Store.Id);
    }

    [Theory]
    [InlineData(4 * Gib, true)]
    [InlineData((4 * Gib) + (1 << 20), false)]
    public void Choose_ThinLeg_FitsUpToWhatIsNotPromised(long sizeBytes, bool fits)
    {
        PlacementOutcome outcome = Placement.Choose([Candidate(1, capacityBytes: 10 * Gib, promisedBytes: 6 * Gib)], sizeBytes, thin: true);
        Assert.Equal(fits, outcome is PlacementOutcome.Placed);
        if (!fits) Assert.Equal(4 * Gib, Assert.IsType<PlacementOutcome.PoolFull>(outcome).LargestBytes);
    }

    [Fact]
    public void Choose_ThickLeg_NeedsPhysicalRoomAboveTheFloor()
    {
        PlacementCandidate crowded = Candidate(1, capacityBytes: 10 * Gib, freeBytes: 2 * Gib);
        Assert.IsType<PlacementOutcome.PoolFull>(Placement.Choose([crowded], 2 * Gib, thin: false));
        Assert.IsType<PlacementOutcome.Placed>(Placement.Choose([crowded], 2 * Gib, thin: true));
    }

    [Fact]
    public void Choose_OnlyRejectedUnits_IsNoUnit() =>
        Assert.IsType<PlacementOutcome.NoUnit>(Placement.Choose([Candidate(1, capacityBytes: 10 * Gib, rejection: "suspect")], Gib, thin: true));

    [Fact]
    public void Lowest_NumberFreedLately_RestsForADay()
    {
        DateTimeOffset now = new(2026, 1, 2, 0, 0, 0, TimeSpan.Zero);
        Guid host = Guid.NewGuid(), unit = Guid.NewGuid();
        LunTombstone freed = new(Guid.NewGuid(), host, unit, 0, now.AddHours(-23));
        Assert.Equal(1, LunNumbers.Lowest([], [freed], host, unit, now));
        Assert.Equal(0, LunNumbers.Lowest([], [freed], host, unit, now.AddHours(1)));
        Assert.Equal(0, LunNumbers.Lowest([], [freed], host, Guid.NewGuid(), now));
    }

    [Fact]
    public void Naa_OfALeg_Is32DigitsAndFollowsFromTheIdentity()
    {
        Guid leg = Guid.Parse("01980000-1234-7abc-8def-0123456789ab");
        Assert.Equal("6020000012347abc8def0123456789ab"[..7], Naa.Of(leg)[..7]);
        Assert.Equal(32, Naa.Of(leg).Length);
        Assert.Equal(Naa.Of(leg), Naa.Of(leg));
        Assert.NotEqual(Naa.Of(leg), Naa.Of(Guid.Parse("01980000-1234-7abc-8def-0123456789ac")));
    }

    [Fact]
    public void Choose_FullerButLinked_WinsOverOneWhoseLinkIsDownAndTheLatterIsBetterThanNone()
    {
        PlacementCandidate down = Candidate(1, 1L << 40, linked: false);
        PlacementCandidate up = Candidate(2, 1L << 40, promisedBytes: 1L << 39);
        Assert.Equal(up.Unit, Assert.IsType<PlacementOutcome.Placed>(Placement.Choose([down, up], 1 << 30, thin: true)).Unit);
        Assert.Equal(down.Unit, Assert.IsType<PlacementOutcome.Placed>(Placement.Choose([down], 1 << 30, thin: true)).Unit);
    }

    private static PlacementCandidate Candidate(
        int number, long capacityBytes, long promisedBytes = 0, long? freeBytes = null, int legCount = 0, string? rejection = null, bool linked = true)
    {
        Guid unitId = new(number, 0, 0, new byte[8]);
        VSan.Station.Domain.Unit unit = new(unitId, $"unit-{number}", UnitPhase.Ready, "k", "c", "", "", [], [], 1, default, null);
        VSan.Station.Domain.Store store = new(new Guid(number, 1, 0, new byte[8]), unitId, "s", capacityBytes, freeBytes ?? capacityBytes, promisedBytes);
        return new PlacementCandidate(unit, store, store.FreeBytes, legCount, linked, rejection);
    }
}
