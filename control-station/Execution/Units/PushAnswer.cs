using VSan.Contracts.UnitLink;

namespace VSan.Station.Execution;

/// <summary>What a unit answered to a push, part by part; reports tell generations alone.</summary>
/// <param name="Generation">The generation that was pushed; 0 before the first answer.</param>
/// <param name="Troubles">Legs and snapshots that are not there or not served, with the reason.</param>
/// <param name="Snapshots">Snapshots that are there, by the identity of their leg.</param>
internal sealed record PushAnswer(long Generation, IReadOnlyDictionary<Guid, string> Troubles, IReadOnlyDictionary<Guid, SnapshotFact> Snapshots)
{
    /// <summary>Nothing answered yet.</summary>
    public static PushAnswer None { get; } = new(0, new Dictionary<Guid, string>(), new Dictionary<Guid, SnapshotFact>());

    /// <summary>The answer as it came.</summary>
    public static PushAnswer Of(ConfigurationStatus status) => new(
        status.Generation,
        status.Conditions.Where(condition => condition.LegId is not null).GroupBy(condition => condition.LegId!.Value).ToDictionary(group => group.Key, group => group.First().Message),
        (status.Snapshots ?? []).GroupBy(fact => fact.LegId).ToDictionary(group => group.Key, group => group.First()));
}
