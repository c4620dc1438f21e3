using System.Text.Json.Serialization;

namespace VSan.Contracts.Api;

/// <summary>The virtual storage pool in a few numbers.</summary>
/// <param name="Health">State.</param>
/// <param name="Sentence">The same in one sentence for a person.</param>
/// <param name="CapacityBytes">All stores of all admitted units.</param>
/// <param name="FreeBytes">What the stores can still take.</param>
/// <param name="PromisedBytes">What volumes were promised.</param>
/// <param name="PlaceableBytes">The largest single volume that placement would accept now.</param>
/// <param name="UnitsReady">Units that serve.</param>
/// <param name="Units">All units, pending ones apart.</param>
/// <param name="UnitsPending">Units that wait for approval.</param>
/// <param name="Volumes">Number of volumes.</param>
/// <param name="OperationsRunning">Operations not ended.</param>
/// <param name="Frozen">True: so many units vanished at once that nothing automatic begins, until they return or a person thaws the pool.</param>
public sealed record Pool(
    PoolHealth Health,
    string Sentence,
    long CapacityBytes,
    long FreeBytes,
    long PromisedBytes,
    long PlaceableBytes,
    int UnitsReady,
    int Units,
    int UnitsPending,
    int Volumes,
    int OperationsRunning,
    bool Frozen = false)
{
    /// <summary>What could still be promised without the unit that has the most.</summary>
    public long UsableAfterOneFailsBytes { get; init; }

    /// <summary>How long a deleted volume can be had back, unless whoever deletes it says otherwise.</summary>
    public long TrashDelaySeconds { get; init; }

    /// <summary>How long a unit is out of reach until a spare is taken into service for it; 0: never by itself.</summary>
    public long SpareAfterSeconds { get; init; }
}

/// <summary>What is to be set for the whole pool; what is null stays as it is.</summary>
/// <param name="TrashDelaySeconds">How long a deleted volume can be had back, unless whoever deletes it says otherwise: a minute to a year.</param>
/// <param name="SpareAfterSeconds">How long a unit is out of reach until a spare is taken into service for it: a minute to 30 days; 0: never by itself.</param>
public sealed record PoolChange(long? TrashDelaySeconds, long? SpareAfterSeconds = null);

/// <summary>Health of the pool.</summary>
[JsonConverter(typeof(WireEnumConverter<PoolHealth>))]
public enum PoolHealth
{
    /// <summary>No unit has joined yet.</summary>
    Empty,

    /// <summary>All units are ready.</summary>
    Healthy,

    /// <summary>Something needs attention; no volume is out of reach as far as the station knows.</summary>
    Degraded,

    /// <summary>A unit with volumes is unreachable.</summary>
    Critical,
}
