using System.Collections.Immutable;
using VSan.Station.Domain;
using VSan.Station.Execution;

namespace VSan.Station.Store.InMemory;

/// <summary>One table within one transaction; every search looks at every record.</summary>
internal sealed class MemoryTable<T>(MemoryTransaction transaction) : ITable<T>
    where T : Entity
{
    private ImmutableSortedDictionary<Guid, T> Records
    {
        get => transaction.State.Records<T>();
        set => transaction.State = transaction.State with { Tables = transaction.State.Tables.SetItem(typeof(T), value) };
    }

    /// <inheritdoc/>
    public int Count => Records.Count;

    /// <inheritdoc/>
    public T? Find(Guid id) => Records.GetValueOrDefault(id);

    /// <inheritdoc/>
    public IReadOnlyList<T> Where(Lookup<T> lookup, string key) => [.. Records.Values.Where(record => lookup.Key(record) == key)];

    /// <inheritdoc/>
    public int CountWhere(Lookup<T> lookup, string key) => Records.Values.Count(record => lookup.Key(record) == key);

    /// <inheritdoc/>
    public long SumWhere(Lookup<T> lookup, string key, Measure<T> measure) => Records.Values.Where(record => lookup.Key(record) == key).Sum(measure.Value);

    /// <inheritdoc/>
    public IReadOnlyList<T> Page(Guid? after, int limit, bool newestFirst = false)
    {
        IEnumerable<T> ordered = newestFirst ? Records.Values.Reverse() : Records.Values;
        int direction = newestFirst ? -1 : 1;
        return [.. ordered.Where(record => after is not { } id || record.Id.CompareTo(id) * direction > 0).Take(limit)];
    }

    /// <inheritdoc/>
    public T Insert(T record)
    {
        if (Records.ContainsKey(record.Id)) throw new StoreConflictException($"{typeof(T).Name} {record.Id} exists already.");
        RequireUnique(record);
        Records = Records.Add(record.Id, record);
        return record;
    }

    /// <inheritdoc/>
    public T Update(T record)
    {
        if (Records.GetValueOrDefault(record.Id)?.Generation != record.Generation)
            throw new StoreConflictException($"{typeof(T).Name} {record.Id} is no longer of generation {record.Generation}.");
        RequireUnique(record);
        T next = (T)((Entity)record with { Generation = record.Generation + 1 });
        Records = Records.SetItem(next.Id, next);
        return next;
    }

    /// <inheritdoc/>
    public void Delete(Guid id) => Records = Records.Remove(id);

    private void RequireUnique(T record)
    {
        foreach (Lookup<T> lookup in Lookups.Unique<T>())
        {
            string key = lookup.Key(record);
            if (Records.Values.Any(other => other.Id != record.Id && lookup.Key(other) == key))
                throw new StoreConflictException($"{typeof(T).Name} with {lookup.Column} {key} exists already.");
        }
    }
}
