using System.Collections.Immutable;
using VSan.Station.Domain;

namespace VSan.Station.Store.InMemory;

/// <summary>Everything, immutable.</summary>
/// <param name="Tables">By kind of record, an <see cref="ImmutableSortedDictionary{TKey, TValue}"/> by identity.</param>
/// <param name="Events">Oldest first.</param>
/// <param name="Audit">Oldest first.</param>
internal sealed record MemoryState(ImmutableDictionary<Type, object> Tables, ImmutableList<EventRecord> Events, ImmutableList<AuditRecord> Audit)
{
    /// <summary>Nothing yet.</summary>
    public static MemoryState Empty { get; } = new(ImmutableDictionary<Type, object>.Empty, [], []);

    /// <summary>All records of one kind.</summary>
    public ImmutableSortedDictionary<Guid, T> Records<T>()
        where T : Entity =>
        Tables.TryGetValue(typeof(T), out object? records) ? (ImmutableSortedDictionary<Guid, T>)records : ImmutableSortedDictionary<Guid, T>.Empty;
}
