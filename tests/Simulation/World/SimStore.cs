using VSan.Contracts.UnitLink;
using VSan.UnitAgent.Inventory;

namespace VSan.Tests.Simulation.World;

/// <summary>The one store of a simulated unit, on its disk.</summary>
internal sealed class SimStore(Guid id, string path, SimFiles files) : IStore, IStoreSet
{
    private const long CapacityBytes = 1L << 40;

    public Guid Id => id;

    public string Directory => path;

    public IReadOnlyCollection<IStore> All => [this];

    public IReadOnlyList<UnitCondition> Conditions => [];

    public IStore? Find(Guid storeId) => storeId == id ? this : null;

    public bool Look() => false;

    public string ImagePath(Guid legId) => $"{path}/{legId:D}.img";

    public string DescriptionPath(Guid legId) => $"{path}/{legId:D}.json";

    public StoreInventory Inspect() => new(id, "store", CapacityBytes, CapacityBytes, Reflink: true, LegIds());

    public StoreInventory? TryInspect() => Inspect();

    private IReadOnlyList<Guid> LegIds() =>
    [
        .. files.Paths.Where(file => file.StartsWith(path, StringComparison.Ordinal) && file.EndsWith(".img", StringComparison.Ordinal))
            .Select(file => Guid.TryParseExact(Path.GetFileNameWithoutExtension(file), "D", out Guid legId) ? legId : Guid.Empty)
            .Where(legId => legId != Guid.Empty)
            .Order(),
    ];
}
