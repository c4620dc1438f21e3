using VSan.Station.Domain;
using VSan.Station.Execution;

namespace VSan.Station.Store.InMemory;

/// <summary>A transaction: a private copy of the state, which is immutable and therefore cheap to copy.</summary>
internal sealed class MemoryTransaction(MemoryState state, bool writable, Func<DateTimeOffset, Guid>? identities) : IStationTransaction
{
    private const int EventsMax = 10_000;

    private MemoryState _state = state;

    /// <summary>The state so far.</summary>
    public MemoryState State
    {
        get => _state;
        set => _state = writable ? value : throw new InvalidOperationException("A read may not change the store.");
    }

    /// <inheritdoc/>
    public Guid NewId(DateTimeOffset at) => identities is null ? Guid.CreateVersion7(at) : identities(at);

    /// <inheritdoc/>
    public ITable<T> Table<T>()
        where T : Entity => new MemoryTable<T>(this);

    /// <inheritdoc/>
    public EventRecord AppendEvent(DateTimeOffset at, string kind, string subject, string message)
    {
        EventRecord record = new((State.Events.IsEmpty ? 0 : State.Events[^1].Number) + 1, at, kind, subject, message);
        State = State with { Events = (State.Events.Count < EventsMax ? State.Events : State.Events.RemoveAt(0)).Add(record) };
        return record;
    }

    /// <inheritdoc/>
    public IReadOnlyList<EventRecord> EventsAfter(long number, int limit) => [.. State.Events.Where(record => record.Number > number).Take(limit)];

    /// <inheritdoc/>
    public IReadOnlyList<EventRecord> LastEvents(int limit) => [.. State.Events.TakeLast(limit)];

    /// <inheritdoc/>
    public AuditRecord AppendAudit(DateTimeOffset at, string who, string action, string subject, string outcome)
    {
        AuditRecord line = AuditChain.After(State.Audit.IsEmpty ? null : State.Audit[^1], at, who, action, subject, outcome);
        State = State with { Audit = State.Audit.Add(line) };
        return line;
    }

    /// <inheritdoc/>
    public IReadOnlyList<AuditRecord> AuditAfter(long number, int limit) => [.. State.Audit.Where(line => line.Number > number).Take(limit)];

    /// <inheritdoc/>
    public IReadOnlyList<AuditRecord> AuditLines(AuditQuery query) => [.. Enumerable.Reverse(State.Audit).Where(query.Fits).Take(query.Limit)];
}
