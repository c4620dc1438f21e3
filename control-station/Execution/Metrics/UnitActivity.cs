using VSan.Contracts.UnitLink;

namespace VSan.Station.Execution;

/// <summary>What is known of the activity of one unit and its legs. The lock of <see cref="PoolActivity"/> covers it.</summary>
internal sealed class UnitActivity
{
    /// <summary>The unit's own history.</summary>
    public ActivitySeries Series { get; } = new();

    /// <summary>Its legs that were ever used.</summary>
    public Dictionary<Guid, LegTrack> Legs { get; } = [];

    /// <summary>When it reported last; null until then.</summary>
    public DateTimeOffset? ReportedAt { get; set; }

    /// <summary>True: a leg that it tells for the first time was not used before.</summary>
    public bool KnowsAllLegs { get; set; }

    /// <summary>What is used on its stores.</summary>
    public long UsedBytes { get; set; }
}

/// <summary>One leg.</summary>
/// <param name="last">Its counters.</param>
/// <param name="movedAt">When they rose.</param>
internal sealed class LegTrack(LegActivity last, DateTimeOffset movedAt)
{
    /// <summary>Its counters as they were last told.</summary>
    public LegActivity Last { get; set; } = last;

    /// <summary>When they last rose.</summary>
    public DateTimeOffset MovedAt { get; set; } = movedAt;

    /// <summary>Its history; null while there is no room for one.</summary>
    public ActivitySeries? Series { get; set; }
}
