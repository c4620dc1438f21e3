using VSan.Contracts.UnitLink;

namespace VSan.UnitAgent.Reconcile;

/// <summary>What the reconciler last found, whole; the source of status answers and reports.</summary>
/// <param name="Status">Generations and conditions.</param>
/// <param name="BlockServerRunning">False while the block server cannot be asked.</param>
/// <param name="Sessions">iSCSI sessions that are logged in.</param>
internal sealed record ServedState(ConfigurationStatus Status, bool BlockServerRunning, int Sessions)
{
    /// <summary>What legs take on their stores, as far as the block server can tell.</summary>
    public IReadOnlyList<LegUsage> Usage { get; init; } = [];

    /// <summary>What was done to the legs that were ever used, as far as the block server can tell.</summary>
    public IReadOnlyList<LegActivity> Activity { get; init; } = [];

    /// <summary>True when everything that was accepted is served; the empty configuration is served by any block server.</summary>
    public bool IsServed => BlockServerRunning && Status.AppliedGeneration == Status.Generation;

    /// <summary>True when a report of one says the same as a report of the other.</summary>
    public bool SaysTheSame(ServedState other) =>
        (BlockServerRunning, Sessions, Status.Generation, Status.AppliedGeneration)
            == (other.BlockServerRunning, other.Sessions, other.Status.Generation, other.Status.AppliedGeneration)
        && Status.Conditions.SequenceEqual(other.Status.Conditions)
        && Usage.SequenceEqual(other.Usage)
        && IsStill(other.Activity);

    private bool IsStill(IReadOnlyList<LegActivity> other)
    {
        if (Activity.Count != other.Count) return false;
        for (int i = 0; i < other.Count; i++)
            if (Activity[i].LegId != other[i].LegId || other[i].HasMovedSince(Activity[i])) return false;
        return true;
    }
}
