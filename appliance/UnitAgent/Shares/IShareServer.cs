using VSan.Contracts.UnitLink;

namespace VSan.UnitAgent.Shares;

/// <summary>Serves directories as files: the second kind of service. The reconciler calls it, under its gate.</summary>
internal interface IShareServer
{
    /// <summary>How this unit describes itself for the kind.</summary>
    ServiceOffer Offer { get; }

    /// <summary>What shares take, as last measured.</summary>
    IReadOnlyList<ShareUsage> Usage { get; }

    /// <summary>Serves exactly these, and lets exactly those in whom they name. What is served as it should be is not touched.</summary>
    /// <param name="shares">The document's shares.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The shares that are served, and why the others are not.</returns>
    Task<(IReadOnlyList<ShareFact> Facts, IReadOnlyList<UnitCondition> Conditions)> ApplyAsync(IReadOnlyList<ShareSpec> shares, CancellationToken cancellationToken);

    /// <summary>True when a server that should run has ended: <see cref="ApplyAsync"/> starts it again.</summary>
    bool HasDied();

    /// <summary>Stops serving a share and deletes its files; one that this unit did not make stays.</summary>
    /// <returns>False when it has to be tried again: the store is not here now.</returns>
    bool TryRemove(Guid storeId, Guid shareId);
}
