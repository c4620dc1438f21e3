namespace VSan.Station.Domain;

/// <summary>Something that is wrong now and that a person should see to; gone when it is right again. What was is in the events.</summary>
/// <param name="Id">Identity.</param>
/// <param name="Kind">What is wrong, for example <c>store.filling</c>.</param>
/// <param name="Subject">Kind and id of the object.</param>
/// <param name="Severity">How bad it is.</param>
/// <param name="Message">One sentence, with the next action.</param>
/// <param name="RaisedAt">Since when, in this severity.</param>
public sealed record Alarm(Guid Id, string Kind, string Subject, AlarmSeverity Severity, string Message, DateTimeOffset RaisedAt) : Entity(Id)
{
    /// <summary>What may not be there twice.</summary>
    public string Key => $"{Kind} {Subject}";
}

/// <summary>How bad an alarm is.</summary>
public enum AlarmSeverity
{
    /// <summary>Good to know in time.</summary>
    Notice,

    /// <summary>To be seen to this week.</summary>
    Warning,

    /// <summary>To be seen to now.</summary>
    Critical,
}
