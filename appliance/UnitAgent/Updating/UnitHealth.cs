using VSan.UnitAgent.Link;
using VSan.UnitAgent.Reconcile;

namespace VSan.UnitAgent.Updating;

/// <summary>A unit is healthy when it is in its pool, serves everything that it accepted, and has served a test.</summary>
internal sealed class UnitHealth(LinkPresence presence, Func<ServedState> served, HealthTarget target, IReadOnlyList<string> portals) : IUnitHealth
{
    /// <inheritdoc/>
    public async Task<string?> ObstacleAsync(CancellationToken cancellationToken)
    {
        target.IsWanted = true;
        return Obstacle(presence.IsUp, served(), portals.Count > 0) ?? await target.TestAsync(portals[0], cancellationToken);
    }

    /// <inheritdoc/>
    public void EndTrial() => target.IsWanted = false;

    /// <summary>What is missing before a test makes sense. Pure.</summary>
    internal static string? Obstacle(bool isLinked, ServedState served, bool hasPortal) => (isLinked, served, hasPortal) switch
    {
        (false, _, _) => "The station is not within reach.",
        (_, { BlockServerRunning: false }, _) => "The block server does not run.",
        (_, { Status.Generation: 0 }, _) => "The station has not said yet what is to be served.",
        (_, { IsServed: false }, _) => $"Generation {served.Status.Generation} is not served yet.",
        (_, _, false) => "It has no portal.",
        _ => null,
    };
}
