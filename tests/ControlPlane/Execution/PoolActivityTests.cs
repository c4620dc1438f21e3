using VSan.Contracts;
using VSan.Contracts.UnitLink;
using VSan.Station.Execution;
using Xunit;

namespace VSan.Tests.ControlPlane.Execution;

/// <summary>The history that the station keeps of what hosts do, from counters that units report.</summary>
public sealed class PoolActivityTests
{
    private static readonly ActivitySpan s_fine = ActivitySpan.All[0];
    private static readonly Guid s_unit = Guid.NewGuid();
    private static readonly Guid s_leg = Guid.NewGuid();

    // At the beginning of a step of every span.
    private readonly ManualClock _clock = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly PoolActivity _activity;

    public PoolActivityTests() => _activity = new PoolActivity(_clock, legsMax: 2);

    [Fact]
    public void SteadyWork_EveryFinishedStepHasItsCounts()
    {
        Work(seconds: 30);
        Assert.Equal([50f, 50f, 50f, 50f, 50f], _activity.OfPool(s_fine).Select(sample => sample.Reads));
        Assert.Equal([20f, 20f, 20f, 20f, 20f], Volume().Select(sample => sample.Writes));
        Assert.Equal([40_960f, 40_960f, 40_960f, 40_960f, 40_960f], _activity.OfUnit(s_unit, s_fine).Select(sample => sample.ReadBytes));
    }

    [Fact]
    public void Interval_AcrossABoundary_IsCountedToBothStepsByTime()
    {
        Report(0);
        Advance(4);
        Report(0);
        Advance(4);
        Report(100);
        Advance(4);
        Report(100);
        Assert.Equal([25f, 75f], _activity.OfPool(s_fine).Select(sample => sample.Reads));
    }

    [Fact]
    public void FirstReport_IsWhereCountingBegins()
    {
        Report(1_000_000);
        Advance(8);
        Assert.Equal(0, Assert.Single(_activity.OfPool(s_fine)).Reads);
    }

    [Fact]
    public void Leg_ThatComesLater_CountsFromNothing()
    {
        Tell();
        Advance(1);
        Report(10);
        Advance(8);
        Assert.Equal(10, Assert.Single(_activity.OfPool(s_fine)).Reads);
    }

    [Fact]
    public void Counters_ThatBeganAnew_CountWhatTheyHave()
    {
        Report(1_000_000);
        Advance(1);
        Report(7);
        Advance(8);
        Assert.Equal(7, Assert.Single(_activity.OfPool(s_fine)).Reads);
    }

    [Fact]
    public void Gap_IsLeftOutAndItsWorkIsCountedNowhere()
    {
        Work(seconds: 10);
        Advance(60);
        Report(1_000_000);
        Advance(1);
        Report(1_000_005);
        Advance(9);
        ActivitySample[] samples = [.. _activity.OfPool(s_fine)];
        Assert.Equal([50f, 50f, 0f, 5f], samples.Select(sample => sample.Reads));
        Assert.Equal(12, samples[3].Step - samples[2].Step);
    }

    [Fact]
    public void Ring_RunsOver_KeepsTheLastSteps()
    {
        Work(seconds: 1000);
        ActivitySample[] samples = [.. _activity.OfPool(s_fine)];
        Assert.Equal(s_fine.Count, samples.Length);
        Assert.All(samples, sample => Assert.Equal(50, sample.Reads));
        Assert.Equal(Enumerable.Range(0, samples.Length).Select(i => samples[0].Step + i), samples.Select(sample => sample.Step));
        Assert.Equal(3, _activity.OfPool(ActivitySpan.All[2]).Count);
        Assert.Equal(3000, _activity.OfPool(ActivitySpan.All[2])[1].Reads);
    }

    [Fact]
    public void Latencies_AreThoseOfTheStep()
    {
        Report(0);
        Advance(1);
        Tell(Leg(100) with { Latencies = new LatencyCounts(40, [98]) });
        Advance(5);
        Tell(Leg(200) with { Latencies = new LatencyCounts(40, [99, .. new long[19], 99]) });
        Advance(7);
        ActivitySample[] samples = [.. Volume()];
        Assert.InRange(samples[0].P99Seconds, Bound(39), Bound(40));
        Assert.InRange(samples[1].P50Seconds, Bound(59), Bound(60));
    }

    [Fact]
    public void Mirror_EachWriteCountsOnceAndReadsCountTogether()
    {
        Guid other = Guid.NewGuid();
        Tell(Leg(0), Leg(0) with { LegId = other });
        Advance(1);
        Tell(Leg(10), Leg(10) with { LegId = other });
        Advance(8);
        Assert.Equal((20f, 4f), CountsOf(Assert.Single(_activity.OfLegs([(s_unit, s_leg), (s_unit, other)], areCopies: true, s_fine))));
        Assert.Equal((20f, 8f), CountsOf(Assert.Single(_activity.OfLegs([(s_unit, s_leg), (s_unit, other)], areCopies: false, s_fine))));
    }

    [Fact]
    public void Volume_WhoseUnitWasNotHeardOf_IsNotKnown()
    {
        Work(seconds: 10);
        Assert.Empty(_activity.OfLegs([(s_unit, s_leg), (Guid.NewGuid(), Guid.NewGuid())], areCopies: true, s_fine));
        _activity.Forget(s_unit);
        Assert.Empty(Volume());
    }

    [Fact]
    public void Leg_PastTheBound_CountsForItsUnitAlone()
    {
        Guid[] legs = [.. Enumerable.Range(0, 3).Select(_ => Guid.NewGuid())];
        Tell();
        Advance(1);
        Tell([.. legs.Select(id => Leg(10) with { LegId = id })]);
        Advance(8);
        Assert.Equal(30, Assert.Single(_activity.OfUnit(s_unit, s_fine)).Reads);
        Assert.Equal([10f, 10f, 0f], legs.Select(id => Assert.Single(_activity.OfLegs([(s_unit, id)], areCopies: false, s_fine)).Reads));
    }

    [Fact]
    public void Leg_IdleWhileOthersWait_MakesRoom()
    {
        Guid[] legs = [.. Enumerable.Range(0, 3).Select(_ => Guid.NewGuid())];
        Tell();
        Advance(1);
        Tell([.. legs.Take(2).Select(id => Leg(10) with { LegId = id })]);
        for (int second = 1; second < 4000; second++)
        {
            Advance(1);
            Tell(Leg(second) with { LegId = legs[2] });
        }

        Advance(8);
        Assert.Equal(50, _activity.OfLegs([(s_unit, legs[2])], areCopies: false, s_fine)[^2].Reads * 10);
    }

    [Fact]
    public void Clock_ThatIsSet_MovesNoStep()
    {
        Work(seconds: 10);
        _clock.Jump(TimeSpan.FromHours(-3));
        Work(seconds: 20, from: 10);
        Assert.Equal([50f, 50f, 50f, 50f, 50f], _activity.OfPool(s_fine).Select(sample => sample.Reads));
    }

    [Fact]
    public void Space_IsWhatIsUsedOnAllStores()
    {
        StoreInventory store = new(Guid.NewGuid(), "store", 1 << 20, 1 << 19, true, []);
        _activity.OnReport(new UnitReport(s_unit, s_unit, 1, new ConfigurationStatus(1, 1, []), true, 0, [store]));
        _activity.OnReport(new UnitReport(Guid.NewGuid(), s_unit, 1, new ConfigurationStatus(1, 1, []), true, 0, [store]));
        Advance(8);
        Assert.Equal(1 << 20, Assert.Single(_activity.OfPool(s_fine)).UsedBytes);
    }

    [Fact]
    public void Counters_ThatCannotBe_AreRefused()
    {
        PoolActivity.Check([Leg(1)]);
        foreach (LegActivity leg in (LegActivity[])[
            Leg(-1), Leg(1) with { Latencies = new LatencyCounts(-1, [1]) }, Leg(1) with { Latencies = new LatencyCounts(LatencyCounts.BucketCount, [1]) },
            Leg(1) with { Latencies = new LatencyCounts(0, [-1]) }, Leg(1) with { Latencies = new LatencyCounts(0, null!) }, null!])
            Assert.Throws<InvalidDataException>(() => PoolActivity.Check([leg]));
        Assert.Throws<InvalidDataException>(() => PoolActivity.Check([.. Enumerable.Repeat(Leg(1), UnitReport.ActivityMax + 1)]));
    }

    private static float Bound(int bucket) => LatencyCounts.UpperBoundNanoseconds(bucket) / 1e9f;

    private static (float Reads, float Writes) CountsOf(ActivitySample sample) => (sample.Reads, sample.Writes);

    private static LegActivity Leg(long reads) => new(s_leg, reads, reads * 2 / 5, reads * 4096 / 5, 0, null);

    private IReadOnlyList<ActivitySample> Volume() => _activity.OfLegs([(s_unit, s_leg)], areCopies: false, s_fine);

    // Ten reads a second, told each second.
    private void Work(int seconds, int from = 0)
    {
        if (from == 0) Report(0);
        for (int second = 1; second <= seconds; second++)
        {
            Advance(1);
            Report((from + second) * 10);
        }
    }

    private void Report(long reads) => Tell(Leg(reads));

    private void Tell(params LegActivity[] legs) => _activity.OnReport(new UnitReport(s_unit, s_unit, 1, new ConfigurationStatus(1, 1, []), true, 0, []) { Activity = legs });

    private void Advance(int seconds) => _clock.Advance(TimeSpan.FromSeconds(seconds));
}
