namespace VSan.Station.Domain;

/// <summary>
/// The times of a schedule. They follow from the calendar alone (UTC, so no hour is missing or twice), never from the last run: a late run
/// does not shift the next, and after an outage the newest time that was missed is caught up, once.
/// </summary>
public static class SlotRule
{
    /// <summary>The newest time of the schedule at or before a moment.</summary>
    public static DateTimeOffset Newest(RetentionCounts keep, SlotTimes times, DateTimeOffset now)
    {
        DateTimeOffset slot = InPeriodOf(keep, times, now);
        return slot <= now ? slot : InPeriodOf(keep, times, PeriodStart(Finest(keep), now).AddTicks(-1));
    }

    /// <summary>The first time of the schedule after a moment.</summary>
    public static DateTimeOffset Next(RetentionCounts keep, SlotTimes times, DateTimeOffset now)
    {
        DateTimeOffset slot = InPeriodOf(keep, times, now);
        return slot > now ? slot : InPeriodOf(keep, times, PeriodEnd(Finest(keep), now));
    }

    /// <summary>The time that is to be run now; null when it was run, or the schedule is younger.</summary>
    public static DateTimeOffset? Due(SnapshotSchedule schedule, DateTimeOffset now)
    {
        DateTimeOffset slot = Newest(schedule.Keep, schedule.Times, now);
        return slot > schedule.LastSlot ? slot : null;
    }

    /// <summary>The start of the period that a moment lies in.</summary>
    public static DateTimeOffset PeriodStart(Period period, DateTimeOffset at)
    {
        DateTimeOffset day = new(at.UtcDateTime.Date, TimeSpan.Zero);
        return period switch
        {
            Period.Hour => day.AddHours(at.UtcDateTime.Hour),
            Period.Day => day,
            Period.Week => day.AddDays(-(((int)day.DayOfWeek + 6) % 7)),
            Period.Month => day.AddDays(1 - day.Day),
        };
    }

    /// <summary>The finest period of which snapshots are kept: one is taken in each.</summary>
    public static Period Finest(RetentionCounts keep) => keep switch
    {
        { Hourly: > 0 } => Period.Hour,
        { Daily: > 0 } => Period.Day,
        { Weekly: > 0 } => Period.Week,
        _ => Period.Month,
    };

    private static DateTimeOffset InPeriodOf(RetentionCounts keep, SlotTimes times, DateTimeOffset at)
    {
        Period period = Finest(keep);
        DateTimeOffset start = PeriodStart(period, at);
        return (period == Period.Hour ? start : start.AddHours(times.Hour)).AddMinutes(times.Minute);
    }

    private static DateTimeOffset PeriodEnd(Period period, DateTimeOffset at)
    {
        DateTimeOffset start = PeriodStart(period, at);
        return period switch
        {
            Period.Hour => start.AddHours(1),
            Period.Day => start.AddDays(1),
            Period.Week => start.AddDays(7),
            Period.Month => start.AddMonths(1),
        };
    }
}

/// <summary>Spans of the calendar.</summary>
public enum Period
{
    /// <summary>An hour.</summary>
    Hour,

    /// <summary>A day.</summary>
    Day,

    /// <summary>A week, from Monday.</summary>
    Week,

    /// <summary>A month.</summary>
    Month,
}
