namespace VSan;

/// <summary>
/// Ways to break the promises of the block server and of the control plane, one for each rig of tests/Proof, each grammar of tests/Fuzz and
/// each invariant of tests/Simulation that has to notice (docs/adr/0024). Exists in the binary that <c>-p:Sabotage=true</c> makes; in the one that ships every property is the constant false, and
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

    /// <summary>The agent's files are renamed before their content is durable.</summary>
    internal static bool SkipsFileFlush => Is("skip-file-flush");

    /// <summary>The names of the agent's files are not made durable.</summary>
    internal static bool SkipsDirectoryFlush => Is("skip-directory-flush");

    /// <summary>A leg is described as larger before its file's new length is durable.</summary>
    internal static bool SkipsGrowthFlush => Is("skip-growth-flush");

    /// <summary>A unit accepts an older generation.</summary>
    internal static bool AcceptsOlderGeneration => Is("accept-older-generation");

    /// <summary>A unit answers a push before it has persisted it.</summary>
    internal static bool ForgetsToAccept => Is("forget-to-accept");

    /// <summary>Legs are deleted before the block server has let go of them.</summary>
    internal static bool DeletesLegsEarly => Is("delete-legs-early");

    /// <summary>A leg's deletion is forgotten when it could not be done at once.</summary>
    internal static bool ForgetsRemovals => Is("forget-removals");

    /// <summary>A leg's description does not name its volume.</summary>
    internal static bool DescribesNothing => Is("describe-nothing");

    /// <summary>A number is given again at once.</summary>
    internal static bool ReusesLuns => Is("reuse-luns");

    /// <summary>An operation goes on before its unit serves what it should.</summary>
    internal static bool WaitsForNoUnit => Is("wait-for-no-unit");

    /// <summary>A repeated request is done again.</summary>
    internal static bool ForgetsAnswers => Is("forget-answers");

    /// <summary>Space is given back twice.</summary>
    internal static bool ReleasesTwice => Is("release-twice");

    /// <summary>A failed operation is not undone.</summary>
    internal static bool UndoesNothing => Is("undo-nothing");

    /// <summary>Unfinished operations are not gone on with after a restart.</summary>
    internal static bool ForgetsUnfinished => Is("forget-unfinished");

    /// <summary>A plan leaves out volumes that are not ready yet.</summary>
    internal static bool PlansReadyOnly => Is("plan-ready-only");

    /// <summary>What is wanted changes without its generation.</summary>
    internal static bool RaisesNoGeneration => Is("raise-no-generation");

    /// <summary>A removal waits for a unit that is away.</summary>
    internal static bool WaitsForAbsent => Is("wait-for-absent");

    /// <summary>What an absent unit keeps of a removed volume is forgotten.</summary>
    internal static bool LeavesNoTombstone => Is("leave-no-tombstone");

    /// <summary>UNMAP believes its parameter list how many descriptors there are.</summary>
    internal static bool TrustsUnmapLength => Is("trust-unmap-length");
}
