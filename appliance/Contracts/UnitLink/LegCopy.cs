using System.Text.Json.Serialization;

namespace VSan.Contracts.UnitLink;

/// <summary>
/// A leg that another unit has and that this one is to get a copy of. It reads it over iSCSI, compares both, and keeps the copy unserved until a
/// later document has the leg among its own; one that neither copies it nor has it deletes what came so far.
/// </summary>
/// <param name="Leg">The leg as it will be here; nobody writes to the other one meanwhile.</param>
/// <param name="Portals">Where the other unit is reached, <c>address:port</c>.</param>
/// <param name="TargetName">Its target.</param>
/// <param name="InitiatorName">As whom this unit logs in; it sees the leg as LUN 0, and may only read.</param>
/// <param name="ChapUser">CHAP user name.</param>
/// <param name="ChapSecretReference">Key into <see cref="ConfigurationPush.Secrets"/>.</param>
public sealed record LegCopySpec(
    LegSpec Leg,
    IReadOnlyList<string> Portals,
    string TargetName,
    string InitiatorName,
    string ChapUser,
    string ChapSecretReference);

/// <summary>Where the copying of a leg stands.</summary>
/// <param name="LegId">The leg.</param>
/// <param name="Phase">What is done now.</param>
/// <param name="DoneBytes">How far that is, from the leg's start; holes count as they are passed over.</param>
/// <param name="TotalBytes">The leg's size.</param>
public sealed record LegCopyFact(Guid LegId, LegCopyPhase Phase, long DoneBytes, long TotalBytes)
{
    /// <summary>Why it does not go on at the moment; it is tried again. Null while it does.</summary>
    public string? Trouble { get; init; }

    /// <summary>Once it is done: SHA-256 over all blocks that are not zero and their places, the same for both; hexadecimal.</summary>
    public string? Digest { get; init; }
}

/// <summary>What is done to a copy.</summary>
[JsonConverter(typeof(WireEnumConverter<LegCopyPhase>))]
public enum LegCopyPhase
{
    /// <summary>Blocks are read from the other unit and written here.</summary>
    Copying,

    /// <summary>Both are read again and their digests compared.</summary>
    Verifying,

    /// <summary>It is whole, the same as the other, and survives a power cut.</summary>
    Done,
}
