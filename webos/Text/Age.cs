using System.Globalization;

namespace VSan.WebOs.Text;

/// <summary>A time span in its largest whole unit: "5 s", "12 min", "3 h", "9 d".</summary>
public readonly record struct Age(TimeSpan Span) : IFormattable
{
    /// <summary>From <paramref name="then"/> to <paramref name="now"/>; clocks that disagree give zero, never a negative age.</summary>
    public static Age Between(DateTimeOffset then, DateTimeOffset now) => new(now > then ? now - then : TimeSpan.Zero);

    /// <summary>The same as a person says it: "just now", "5 s ago".</summary>
    public string Ago => Span < TimeSpan.FromSeconds(2) ? "just now" : new Age(TimeSpan.FromSeconds(Math.Truncate(Span.TotalSeconds))).ToString() + " ago";

    /// <inheritdoc/>
    public override string ToString() => Span switch
    {
        { TotalSeconds: < 10 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Truncate(Span.TotalSeconds * 10) / 10:0.#} s"),
        { TotalMinutes: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{(int)Span.TotalSeconds} s"),
        { TotalHours: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{(int)Span.TotalMinutes} min"),
        { TotalDays: < 2 } => string.Create(CultureInfo.InvariantCulture, $"{(int)Span.TotalHours} h"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)Span.TotalDays} d"),
    };

    /// <inheritdoc/>
    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();
}
