namespace VSan;

/// <summary>
/// Ways to break the promises of the block server, one for each rig of tests/Proof and each grammar of tests/Fuzz that has to notice
/// (docs/adr/0024). Exists in the binary that <c>-p:Sabotage=true</c> makes; in the one that ships every property is the constant false, and
/// nothing of this class is left.
/// </summary>
/// <remarks>Compiled into each project that asks it, so that it is no edge of the reference table.</remarks>
internal static class Sabotage
{
#if SABOTAGE
    private static readonly string? Chosen = Environment.GetEnvironmentVariable("VSAN_SABOTAGE");

    private static bool Is(string name) => Chosen == name;
#else
    private static bool Is(string _) => false;
#endif

    /// <summary>A flush, FUA and a snapshot succeed without <c>fdatasync</c>.</summary>
    internal static bool SkipsFlush => Is("skip-flush");

    /// <summary>Writes are acknowledged while only this process has them.</summary>
    internal static bool KeepsWritesInMemory => Is("keep-in-memory");

    /// <summary>A volume is served while a dead process's writes may still land.</summary>
    internal static bool SkipsDrainBarrier => Is("skip-drain-barrier");

    /// <summary>A write that found the store full is acknowledged.</summary>
    internal static bool AcknowledgesOnFullStore => Is("acknowledge-on-full-store");

    /// <summary>A task management function is answered while writes that it ended are still with the disk.</summary>
    internal static bool AnswersAbortAtOnce => Is("answer-abort-at-once");

    /// <summary>COMPARE AND WRITE lets other writes pass between its comparison and its write.</summary>
    internal static bool SkipsWriteGate => Is("skip-write-gate");

    /// <summary>Data whose digest does not match is taken.</summary>
    internal static bool IgnoresDataDigest => Is("ignore-data-digest");

    /// <summary>Reservations with APTPL are answered before they are on the disk.</summary>
    internal static bool SkipsReservationFlush => Is("skip-reservation-flush");

    /// <summary>A CHAP response goes into a buffer of fixed size, however long it is.</summary>
    internal static bool OverflowsChapResponse => Is("overflow-chap-response");

    /// <summary>A Data-Out is taken whatever DataSN it has.</summary>
    internal static bool IgnoresDataSN => Is("ignore-data-sn");

    /// <summary>UNMAP believes its parameter list how many descriptors there are.</summary>
    internal static bool TrustsUnmapLength => Is("trust-unmap-length");
}
