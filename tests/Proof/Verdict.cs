namespace VSan.Tests.Proof;

/// <summary>What a rig has found.</summary>
/// <param name="Line">Counts, for the last line.</param>
/// <param name="Faults">Broken promises, of whatever kind the rig looks for.</param>
internal sealed record Verdict(string Line, long Faults)
{
    /// <summary>0 when the product kept its promise, or when the negative control was seen to break it.</summary>
    public int ExitCode(bool broken) => (Faults > 0) == broken ? 0 : 1;
}
