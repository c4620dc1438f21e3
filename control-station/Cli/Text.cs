using System.Globalization;
using System.Text.Json;

namespace VSan.Cli;

/// <summary>Values of the API as a table's cells.</summary>
internal static class Text
{
    /// <summary>An enum member as it is on the wire.</summary>
    public static string ToWire<TEnum>(this TEnum value)
        where TEnum : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    /// <summary>A time in the reader's zone-free form, or a dash.</summary>
    public static string Of(DateTimeOffset? time) =>
        time is null ? "-" : time.Value.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>Parts with commas, or a dash for none.</summary>
    public static string Of(IEnumerable<string> parts) => string.Join(", ", parts) is { Length: > 0 } text ? text : "-";
}
