using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>A consistent view of everything, and in a write transaction the right to change it. Valid only inside the delegate it was given to.</summary>
public interface IStationTransaction
{
    /// <summary>A new identity, version 7: those of one table sort by the time of their making.</summary>
    Guid NewId(DateTimeOffset at) => Guid.CreateVersion7(at);

    /// <summary>All records of one kind.</summary>
    ITable<T> Table<T>()
        where T : Entity;

    /// <summary>Adds an event; its number is given back.</summary>
    EventRecord AppendEvent(DateTimeOffset at, string kind, string subject, string message);

    /// <summary>Up to <paramref name="limit"/> events after a number, oldest first.</summary>
    IReadOnlyList<EventRecord> EventsAfter(long number, int limit);

    /// <summary>The last <paramref name="limit"/> events, oldest first.</summary>
    IReadOnlyList<EventRecord> LastEvents(int limit);

    /// <summary>Adds a line to the audit log, chained to the last.</summary>
    AuditRecord AppendAudit(DateTimeOffset at, string who, string action, string subject, string outcome);

    /// <summary>Up to <paramref name="limit"/> audit lines after a number, oldest first.</summary>
    IReadOnlyList<AuditRecord> AuditAfter(long number, int limit);

    /// <summary>The audit lines that a query asks for, newest first.</summary>
    IReadOnlyList<AuditRecord> AuditLines(AuditQuery query);
}
