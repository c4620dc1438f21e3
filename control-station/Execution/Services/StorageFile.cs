using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>The second kind: directories, which hosts and people use over WebDAV.</summary>
internal sealed class StorageFile() : ServiceKind(
    "storage.file",
    "Shares: directories for hosts and people, over WebDAV.",
    "shares",
    new ServiceVerbs(OperationCatalog.ShareCreate, OperationCatalog.ShareBind, OperationCatalog.ShareRelease, OperationCatalog.ShareDelete))
{
    /// <inheritdoc/>
    public override ServiceOffer OfferOf(Unit unit) => unit.Services.FirstOrDefault(offer => offer.Kind == Name)
        ?? new ServiceOffer(Name, Engine: null, $"{unit.Name} has not described itself for {Name}: it has not joined yet, or its agent is older.", Address: null, FirstPort: 0, PortCount: 0);

    /// <inheritdoc/>
    public override int CountOn(IStationTransaction transaction, Guid unitId, Guid? storeId = null) =>
        transaction.Table<Share>().Where(Lookups.ShareUnit, unitId.ToString()).Count(share => storeId is null || share.StoreId == storeId);

    /// <inheritdoc/>
    public override long PromisedBytes(IStationTransaction transaction, Guid projectId) =>
        transaction.Table<Share>().SumWhere(Lookups.ShareProject, projectId.ToString(), Measures.ShareSize);

    /// <inheritdoc/>
    public override int CountIn(IStationTransaction transaction, Guid projectId) => transaction.Table<Share>().CountWhere(Lookups.ShareProject, projectId.ToString());

    /// <inheritdoc/>
    public override int CountFor(IStationTransaction transaction, Guid hostId) => transaction.Table<ShareBinding>().CountWhere(Lookups.ShareBindingHost, hostId.ToString());

    /// <inheritdoc/>
    public override void Leave(IStationTransaction transaction, DateTimeOffset now, Unit unit)
    {
        foreach (Share share in transaction.Table<Share>().Where(Lookups.ShareUnit, unit.Id.ToString()))
        {
            transaction.Table<LegTombstone>().Insert(new LegTombstone(share.Id, share.UnitId, share.StoreId, share.Name, share.SizeBytes, now));
            SharePlan.Forget(transaction, share.Id);
            transaction.AppendEvent(now, "share.abandoned", $"share/{share.Id}", $"Share {share.Name} lay on {unit.Name}, which was forgotten; the unit keeps its files unserved if it returns.");
        }
    }
}
