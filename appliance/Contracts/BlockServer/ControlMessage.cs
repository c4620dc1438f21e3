using System.Text.Json.Serialization;

namespace VSan.Contracts.BlockServer;

/// <summary>
/// One request on the block server's control socket: a line of JSON; the answer is a <see cref="ControlAnswer"/>, a line of JSON too.
/// One connection carries any number of them, in order.
/// </summary>
/// <param name="Verb">What is asked.</param>
/// <param name="Configuration">With <see cref="ControlVerb.Apply"/>: the whole configuration.</param>
public sealed record ControlRequest(ControlVerb Verb, BlockServerConfiguration? Configuration)
{
    /// <summary>With <see cref="ControlVerb.Snapshot"/>: a group that shares one point in time.</summary>
    public IReadOnlyList<SnapshotRequest>? Snapshots { get; init; }

    /// <summary>With <see cref="ControlVerb.Drain"/>: whom to see off.</summary>
    public DrainRequest? Drain { get; init; }
}

/// <summary>One snapshot that is asked for.</summary>
/// <param name="VolumeId">Of which volume; one in a file.</param>
/// <param name="Path">The file that it becomes, on the same filesystem. A whole snapshot that is there already stays as it is.</param>
public sealed record SnapshotRequest(Guid VolumeId, string Path);

/// <summary>Sessions that are to go, for maintenance; all of them where neither target nor portal is named.</summary>
/// <param name="TargetName">Those of this target only.</param>
/// <param name="Portal">Those that came in by this <c>address:port</c> only; it may be closed by now.</param>
/// <param name="WithinSeconds">How long initiators may take to log out, 1 to 600; after it they are dropped. None may log in meanwhile.</param>
public sealed record DrainRequest(string? TargetName, string? Portal, int WithinSeconds);

/// <summary>How a drain ended.</summary>
/// <param name="Sessions">Sessions that were asked to log out.</param>
/// <param name="Dropped">Those of them that did not in time.</param>
public sealed record DrainOutcome(int Sessions, int Dropped);

/// <summary>What can be asked of a block server.</summary>
[JsonConverter(typeof(WireEnumConverter<ControlVerb>))]
public enum ControlVerb
{
    /// <summary>Make the configuration so, by difference.</summary>
    Apply,

    /// <summary>Say what is served, by whom it is used, and the counters.</summary>
    Inspect,

    /// <summary>Say the counters in Prometheus' text format.</summary>
    Metrics,

    /// <summary>Make snapshots: all of a group hold what was acknowledged before, and nothing that was submitted after.</summary>
    Snapshot,

    /// <summary>Have initiators log out, and drop those that do not.</summary>
    Drain,
}

/// <summary>Answer to a <see cref="ControlRequest"/>.</summary>
/// <param name="Generation">The generation that is served.</param>
/// <param name="Error">One sentence when the request was refused or only partly done; null when all is well.</param>
/// <param name="Inspection">With <see cref="ControlVerb.Inspect"/>.</param>
public sealed record ControlAnswer(long Generation, string? Error, BlockServerInspection? Inspection)
{
    /// <summary>With <see cref="ControlVerb.Metrics"/>: the page, text format 0.0.4.</summary>
    public string? Metrics { get; init; }

    /// <summary>With <see cref="ControlVerb.Drain"/>.</summary>
    public DrainOutcome? Drain { get; init; }
}
