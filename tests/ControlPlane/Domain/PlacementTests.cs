using VSan.Station.Domain;
using Xunit;

namespace VSan.Tests.ControlPlane.Domain;

public sealed class PlacementTests
{
    private const long Gib = 1L << 30;
    private static readonly VolumeLayout Mirror2 = new(LayoutKind.Mirror, 2);

    [Fact]
    public void Decide_TwoStores_TakesTheOneThatIsLessUsedAfterwards()
    {
        PlacementCandidate full = Candidate(1, 10 * Gib, promisedBytes: 6 * Gib);
        PlacementCandidate empty = Candidate(2, 10 * Gib, promisedBytes: Gib);
        Assert.Equal(empty, Only([full, empty], Single(Gib)));
    }

    [Fact]
    public void Decide_EqualRatio_TakesTheLesserLoad()
    {
        PlacementCandidate busy = Candidate(1, 10 * Gib) with { Sessions = 9 };
        PlacementCandidate idle = Candidate(2, 10 * Gib) with { Sessions = 2 };
        Assert.Equal(idle, Only([busy, idle], Single(Gib)));
    }

    [Theory]
    [InlineData(4 * Gib, 1.0, true)]
    [InlineData((4 * Gib) + (1 << 20), 1.0, false)]
    [InlineData((4 * Gib) + (1 << 20), 1.5, true)]
    [InlineData((9 * Gib) + (1 << 20), 1.5, false)]
    public void Decide_ThinLeg_FitsUpToWhatMayStillBePromised(long sizeBytes, double ratio, bool fits)
    {
        PlacementDecision decision = Placement.Decide([Candidate(1, 10 * Gib, promisedBytes: 6 * Gib)], Single(sizeBytes) with { OvercommitRatio = ratio });
        Assert.Equal(fits, decision.IsPlaced);
        if (!fits) Assert.Equal(ratio > 1 ? 9 * Gib : 4 * Gib, decision.LargestBytes);
    }

    [Fact]
    public void Decide_ThickLeg_NeedsPhysicalRoomAboveTheFloor()
    {
        PlacementCandidate crowded = Candidate(1, 10 * Gib, freeBytes: 2 * Gib);
        Assert.False(Placement.Decide([crowded], new(VolumeLayout.Single, 2 * Gib, Thin: false)).IsPlaced);
        Assert.True(Placement.Decide([crowded], Single(2 * Gib)).IsPlaced);
        Assert.False(Placement.Decide([Candidate(1, 10 * Gib, freeBytes: Gib / 10)], Single(1 << 20)).IsPlaced);
    }

    [Fact]
    public void Decide_FullerButLinked_WinsOverOneWhoseLinkIsDownAndTheLatterIsBetterThanNone()
    {
        PlacementCandidate down = Candidate(1, 1L << 40, linked: false);
        PlacementCandidate up = Candidate(2, 1L << 40, promisedBytes: 1L << 39);
        Assert.Equal(up, Only([down, up], Single(Gib)));
        Assert.Equal(down, Only([down], Single(Gib)));
    }

    [Fact]
    public void Decide_EachRule_SaysWhyItRejects()
    {
        PlacementCandidate silent = Candidate(1, 10 * Gib, rejection: "unit-1 is suspect");
        PlacementCandidate spare = Candidate(2, 10 * Gib, weight: 0);
        PlacementCandidate disk = Candidate(3, 10 * Gib, media: "hdd");
        PlacementCandidate small = Candidate(4, Gib / 2, rack: "b", media: "ssd");
        PlacementCandidate nowhere = Candidate(5, 10 * Gib, rack: null, media: "ssd");
        PlacementRequest request = new(Mirror2, Gib, Thin: true) { Media = "ssd", Domain = FailureDomain.Rack };
        PlacementDecision decision = Placement.Decide([silent, spare, disk, small, nowhere], request);
        Assert.False(decision.IsPlaced);
        Assert.Equal(
            ["unit-1 is suspect", "unit-2 is a spare (weight 0)", "its media is hdd, not ssd", "it has room for 512 MiB, 1 GiB is needed", "unit-5 has no label rack"],
            decision.Verdicts.Select(verdict => verdict.Rejection));
    }

    [Fact]
    public void Decide_Concat_TakesAsFewLegsAsItNeeds()
    {
        PlacementCandidate[] candidates = [Candidate(1, 4 * Gib), Candidate(2, 10 * Gib), Candidate(3, 6 * Gib)];
        PlacementRequest request = new(new VolumeLayout(LayoutKind.Concat, 0), 12 * Gib, Thin: true);
        PlacementDecision decision = Placement.Decide(candidates, request);
        Assert.Equal([(2, 10 * Gib), (3, 2 * Gib)], decision.Legs.Select(leg => (Number(leg.Candidate), leg.SizeBytes)));
        Assert.Equal(20 * Gib, Placement.Decide(candidates, request with { SizeBytes = 21 * Gib }).LargestBytes);
    }

    [Fact]
    public void Decide_Stripe_CutsEvenlyOverDifferentUnits()
    {
        VolumeLayout stripe = new(LayoutKind.Stripe, 3);
        PlacementCandidate second = Candidate(1, 10 * Gib);
        second = second with { Store = second.Store with { Id = Guid.NewGuid() } };
        PlacementDecision decision = Placement.Decide([Candidate(1, 10 * Gib), second, Candidate(2, 10 * Gib), Candidate(3, 10 * Gib)], new(stripe, stripe.RoundUp(Gib), Thin: true));
        Assert.Equal(3, decision.Legs.Select(leg => leg.Candidate.Unit.Id).Distinct().Count());
        Assert.All(decision.Legs, leg => Assert.Equal(stripe.RoundUp(Gib) / 3, leg.SizeBytes));
        Assert.Equal(0, decision.Legs[0].SizeBytes % Placement.GranuleBytes);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Decide_RandomPools_NeverPutsCopiesIntoOneFailureDomainAndNeverPromisesTooMuch(int seed)
    {
        Random random = new(seed);
        for (int pool = 0; pool < 300; pool++)
        {
            PlacementCandidate[] candidates =
            [
                .. Enumerable.Range(1, random.Next(1, 12)).Select(number => Candidate(
                    number, random.Next(1, 64) * Gib, rack: $"rack-{random.Next(4)}", site: random.Next(3) == 0 ? null : $"site-{random.Next(3)}", weight: random.Next(5) * 50)),
            ];
            FailureDomain domain = (FailureDomain)random.Next(3);
            PlacementRequest request = new(new VolumeLayout(LayoutKind.Mirror, random.Next(2, 4)), random.Next(1, 40) * Gib, Thin: true) { Domain = domain };
            PlacementDecision decision = Placement.Decide(candidates, request);
            Assert.Equal(decision.Legs, Placement.Decide(candidates, request).Legs);
            Assert.Equal(decision.Legs.Count, decision.Legs.Select(leg => leg.Candidate.DomainKey(domain)).Distinct().Count());
            Assert.All(decision.Legs, leg => Assert.InRange(leg.SizeBytes, 1, leg.Candidate.Store.CapacityBytes));
            int domains = candidates
                .Where(candidate => candidate.Unit.Weight > 0 && candidate.DomainKey(domain) is not null && candidate.Store.CapacityBytes >= request.Layout.LegBytes(request.SizeBytes))
                .Select(candidate => candidate.DomainKey(domain)).Distinct().Count();
            Assert.Equal(domains >= request.Layout.Width, decision.IsPlaced);
        }
    }

    [Fact]
    public void Decide_ManyVolumes_FillsUnitsEvenlyAndByWeight()
    {
        Dictionary<int, long> promised = new() { [1] = 0, [2] = 0, [3] = 0 };
        Random random = new(7);
        for (int volume = 0; volume < 400; volume++)
        {
            PlacementCandidate[] candidates = [.. promised.Select(pair => Candidate(pair.Key, 4096 * Gib, pair.Value, weight: pair.Key == 3 ? 50 : 100))];
            long sizeBytes = random.Next(1, 5) * Gib;
            promised[Number(Only(candidates, Single(sizeBytes)))] += sizeBytes;
        }

        Assert.InRange((double)promised[1] / promised[2], 0.97, 1.03);
        Assert.InRange((double)promised[3] / promised[1], 0.47, 0.53);
    }

    [Theory]
    [InlineData("single")]
    [InlineData("mirror-2")]
    [InlineData("mirror-3")]
    [InlineData("stripe-2")]
    [InlineData("stripe-16")]
    [InlineData("concat")]
    public void Layout_Text_ReadsBack(string text) => Assert.Equal(text, VolumeLayout.Parse(text)?.ToString());

    [Theory]
    [InlineData("")]
    [InlineData("mirror-1")]
    [InlineData("mirror-4")]
    [InlineData("stripe-1")]
    [InlineData("stripe-17")]
    [InlineData("stripe-+2")]
    public void Layout_Unknown_IsNone(string text) => Assert.Null(VolumeLayout.Parse(text));

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

    private static PlacementRequest Single(long sizeBytes) => new(VolumeLayout.Single, sizeBytes, Thin: true);

    private static PlacementCandidate Only(IReadOnlyList<PlacementCandidate> candidates, PlacementRequest request) =>
        Assert.Single(Placement.Decide(candidates, request).Legs).Candidate;

    private static int Number(PlacementCandidate candidate) => int.Parse(candidate.Unit.Name.AsSpan("unit-".Length), System.Globalization.CultureInfo.InvariantCulture);

    private static PlacementCandidate Candidate(
        int number, long capacityBytes, long promisedBytes = 0, long? freeBytes = null, string? rejection = null, bool linked = true,
        int weight = 100, string? rack = "a", string? site = null, string? media = null)
    {
        Guid unitId = new(number, 0, 0, new byte[8]);
        Dictionary<string, string> labels = [];
        if (rack is not null) labels["rack"] = rack;
        if (site is not null) labels["site"] = site;
        VSan.Station.Domain.Unit unit = new(unitId, $"unit-{number}", UnitPhase.Ready, "k", "c", "", "", [], [], 1, default, null) { Weight = weight, Labels = labels };
        VSan.Station.Domain.Store store = new(new Guid(number, 1, 0, new byte[8]), unitId, "s", capacityBytes, freeBytes ?? capacityBytes, promisedBytes) { Media = media };
        return new PlacementCandidate(unit, store, store.FreeBytes, linked, rejection);
    }
}
