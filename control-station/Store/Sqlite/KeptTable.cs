using VSan.Station.Domain;
using VSan.Station.Execution;

namespace VSan.Station.Store.Sqlite;

/// <summary>A table within one of the writer's transactions whose records are kept: reading all of them reads the file once.</summary>
internal sealed class KeptTable<T>(SqliteTable<T> table, KeptRows<T> rows) : ITable<T>
    where T : Entity
{
    /// <inheritdoc/>
    public int Count => table.Count;

    /// <inheritdoc/>
    public T? Find(Guid id) => table.Find(id);

    /// <inheritdoc/>
    public IReadOnlyList<T> Where(Lookup<T> lookup, string key) => table.Where(lookup, key);

    /// <inheritdoc/>
    public int CountWhere(Lookup<T> lookup, string key) => table.CountWhere(lookup, key);

    /// <inheritdoc/>
    public long SumWhere(Lookup<T> lookup, string key, Measure<T> measure) => table.SumWhere(lookup, key, measure);

    /// <inheritdoc/>
    public IReadOnlyList<T> Page(Guid? after, int limit, bool newestFirst = false) =>
        after is null && limit == int.MaxValue && !newestFirst ? rows.All ?? Read() : table.Page(after, limit, newestFirst);

    /// <inheritdoc/>
    public T Insert(T record)
    {
        T inserted = table.Insert(record);
        rows.Put(inserted);
        return inserted;
    }

    /// <inheritdoc/>
    public T Update(T record)
    {
        T updated = table.Update(record);
        rows.Put(updated);
        return updated;
    }

    /// <inheritdoc/>
    public void Delete(Guid id)
    {
        table.Delete(id);
        rows.Remove(id);
    }

    private IReadOnlyList<T> Read()
    {
        IReadOnlyList<T> records = table.Page(after: null, int.MaxValue);
        rows.Fill(records);
        return records;
    }
}
