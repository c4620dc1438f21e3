using VSan.Contracts.UnitLink;
using VSan.UnitAgent.State;

namespace VSan.UnitAgent.Inventory;

/// <summary>
/// The stores of this unit. It remembers in <c>stores.json</c> which store was at which path, so that a disk that is not mounted is
/// recognised and its mount point is not mistaken for a new, empty store.
/// <code>
///   path given ──► usable ──► gone (unmounted, unreadable, another disk) ──► usable again
///         └──► unusable: a condition; looked at again, while the other stores are served
/// </code>
/// </summary>
/// <remarks>The reconciler looks, under its gate; any thread may read what was last found.</remarks>
internal sealed class StoreSet : IStoreSet
{
    private const string FileName = "stores.json";
    private const string UnusableCode = "store-unusable";

    private readonly IReadOnlyList<string> _given;
    private readonly Guid _unitId;
    private readonly long? _limitBytes;
    private readonly StateDirectory _state;
    private readonly Dictionary<string, Guid> _adopted = [];
    private Dictionary<string, Guid> _known;
    private volatile Findings _found = new([], []);

    private readonly IReadOnlyDictionary<string, MediaClass> _media;

    private StoreSet(IReadOnlyList<string> paths, Guid unitId, long? limitBytes, StateDirectory state, IReadOnlyDictionary<string, MediaClass> media)
    {
        (_given, _unitId, _limitBytes, _state, _media) = (paths, unitId, limitBytes, state, media);
        _known = DurableFile.Read(state.FilePath(FileName), StateJson.Default.DictionaryStringGuid) ?? [];
    }

    private sealed record Findings(Dictionary<Guid, Store> Stores, List<UnitCondition> Conditions);

    /// <summary>Those that can be used now.</summary>
    public IReadOnlyCollection<Store> All => _found.Stores.Values;

    IReadOnlyCollection<IStore> IStoreSet.All => All;

    /// <summary>One for each path that cannot be used now.</summary>
    public IReadOnlyList<UnitCondition> Conditions => _found.Conditions;

    /// <summary>Opens every store that can be opened; the others are conditions.</summary>
    /// <param name="paths">Their directories.</param>
    /// <param name="unitId">This unit.</param>
    /// <param name="limitBytes">Upper bound of each one's capacity.</param>
    /// <param name="state">Where it is remembered which store was where.</param>
    /// <param name="media">What directories lie on, by a person's word; of the others the kernel tells.</param>
    public static StoreSet Open(IReadOnlyList<string> paths, Guid unitId, long? limitBytes, StateDirectory state, IReadOnlyDictionary<string, MediaClass>? media = null)
    {
        StoreSet set = new(paths, unitId, limitBytes, state, media ?? new Dictionary<string, MediaClass>());
        _ = set.Look();
        return set;
    }

    /// <summary>A store by its identity; null when this unit does not have it now.</summary>
    public Store? Find(Guid storeId) => _found.Stores.GetValueOrDefault(storeId);

    IStore? IStoreSet.Find(Guid storeId) => Find(storeId);

    /// <summary>Directories of claimed disks, which the configuration gave and the command line did not.</summary>
    public IReadOnlyCollection<string> Adopted => _adopted.Keys;

    /// <summary>Takes the directory of a claimed disk into service; a fresh one becomes the store of this identity.</summary>
    public void Adopt(string path, Guid storeId)
    {
        _adopted[path] = storeId;
        _ = Look();
    }

    /// <summary>Takes it out of service.</summary>
    public void Release(string path)
    {
        _ = _adopted.Remove(path);
        _ = Look();
    }

    /// <summary>Looks at every path again: a store may have gone, or come.</summary>
    /// <returns>True when something is different from the last look.</returns>
    public bool Look()
    {
        Findings before = _found;
        Findings now = new([], []);
        foreach (string path in _given.Concat(_adopted.Keys))
        {
            try
            {
                Store store = Take(path, before);
                if (!now.Stores.TryAdd(store.Id, store))
                    now.Conditions.Add(new(UnusableCode, $"{path} is a store that was already given. Give each --store once."));
            }
            catch (UnitFailure refusal)
            {
                now.Conditions.Add(new(UnusableCode, refusal.Message));
            }
        }

        _found = now;
        return !now.Stores.Keys.ToHashSet().SetEquals(before.Stores.Keys) || !now.Conditions.SequenceEqual(before.Conditions);
    }

    /// <summary>What the stores have and can still take. One that goes in this very moment is left out; the next look says why.</summary>
    public StoreInventory[] Inspect() => [.. All.Select(store => store.TryInspect()).OfType<StoreInventory>()];

    private Store Take(string path, Findings before)
    {
        if (before.Stores.Values.FirstOrDefault(known => known.Path == path) is { } open)
        {
            open.RequirePresence();
            return open;
        }

        Store store = Store.Open(path, _unitId, _known.TryGetValue(path, out Guid expected) ? expected : null, _limitBytes, _adopted.TryGetValue(path, out Guid wanted) ? wanted : null, _media.TryGetValue(path, out MediaClass media) ? media : null);
        if (!_known.ContainsKey(path)) Remember(path, store.Id);
        return store;
    }

    private void Remember(string path, Guid storeId)
    {
        Dictionary<string, Guid> grown = new(_known) { [path] = storeId };
        DurableFile.Write(_state.FilePath(FileName), grown, StateJson.Default.DictionaryStringGuid);
        _known = grown;
    }
}
