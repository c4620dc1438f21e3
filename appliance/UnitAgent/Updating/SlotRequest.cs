using System.Text.Json.Serialization;

namespace VSan.UnitAgent.Updating;

/// <summary>What the agent asks of the keeper of the boot partition: one line of JSON, and after <see cref="SlotVerb.Stage"/> the file.</summary>
/// <param name="Verb">What is to be done.</param>
/// <param name="Version">The version that it is done to; null where it is the one that runs.</param>
/// <param name="Digest">SHA-256 of the file.</param>
/// <param name="SizeBytes">Bytes that follow.</param>
internal sealed record SlotRequest(SlotVerb Verb, string? Version = null, string? Digest = null, long SizeBytes = 0);

/// <summary>Its answer, one line of JSON.</summary>
/// <param name="Error">Why it was not done; null when it was.</param>
/// <param name="Refused">True: the file is at fault, and the same file will be refused again.</param>
internal sealed record SlotAnswer(string? Error, bool Refused = false);

/// <summary>All that the keeper does.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SlotVerb>))]
internal enum SlotVerb
{
    /// <summary>Put a version beside the one that runs.</summary>
    Stage,

    /// <summary>The version that runs is healthy.</summary>
    Bless,

    /// <summary>Remove a version that was never healthy.</summary>
    Discard,

    /// <summary>Start the machine again.</summary>
    Restart,
}
