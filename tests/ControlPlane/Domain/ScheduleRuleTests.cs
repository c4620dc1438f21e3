using VSan.Station.Domain;
using Xunit;

namespace VSan.Tests.ControlPlane.Domain;

/// <summary>Rules of schedules, held against slow and obvious ones over random calendars; a failure prints its seed.</summary>
public sealed class ScheduleRuleTests
{
    private const int Seeds = 300;
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(24, 0, 0, 0, "2026-11-28T22:30:00Z", "2026-11-28T22:15:00Z", "2026-11-28T23:15:00Z")]
    [InlineData(24, 0, 0, 0, "2026-11-28T22:10:00Z", "2026-11-28T21:15:00Z", "2026-11-28T22:15:00Z")]
    [InlineData(0, 7, 0, 0, "2026-11-28T01:00:00Z", "2026-11-27T02:15:00Z", "2026-11-28T02:15:00Z")]
    [InlineData(0, 0, 4, 0, "2026-11-28T12:00:00Z", "2026-11-23T02:15:00Z", "2026-11-30T02:15:00Z")]
    [InlineData(0, 0, 0, 12, "2026-03-01T02:14:59Z", "2026-02-01T02:15:00Z", "2026-03-01T02:15:00Z")]
    [InlineData(0, 0, 0, 12, "2028-02-29T12:00:00Z", "2028-02-01T02:15:00Z", "2028-03-01T02:15:00Z")]
    public void Slots_FollowTheCalendar(int hourly, int daily, int weekly, int monthly, string now, string newest, string next)
    {
        RetentionCounts keep = new(hourly, daily, weekly, monthly);
        SlotTimes times = new(15, 2);
        Assert.Equal(At(newest), SlotRule.Newest(keep, times, At(now)));
        Assert.Equal(At(next), SlotRule.Next(keep, times, At(now)));
    }

    [Fact]
    public void Slots_OfAnyMoment_LieAroundItAndFollowEachOther()
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            Random random = new(seed);
            (RetentionCounts keep, SlotTimes times) = (Counts(random), new SlotTimes(random.Next(60), random.Next(24)));
            DateTimeOffset now = Start.AddSeconds(random.NextInt64(3L * 365 * 86400));
            (DateTimeOffset newest, DateTimeOffset next) = (SlotRule.Newest(keep, times, now), SlotRule.Next(keep, times, now));
            Assert.True(newest <= now && now < next, $"seed {seed}");
            Assert.True(SlotRule.Next(keep, times, newest) == next, $"seed {seed}");
            Assert.True(SlotRule.Newest(keep, times, next) == next, $"seed {seed}");
        }
    }

    /// <summary>An outage of any length is followed by one run, of the newest time that was missed.</summary>
    [Fact]
    public void Due_AfterAnyOutage_IsTheNewestTimeOnce()
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            Random random = new(seed);
            SnapshotSchedule schedule = new(Guid.NewGuid(), "s", Counts(random), new SlotTimes(random.Next(60), random.Next(24)), false, [], Start);
            DateTimeOffset now = Start.AddMinutes(random.Next(200_000));
            if (SlotRule.Due(schedule, now) is not { } slot) continue;
            Assert.True(slot <= now && SlotRule.Next(schedule.Keep, schedule.Times, slot) > now, $"seed {seed}");
            Assert.True(SlotRule.Due(schedule with { LastSlot = slot }, now) is null, $"seed {seed}");
            Assert.True(SlotRule.Due(schedule with { LastSlot = slot }, now.AddDays(-3)) is null, $"seed {seed}: a clock that is set back runs nothing twice");
        }
    }

    [Fact]
    public void Retention_OfAnyHistory_KeepsTheFirstOfEachPeriodAndTheNewest()
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            Random random = new(seed);
            RetentionCounts keep = Counts(random);
            DateTimeOffset[] moments = [.. Enumerable.Range(0, random.Next(1, 200)).Select(_ => Start.AddMinutes(random.Next(100_000))).Distinct()];
            HashSet<DateTimeOffset> dropped = [.. RetentionRule.Dropped(moments, keep)];
            Assert.True(moments.All(moment => dropped.Contains(moment) == !IsKept(moment, moments, keep)), $"seed {seed}");
        }
    }

    /// <summary>Whatever was dropped on the way, at the end there is what would be kept had nothing been dropped before.</summary>
    [Fact]
    public void Retention_StepByStep_LosesNothingThatIsKeptLater()
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            Random random = new(seed);
            RetentionCounts keep = Counts(random);
            List<DateTimeOffset> all = [], present = [];
            DateTimeOffset at = Start;
            for (int step = 0; step < 300; step++)
            {
                at = at.AddMinutes(random.Next(1, 600));
                all.Add(at);
                present.Add(at);
                foreach (DateTimeOffset gone in RetentionRule.Dropped(present, keep)) present.Remove(gone);
            }

            Assert.Equal(all.Except(RetentionRule.Dropped(all, keep)), present);
            Assert.True(present.Count <= keep.Hourly + keep.Daily + keep.Weekly + keep.Monthly + 1, $"seed {seed}");
        }
    }

    private static bool IsKept(DateTimeOffset moment, DateTimeOffset[] all, RetentionCounts keep) =>
        moment == all.Max()
        || IsFirstOfLast(moment, all, keep.Hourly, at => at.ToString("yyyyMMddHH", null))
        || IsFirstOfLast(moment, all, keep.Daily, at => at.ToString("yyyyMMdd", null))
        || IsFirstOfLast(moment, all, keep.Weekly, at => $"{System.Globalization.ISOWeek.GetYear(at.UtcDateTime):0000}{System.Globalization.ISOWeek.GetWeekOfYear(at.UtcDateTime):00}")
        || IsFirstOfLast(moment, all, keep.Monthly, at => at.ToString("yyyyMM", null));

    private static bool IsFirstOfLast(DateTimeOffset moment, DateTimeOffset[] all, int count, Func<DateTimeOffset, string> period) =>
        !all.Any(other => other < moment && period(other) == period(moment))
        && all.Select(period).Distinct().OrderDescending(StringComparer.Ordinal).Take(count).Contains(period(moment));

    private static RetentionCounts Counts(Random random)
    {
        RetentionCounts keep = new(Count(random), Count(random), Count(random), Count(random));
        return keep is { Hourly: 0, Daily: 0, Weekly: 0, Monthly: 0 } ? keep with { Daily = 7 } : keep;
    }

    private static int Count(Random random) => random.Next(2) * random.Next(30);

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
