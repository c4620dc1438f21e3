using VSan.UnitAgent.State;

namespace VSan.UnitAgent.Inventory;

/// <summary>
/// The stores of this unit. It remembers in <c>stores.json</c> which store was at which path, so that a disk that is not mounted is
/// recognised and its mount point is not mistaken for a new, empty store.
/// </summary>
internal sealed class StoreSet
{
    private const string FileName = "stores.json";

    private readonly Dictionary<Guid, Store> _stores;

    private StoreSet(Dictionary<Guid, Store> stores) => _stores = stores;

    /// <summary>All of them.</summary>
    public IReadOnlyCollection<Store> All => _stores.Values;

    /// <summary>Opens every store.</summary>
    /// <exception cref="UnitFailure">One of them cannot be used.</exception>
    public static StoreSet Open(IEnumerable<string> paths, Guid unitId, long? limitBytes, StateDirectory state)
    {
        Dictionary<string, Guid> known = DurableFile.Read(state.FilePath(FileName), StateJson.Default.DictionaryStringGuid) ?? [];
        Dictionary<Guid, Store> stores = [];
        bool grown = false;
        foreach (string path in paths)
        {
            Store store = Store.Open(path, unitId, known.TryGetValue(path, out Guid expected) ? expected : null, limitBytes);
            if (!stores.TryAdd(store.Id, store))
                throw new UnitFailure(ExitCode.Unusable, $"{path} is a store that was already given. Give each --store once.");
            grown |= known.TryAdd(path, store.Id);
        }

        if (grown) DurableFile.Write(state.FilePath(FileName), known, StateJson.Default.DictionaryStringGuid);
        return new StoreSet(stores);
    }

    /// <summary>A store by its identity; null when this unit does not have it now.</summary>
    public Store? Find(Guid storeId) => _stores.GetValueOrDefault(storeId);
}
