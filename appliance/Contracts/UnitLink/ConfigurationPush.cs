namespace VSan.Contracts.UnitLink;

/// <summary>The station hands a unit its configuration: <c>PUT /link/v1/configuration</c>.</summary>
/// <param name="Configuration">The document.</param>
/// <param name="Secrets">CHAP secrets by the references in the document; kept apart from it, mode 0600.</param>
public sealed record ConfigurationPush(UnitConfiguration Configuration, IReadOnlyDictionary<string, string> Secrets)
{
    /// <summary>What is kept beside each leg and snapshot of the document, by its identity; null from a station that does not write it. No part of the document: a signature made again is another.</summary>
    public IReadOnlyDictionary<Guid, SignedLegRecord>? Records { get; init; }

    /// <summary>How many locks were granted on the unit when this was decided; a unit refuses less than it has seen. 0 from a station that does not say.</summary>
    public long LockEpoch { get; init; }
}

/// <summary>Where the unit stands after a push.</summary>
/// <param name="Generation">The generation that it has accepted and persisted.</param>
/// <param name="AppliedGeneration">The generation that its block server serves.</param>
/// <param name="Conditions">What keeps it from applying the rest; empty when all is well.</param>
public sealed record ConfigurationStatus(long Generation, long AppliedGeneration, IReadOnlyList<UnitCondition> Conditions)
{
    /// <summary>In the answer to a push: the document's snapshots that are there. Null in reports.</summary>
    public IReadOnlyList<SnapshotFact>? Snapshots { get; init; }

    /// <summary>In the answer to a push: the document's shares that are served. Null in reports.</summary>
    public IReadOnlyList<ShareFact>? Shares { get; init; }
}

/// <summary>One thing that is wrong on a unit.</summary>
/// <param name="Code">Stable, for programs: <c>block-server-down</c>, <c>store-unusable</c>, <c>store-full</c>, <c>leg-missing</c>, <c>leg-orphan</c>, <c>snapshot-failed</c>, <c>snapshot-missing</c>, <c>disk-missing</c>, <c>disk-foreign</c>, <c>share-failed</c>, <c>apply-failed</c>, <c>record-unwritten</c>.</param>
/// <param name="Message">One sentence for a person, with the next action.</param>
public sealed record UnitCondition(string Code, string Message)
{
    /// <summary>The leg, snapshot, share or claimed store that is not served or not there because of it; null when it concerns no single one.</summary>
    public Guid? LegId { get; init; }
}
