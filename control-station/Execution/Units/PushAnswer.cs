using VSan.Contracts.UnitLink;

namespace VSan.Station.Execution;

/// <summary>What a unit answered to a push, part by part; reports tell generations alone.</summary>
/// <param name="Generation">The generation that was pushed; 0 before the first answer.</param>
/// <param name="Troubles">Legs and snapshots that are not there or not served, with the reason.</param>
/// <param name="Snapshots">Snapshots that are there, by the identity of their leg.</param>
internal sealed record PushAnswer(long Generation, IReadOnlyDictionary<Guid, string> Troubles, IReadOnlyDictionary<Guid, SnapshotFact> Snapshots)
{
    /// <summary>Characters of a certificate in PEM; one of a P-256 key has 700.</summary>
    private const int CertificateLengthMax = 8192;

    /// <summary>Certificates of the shares that are served, by share.</summary>
    public IReadOnlyDictionary<Guid, string> Shares { get; init; } = new Dictionary<Guid, string>();

    /// <summary>Nothing answered yet.</summary>
    public static PushAnswer None { get; } = new(0, new Dictionary<Guid, string>(), new Dictionary<Guid, SnapshotFact>());

    /// <summary>The answer as it came.</summary>
    public static PushAnswer Of(ConfigurationStatus status) => new(
        status.Generation,
        status.Conditions.Where(condition => condition.LegId is not null).GroupBy(condition => condition.LegId!.Value).ToDictionary(group => group.Key, group => group.First().Message),
        (status.Snapshots ?? []).GroupBy(fact => fact.LegId).ToDictionary(group => group.Key, group => group.First()))
    {
        Shares = (status.Shares ?? []).Where(fact => fact.Certificate is { Length: > 0 and <= CertificateLengthMax }).GroupBy(fact => fact.ShareId).ToDictionary(group => group.Key, group => group.First().Certificate),
    };
}
