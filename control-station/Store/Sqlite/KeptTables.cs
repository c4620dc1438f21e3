using VSan.Station.Domain;

namespace VSan.Station.Store.Sqlite;

/// <summary>Which tables the writer keeps: those with a row for each unit or store, that placement reads whole for each volume.</summary>
internal sealed class KeptTables
{
    private readonly Dictionary<Type, IKeptRows> _kept = new() { [typeof(Unit)] = new KeptRows<Unit>(), [typeof(Domain.Store)] = new KeptRows<Domain.Store>() };

    /// <summary>The kept records of a kind; null when it is not kept.</summary>
    public KeptRows<T>? Of<T>()
        where T : Entity => (KeptRows<T>?)_kept.GetValueOrDefault(typeof(T));

    /// <summary>The writer's transaction has ended.</summary>
    public void End(bool committed)
    {
        foreach (IKeptRows rows in _kept.Values) rows.End(committed);
    }
}
