using System.Globalization;

namespace VSan.Client;

/// <summary>Durations as people write them: <c>90s</c>, <c>30m</c>, <c>3h</c>, <c>7d</c>.</summary>
internal static class Duration
{
    // A longer one is a slip of the finger, and would overflow timers.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(365);

    private static readonly (long Seconds, char Suffix)[] Units = [(86_400, 'd'), (3600, 'h'), (60, 'm')];

    /// <summary>Writes a duration of whole seconds as it is read, in the largest unit that it is a whole number of.</summary>
    public static string Format(TimeSpan duration)
    {
        long seconds = (long)duration.TotalSeconds;
        foreach ((long unitSeconds, char suffix) in Units)
            if (seconds > 0 && seconds % unitSeconds == 0) return string.Create(CultureInfo.InvariantCulture, $"{seconds / unitSeconds}{suffix}");
        return string.Create(CultureInfo.InvariantCulture, $"{seconds}s");
    }

    /// <summary>Reads a duration above 0; <paramref name="error"/> says why not, as a sentence.</summary>
    public static bool TryParse(string text, out TimeSpan duration, out string error)
    {
        duration = default;
        error = $"'{text}' is not a duration. Write a whole number and s, m, h or d, for example 90s or 3h, up to a year.";
        if (text.Length < 2 || !int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out int count) || count == 0) return false;
        TimeSpan? unit = text[^1] switch
        {
            's' => TimeSpan.FromSeconds(1),
            'm' => TimeSpan.FromMinutes(1),
            'h' => TimeSpan.FromHours(1),
            'd' => TimeSpan.FromDays(1),
            _ => null,
        };
        if (unit is null || unit.Value * count > Longest) return false;
        duration = unit.Value * count;
        error = string.Empty;
        return true;
    }
}
