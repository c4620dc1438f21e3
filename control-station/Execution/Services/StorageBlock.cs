using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>The first kind: volumes, which hosts use as disks over iSCSI.</summary>
internal sealed class StorageBlock() : ServiceKind(
    "storage.block",
    "Volumes: disks for hosts, over iSCSI.",
    "volumes",
    new ServiceVerbs(OperationCatalog.VolumeCreate, OperationCatalog.MappingCreate, OperationCatalog.MappingDelete, OperationCatalog.VolumeDelete))
{
    /// <inheritdoc/>
    public override ServiceOffer OfferOf(Unit unit) => unit.Portals.Count > 0
        ? new ServiceOffer(Name, $"vsan-blockserver {unit.ImageVersion}", Reason: null, unit.Portals[0], FirstPort: 0, PortCount: 0)
        : new ServiceOffer(Name, Engine: null, $"{unit.Name} has told of no iSCSI portal: wait until it has joined, or start its agent with --portal.", Address: null, FirstPort: 0, PortCount: 0);

    /// <inheritdoc/>
    public override int CountOn(IStationTransaction transaction, Guid unitId, Guid? storeId = null) => storeId is null
        ? transaction.Table<Leg>().CountWhere(Lookups.LegUnit, unitId.ToString())
        : transaction.Table<Leg>().Where(Lookups.LegUnit, unitId.ToString()).Count(leg => leg.StoreId == storeId);

    /// <inheritdoc/>
    public override long PromisedBytes(IStationTransaction transaction, Guid projectId) =>
        transaction.Table<Volume>().SumWhere(Lookups.VolumeProject, projectId.ToString(), Measures.VolumePromise);

    /// <inheritdoc/>
    public override int CountIn(IStationTransaction transaction, Guid projectId) => transaction.Table<Volume>().CountWhere(Lookups.VolumeProject, projectId.ToString());

    /// <inheritdoc/>
    public override int CountFor(IStationTransaction transaction, Guid hostId) => transaction.Table<Mapping>().CountWhere(Lookups.MappingHost, hostId.ToString());

    /// <summary>Nothing: a volume may have legs on other units, which <see cref="Forgetting"/> takes into account itself.</summary>
    public override void Leave(IStationTransaction transaction, DateTimeOffset now, Unit unit)
    {
    }
}
