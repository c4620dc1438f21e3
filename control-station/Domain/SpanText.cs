using System.Globalization;

namespace VSan.Station.Domain;

/// <summary>Durations in sentences for people, as the command line takes them.</summary>
public static class SpanText
{
    private static readonly (long Seconds, char Suffix)[] Units = [(86_400, 'd'), (3600, 'h'), (60, 'm')];

    /// <summary>A duration of whole seconds in the largest unit that it is a whole number of: <c>3d</c>, <c>36h</c>, <c>90m</c>, <c>45s</c>.</summary>
    public static string Of(TimeSpan span)
    {
        long seconds = (long)span.TotalSeconds;
        foreach ((long unitSeconds, char suffix) in Units)
            if (seconds > 0 && seconds % unitSeconds == 0) return string.Create(CultureInfo.InvariantCulture, $"{seconds / unitSeconds}{suffix}");
        return string.Create(CultureInfo.InvariantCulture, $"{seconds}s");
    }
}
