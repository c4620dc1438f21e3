namespace VSan.WebOs.Apps.Monitor;

/// <summary>How far back Monitor looks.</summary>
/// <param name="Key">As the address has it.</param>
/// <param name="Name">As a person reads it.</param>
/// <param name="Length">How far.</param>
internal sealed record MonitorRange(string Key, string Name, TimeSpan Length)
{
    /// <summary>The ranges, the shortest first.</summary>
    public static IReadOnlyList<MonitorRange> All { get; } =
        [new("5m", "5 minutes", TimeSpan.FromMinutes(5)), new("1h", "1 hour", TimeSpan.FromHours(1)), new("24h", "24 hours", TimeSpan.FromHours(24))];

    /// <summary>The one that an address names; whatever else it has is the shortest.</summary>
    public static MonitorRange Of(string? key) => All.FirstOrDefault(range => range.Key == key) ?? All[0];
}
