using VSan.Contracts.UnitLink;

namespace VSan.UnitAgent.Shares;

/// <summary>A unit that does not serve files, and says why.</summary>
/// <param name="reason">Why not, with the next action.</param>
internal sealed class NoShareServer(string reason) : IShareServer
{
    /// <inheritdoc/>
    public ServiceOffer Offer { get; } = new(ShareServer.Kind, Engine: null, reason, Address: null, FirstPort: 0, PortCount: 0);

    /// <inheritdoc/>
    public IReadOnlyList<ShareUsage> Usage => [];

    /// <inheritdoc/>
    public Task<(IReadOnlyList<ShareFact> Facts, IReadOnlyList<UnitCondition> Conditions)> ApplyAsync(IReadOnlyList<ShareSpec> shares, CancellationToken cancellationToken) =>
        Task.FromResult<(IReadOnlyList<ShareFact>, IReadOnlyList<UnitCondition>)>(
            ([], [.. shares.Select(share => new UnitCondition("share-failed", $"Share {share.Name} is not served: {reason}") { LegId = share.ShareId })]));

    /// <inheritdoc/>
    public bool HasDied() => false;

    /// <summary>Never: where its files are, and whether somebody serves them, is not known here.</summary>
    public bool TryRemove(Guid storeId, Guid shareId) => false;
}
