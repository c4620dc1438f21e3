using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>Raising and clearing alarms, an event each. What is so already changes nothing.</summary>
internal static class Alarms
{
    /// <summary>Makes an alarm be there with this severity, or, with null, not be there.</summary>
    public static void SetAlarm(
        this IStationTransaction transaction, DateTimeOffset now, string kind, string subject, AlarmSeverity? severity, string message)
    {
        ITable<Alarm> alarms = transaction.Table<Alarm>();
        Alarm? raised = transaction.FindAlarm(kind, subject);
        if (raised?.Severity == severity) return;
        if (severity is not { } wanted)
        {
            alarms.Delete(raised!.Id);
            transaction.AppendEvent(now, "alarm.cleared", subject, message);
            return;
        }

        if (raised is null) alarms.Insert(new Alarm(transaction.NewId(now), kind, subject, wanted, message, now));
        else alarms.Update(raised with { Severity = wanted, Message = message, RaisedAt = now });
        transaction.AppendEvent(now, "alarm.raised", subject, $"{wanted}: {message}");
    }

    /// <summary>An alarm that is raised, or null.</summary>
    public static Alarm? FindAlarm(this IStationTransaction transaction, string kind, string subject) =>
        transaction.Table<Alarm>().Where(Lookups.AlarmKey, $"{kind} {subject}") is [Alarm alarm] ? alarm : null;
}
