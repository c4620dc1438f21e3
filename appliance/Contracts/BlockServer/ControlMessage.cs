using System.Text.Json.Serialization;

namespace VSan.Contracts.BlockServer;

/// <summary>
/// One request on the block server's control socket: a line of JSON; the answer is a <see cref="ControlAnswer"/>, a line of JSON too.
/// One connection carries any number of them, in order.
/// </summary>
/// <param name="Verb">What is asked.</param>
/// <param name="Configuration">With <see cref="ControlVerb.Apply"/>: the whole configuration.</param>
public sealed record ControlRequest(ControlVerb Verb, BlockServerConfiguration? Configuration);

/// <summary>What can be asked of a block server.</summary>
[JsonConverter(typeof(WireEnumConverter<ControlVerb>))]
public enum ControlVerb
{
    /// <summary>Make the configuration so, by difference.</summary>
    Apply,

    /// <summary>Say what is served, by whom it is used, and the counters.</summary>
    Inspect,
}

/// <summary>Answer to a <see cref="ControlRequest"/>.</summary>
/// <param name="Generation">The generation that is served.</param>
/// <param name="Error">One sentence when the request was refused or only partly done; null when all is well.</param>
/// <param name="Inspection">With <see cref="ControlVerb.Inspect"/>.</param>
public sealed record ControlAnswer(long Generation, string? Error, BlockServerInspection? Inspection);

/// <summary>A block server seen from outside.</summary>
/// <param name="Portals">Addresses that listen; with port 0 asked, the port that was given.</param>
/// <param name="Volumes">What is served.</param>
/// <param name="Sessions">Who is logged in.</param>
/// <param name="Rings">One for each core.</param>
public sealed record BlockServerInspection(
    IReadOnlyList<string> Portals,
    IReadOnlyList<VolumeInspection> Volumes,
    IReadOnlyList<SessionInspection> Sessions,
    IReadOnlyList<RingInspection> Rings);

/// <summary>One volume and its counters since start.</summary>
public sealed record VolumeInspection(Guid Id, long SizeBytes, string State, long ReadCommands, long WriteCommands, long ReadBytes, long WrittenBytes, long Errors);

/// <summary>One iSCSI session.</summary>
public sealed record SessionInspection(string InitiatorName, string TargetName, int Tsih, string Peer, int CommandsInFlight, long Commands);

/// <summary>One ring.</summary>
/// <param name="Index">0-based.</param>
/// <param name="Connections">Connections that live on it.</param>
/// <param name="FreeBufferBytes">Data buffers not in use.</param>
/// <param name="Enters">io_uring_enter calls since start.</param>
public sealed record RingInspection(int Index, int Connections, long FreeBufferBytes, long Enters);
