using System.Globalization;
using VSan.Contracts.Api;

namespace VSan.WebOs.Apps.Overview;

/// <summary>How the used space of the pool grows, as its history of a day tells.</summary>
/// <param name="BytesPerDay">Bytes a day; null while less than an hour is known.</param>
/// <param name="FreeBytes">What is free now.</param>
public sealed record SpaceGrowth(double? BytesPerDay, long FreeBytes)
{
    private const int DaysMax = 999;

    private static readonly TimeSpan s_least = TimeSpan.FromHours(1);

    /// <summary>Days until the pool is full, in words.</summary>
    public string Words => BytesPerDay switch
    {
        null => "days to full are known after an hour",
        <= 0 => "not growing",
        { } perDay when FreeBytes / perDay > DaysMax => $"full in more than {DaysMax} days",
        { } perDay when FreeBytes / perDay < 1 => "full in less than a day",
        { } perDay => string.Create(CultureInfo.InvariantCulture, $"full in {FreeBytes / perDay:0} days at today's growth"),
    };

    /// <summary>What a history says.</summary>
    public static SpaceGrowth Of(ActivityHistory history, long freeBytes)
    {
        ArgumentNullException.ThrowIfNull(history);
        ActivityPoint[] known = [.. history.Points.Where(point => point.UsedBytes is not null)];
        if (known.Length < 2 || known[^1].At - known[0].At < s_least) return new(null, freeBytes);
        return new((known[^1].UsedBytes!.Value - known[0].UsedBytes!.Value) / (known[^1].At - known[0].At).TotalDays, freeBytes);
    }
}
