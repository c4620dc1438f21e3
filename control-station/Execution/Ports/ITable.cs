using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>All records of one kind, within a transaction.</summary>
public interface ITable<T>
    where T : Entity
{
    /// <summary>How many there are.</summary>
    int Count { get; }

    /// <summary>The record of this identity, or null.</summary>
    T? Find(Guid id);

    /// <summary>The records with this key, ordered by identity.</summary>
    IReadOnlyList<T> Where(Lookup<T> lookup, string key);

    /// <summary>How many records have this key.</summary>
    int CountWhere(Lookup<T> lookup, string key);

    /// <summary>A measure of all records that have this key, added up; 0 when there is none.</summary>
    long SumWhere(Lookup<T> lookup, string key, Measure<T> measure);

    /// <summary>Up to <paramref name="limit"/> records in order of identity, beginning after <paramref name="after"/>.</summary>
    IReadOnlyList<T> Page(Guid? after, int limit, bool newestFirst = false);

    /// <summary>Adds a record. Throws <see cref="StoreConflictException"/> when its identity or a unique key is taken.</summary>
    T Insert(T record);

    /// <summary>
    /// Replaces the record that has the same identity and generation, and returns it with the next generation. Throws
    /// <see cref="StoreConflictException"/> when it was changed or removed since it was read, or a unique key is taken.
    /// </summary>
    T Update(T record);

    /// <summary>Removes a record; nothing happens when there is none.</summary>
    void Delete(Guid id);
}
