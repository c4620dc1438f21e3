using System.Globalization;

namespace VSan.WebOs.Text;

/// <summary>A time of day as a person reads it, the same for everybody: "2026-11-29 02:14:05 UTC".</summary>
public static class Moment
{
    /// <summary>The time, to the second.</summary>
    public static string Of(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}
