using VSan.Station.Domain;

namespace VSan.Station.Store.Sqlite;

/// <summary>
/// The records of a small table that every placement reads whole, as the writing connection sees them (ADR 0070): there is one writer, so that
/// what it read and changed is what stands in the file. Used within the writer's turn alone.
/// </summary>
internal sealed class KeptRows<T> : IKeptRows
    where T : Entity
{
    // In the order of the text of their identities, which is the order of the table.
    private SortedDictionary<Guid, T>? _records;
    private bool _changed;

    /// <summary>All records in order of identity; null when they are to be read first.</summary>
    public IReadOnlyList<T>? All => _records is null ? null : [.. _records.Values];

    /// <summary>Keeps what was read.</summary>
    public void Fill(IReadOnlyList<T> records) => _records = new SortedDictionary<Guid, T>(records.ToDictionary(record => record.Id));

    /// <summary>The transaction has written this record.</summary>
    public void Put(T record)
    {
        _changed = true;
        if (_records is not null) _records[record.Id] = record;
    }

    /// <summary>The transaction has removed a record.</summary>
    public void Remove(Guid id)
    {
        _changed = true;
        _records?.Remove(id);
    }

    /// <inheritdoc/>
    public void End(bool committed)
    {
        if (_changed && !committed) _records = null;
        _changed = false;
    }
}
