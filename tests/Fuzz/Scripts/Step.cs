using VSan.Block;

namespace VSan.Tests.Fuzz.Scripts;

/// <summary>One thing that happens to the target, on the wire or around it.</summary>
internal abstract record Step
{
    private Step()
    {
    }

    /// <summary>A PDU of an initiator; the first on a connection opens it.</summary>
    /// <param name="Connection">0-based.</param>
    /// <param name="Fixes">What is put in when it is sent.</param>
    /// <param name="Header">Basic header segment and whatever additional ones; at least 48 bytes.</param>
    /// <param name="Data">The data segment.</param>
    internal sealed record Pdu(int Connection, Fix Fixes, byte[] Header, byte[] Data) : Step;

    /// <summary>The peer's end is gone.</summary>
    internal sealed record Hangup(int Connection) : Step;

    /// <summary>Time goes by.</summary>
    internal sealed record Wait(int Seconds) : Step;

    /// <summary>The volumes keep requests to themselves.</summary>
    internal sealed record Hold : Step;

    /// <summary>The volumes serve so many of the requests that they kept, and go on keeping.</summary>
    internal sealed record Serve(int Requests) : Step;

    /// <summary>The volumes serve all again.</summary>
    internal sealed record Release : Step;

    /// <summary>Every request to a volume ends so from now on.</summary>
    internal sealed record Fail(BlockStatus Status) : Step;

    /// <summary>The kernel does not send; false: it does, and has sent all.</summary>
    internal sealed record Stall(bool Stalls) : Step;

    /// <summary>Another configuration: 0 the first, 1 shows no LUNs, 2 has no target.</summary>
    internal sealed record Configure(int Variant) : Step;
}
