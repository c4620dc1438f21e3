using System.Globalization;

namespace VSan.WebOs.Text;

/// <summary>A count with its noun: "1 volume", "10,000 volumes".</summary>
public static class Counted
{
    /// <summary>The count, with separators, and the noun in the number that fits; the plural adds an s.</summary>
    public static string Of(long count, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:#,0} {noun}{(count == 1 ? "" : "s")}");
}
