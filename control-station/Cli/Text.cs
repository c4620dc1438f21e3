using System.Globalization;
using System.Text.Json;
using VSan.Contracts.Api;

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

    /// <summary>What can still be promised to volumes. A thin volume has written little of what it was promised, so this is below what the disks measure.</summary>
    public static string FreeOf(long capacityBytes, long promisedBytes, long measuredFreeBytes) =>
        ByteSize.Format(Math.Clamp(capacityBytes - promisedBytes, 0, Math.Max(0, measuredFreeBytes)));

    /// <summary>Bytes moved, rate and time left, as far as they are known.</summary>
    public static string Of(OperationProgress progress)
    {
        string moved = $"{ByteSize.Format(progress.DoneBytes)} of {ByteSize.Format(progress.TotalBytes)}";
        string rate = progress.BytesPerSecond > 0 ? $", {ByteSize.Format(progress.BytesPerSecond)}/s" : string.Empty;
        string left = progress.SecondsLeft is { } seconds ? $", {TimeSpan.FromSeconds(seconds):c} left" : string.Empty;
        return moved + rate + left;
    }

    /// <summary>A version with as much of its commit as tells commits apart.</summary>
    public static string Version(string version)
    {
        const int CommitDigits = 12;
        int commit = version.IndexOf('+', StringComparison.Ordinal) + 1;
        return commit > 0 && version.Length > commit + CommitDigits ? version[..(commit + CommitDigits)] : version;
    }

    /// <summary>Labels, or a dash for none.</summary>
    public static string Of(IReadOnlyDictionary<string, string>? labels) => Of((labels ?? new Dictionary<string, string>()).Select(label => $"{label.Key}={label.Value}"));

    /// <summary>Parts with commas, or a dash for none.</summary>
    public static string Of(IEnumerable<string> parts) => string.Join(", ", parts) is { Length: > 0 } text ? text : "-";
}
