namespace VSan.Tests.Proof.Crash;

/// <summary>One command that changes blocks, as the ledger knows it. Positions are lengths of the disk's write log.</summary>
internal sealed class Change(uint version)
{
    private const long Never = long.MaxValue;

    /// <summary>What the blocks hold after it; 0 for zeroes.</summary>
    public uint Version { get; } = version;

    /// <summary>Where the log stood when the change had been promised to be durable.</summary>
    public long DurableAt { get; private set; } = Never;

    /// <summary>True once its command was answered.</summary>
    public bool IsAcknowledged { get; set; }

    /// <summary>The first promise counts.</summary>
    public void PromiseDurable(long position) => DurableAt = Math.Min(DurableAt, position);
}
