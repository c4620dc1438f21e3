namespace VSan.Station.Domain;

/// <summary>
/// Which snapshots of one volume and one schedule are no longer to be kept. Of each period the first stays, because it stays the first: what
/// is dropped once would never have been asked for later. The newest always stays.
/// </summary>
public static class RetentionRule
{
    /// <summary>The moments that are not kept, of all that there are, in any order.</summary>
    public static IReadOnlyList<DateTimeOffset> Dropped(IEnumerable<DateTimeOffset> moments, RetentionCounts keep)
    {
        DateTimeOffset[] newestFirst = [.. moments.OrderDescending()];
        HashSet<DateTimeOffset> kept = [.. newestFirst.Take(1)];
        kept.UnionWith(FirstOfEach(newestFirst, Period.Hour, keep.Hourly));
        kept.UnionWith(FirstOfEach(newestFirst, Period.Day, keep.Daily));
        kept.UnionWith(FirstOfEach(newestFirst, Period.Week, keep.Weekly));
        kept.UnionWith(FirstOfEach(newestFirst, Period.Month, keep.Monthly));
        return [.. newestFirst.Where(moment => !kept.Contains(moment))];
    }

    private static IEnumerable<DateTimeOffset> FirstOfEach(DateTimeOffset[] newestFirst, Period period, int count) =>
        newestFirst.GroupBy(moment => SlotRule.PeriodStart(period, moment)).Take(count).Select(group => group.Last());
}
