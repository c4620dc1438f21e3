using System.Text.Json.Serialization;

namespace VSan.Contracts.Api;

/// <summary>Something that is wrong now; gone when it is right again.</summary>
/// <param name="Id">Identity.</param>
/// <param name="Kind">What is wrong: <c>store.filling</c>, <c>pool.filling</c>.</param>
/// <param name="Subject">Kind and id of the object.</param>
/// <param name="Severity">How bad it is.</param>
/// <param name="Message">One sentence, with the next action.</param>
/// <param name="RaisedAt">Since when, in this severity.</param>
public sealed record Alarm(Guid Id, string Kind, string Subject, AlarmSeverity Severity, string Message, DateTimeOffset RaisedAt);

/// <summary>How bad an alarm is.</summary>
[JsonConverter(typeof(WireEnumConverter<AlarmSeverity>))]
public enum AlarmSeverity
{
    /// <summary>Good to know in time: a store is 70 % full.</summary>
    Notice,

    /// <summary>To be seen to this week: 80 %.</summary>
    Warning,

    /// <summary>To be seen to now: 90 %.</summary>
    Critical,
}

/// <summary>One page of alarms.</summary>
public sealed record AlarmPage(IReadOnlyList<Alarm> Items, string? NextCursor);
