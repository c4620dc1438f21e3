using VSan.Station.Domain;
using VSan.Station.Execution;

namespace VSan.Tests.ControlPlane.Execution;

/// <summary>A store in which one volume's record cannot be changed, for a number of tries: a conflict that never ends, or ends.</summary>
internal sealed class StubbornStore(IStationStore store) : IStationStore
{
    private int _left;

    /// <summary>The volume.</summary>
    public string VolumeName { get; init; } = "stubborn";

    /// <summary>Tries so far.</summary>
    public int Refused { get; private set; }

    /// <summary>The next so many changes of the volume are refused.</summary>
    public void Refuse(int times) => Volatile.Write(ref _left, times);

    public Task<T> ReadAsync<T>(Func<IStationTransaction, T> read, CancellationToken cancellationToken) => store.ReadAsync(read, cancellationToken);

    public Task<T> WriteAsync<T>(Func<IStationTransaction, T> write, CancellationToken cancellationToken) =>
        store.WriteAsync(transaction => write(new StubbornTransaction(this, transaction)), cancellationToken);

    public ValueTask DisposeAsync() => store.DisposeAsync();

    private void BeforeUpdate(Entity record)
    {
        if (record is not Volume volume || volume.Name != VolumeName || _left == 0) return;
        _left--;
        Refused++;
        throw new StoreConflictException($"{VolumeName} was changed by another.");
    }

    private sealed class StubbornTransaction(StubbornStore owner, IStationTransaction inner) : IStationTransaction
    {
        public ITable<T> Table<T>()
            where T : Entity => new StubbornTable<T>(owner, inner.Table<T>());

        public EventRecord AppendEvent(DateTimeOffset at, string kind, string subject, string message) => inner.AppendEvent(at, kind, subject, message);

        public IReadOnlyList<EventRecord> EventsAfter(long number, int limit) => inner.EventsAfter(number, limit);

        public IReadOnlyList<EventRecord> LastEvents(int limit) => inner.LastEvents(limit);

        public AuditRecord AppendAudit(DateTimeOffset at, string who, string action, string subject, string outcome) =>
            inner.AppendAudit(at, who, action, subject, outcome);

        public IReadOnlyList<AuditRecord> AuditAfter(long number, int limit) => inner.AuditAfter(number, limit);

        public IReadOnlyList<AuditRecord> AuditLines(AuditQuery query) => inner.AuditLines(query);
    }

    private sealed class StubbornTable<T>(StubbornStore owner, ITable<T> inner) : ITable<T>
        where T : Entity
    {
        public int Count => inner.Count;

        public T? Find(Guid id) => inner.Find(id);

        public IReadOnlyList<T> Where(Lookup<T> lookup, string key) => inner.Where(lookup, key);

        public int CountWhere(Lookup<T> lookup, string key) => inner.CountWhere(lookup, key);

        public long SumWhere(Lookup<T> lookup, string key, Measure<T> measure) => inner.SumWhere(lookup, key, measure);

        public IReadOnlyList<T> Page(Guid? after, int limit, bool newestFirst = false) => inner.Page(after, limit, newestFirst);

        public T Insert(T record) => inner.Insert(record);

        public T Update(T record)
        {
            owner.BeforeUpdate(record);
            return inner.Update(record);
        }

        public void Delete(Guid id) => inner.Delete(id);
    }
}
