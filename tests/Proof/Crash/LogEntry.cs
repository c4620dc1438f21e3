namespace VSan.Tests.Proof.Crash;

/// <summary>What an entry of the write log asks of the disk beside its data; bits as the kernel's dm-log-writes has them.</summary>
[Flags]
internal enum LogFlags : ulong
{
    /// <summary>Data only.</summary>
    None = 0,

    /// <summary>Everything before is durable.</summary>
    Flush = 1,

    /// <summary>This data is durable when the write ends.</summary>
    ForceUnitAccess = 2,

    /// <summary>The range is discarded; no data follows.</summary>
    Discard = 4,
}

/// <summary>One request that the disk has seen.</summary>
/// <param name="Sector">First sector of the disk, in 512 bytes.</param>
/// <param name="SectorCount">How many; 0 for a flush alone.</param>
/// <param name="Flags">What it asks.</param>
/// <param name="DataOffset">Where in the log its data is.</param>
/// <param name="End">The log's length once the entry is in it, which is what a ledger notes.</param>
internal sealed record LogEntry(long Sector, int SectorCount, LogFlags Flags, long DataOffset, long End);
