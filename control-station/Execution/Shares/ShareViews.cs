using VSan.Station.Domain;
using Api = VSan.Contracts.Api;

namespace VSan.Station.Execution;

/// <summary>Shares as the API shows them.</summary>
internal sealed class ShareViews(UnitPresence presence)
{
    /// <summary>A share with who is let in.</summary>
    public Api.Share Of(IStationTransaction transaction, Share share)
    {
        Unit unit = transaction.Require<Unit>(share.UnitId, "unit");
        return new Api.Share(
            share.Id, share.Name, share.ProjectId, transaction.Project(share.ProjectId).Name, share.Owner, share.SizeBytes, State(share), unit.Id, unit.Name, share.StoreId,
            SharePlan.UrlOf(transaction, share), [.. SharePlan.BindingsOf(transaction, share.Id).Select(Of)], share.CreatedAt)
        {
            UsedBytes = UsedBytes(share),
            Certificate = share.Certificate,
        };
    }

    /// <summary>A permission.</summary>
    public static Api.ShareBinding Of(ShareBinding binding) => new(
        binding.Id,
        binding.Holder,
        binding.HostId,
        binding.UserName,
        binding.State switch
        {
            ShareBindingState.Pending => Api.ShareBindingState.Pending,
            ShareBindingState.Active => Api.ShareBindingState.Active,
            ShareBindingState.Removing => Api.ShareBindingState.Removing,
        },
        binding.CreatedAt);

    /// <summary>What a share takes, as its unit last reported; null when it never did.</summary>
    public long? UsedBytes(Share share) => presence.LastSighting(share.UnitId)?.Report?.Shares.FirstOrDefault(usage => usage.ShareId == share.Id)?.UsedBytes;

    private Api.ShareState State(Share share) => share.State switch
    {
        ShareState.Creating => Api.ShareState.Creating,
        ShareState.Ready => presence.Of(share.UnitId) == Presence.Unreachable ? Api.ShareState.Unreachable : Api.ShareState.Ready,
        ShareState.Deleting => Api.ShareState.Deleting,
    };
}
