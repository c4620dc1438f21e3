namespace VSan.Tests.Proof.Crash;

/// <summary>A snapshot of several volumes at one moment, and what it was promised to hold.</summary>
/// <param name="paths">Its files, one for each volume.</param>
/// <param name="first">For each volume and block, the place of the last change that was acknowledged before it was asked for.</param>
internal sealed class GroupSnapshot(string[] paths, int[][] first)
{
    private int[][] _end = [];

    public IReadOnlyList<string> Paths => paths;

    /// <summary>Where the disk's log stood when it was answered: from there on it must be there.</summary>
    public long AnsweredAt { get; private set; } = long.MaxValue;

    /// <summary>It was made.</summary>
    /// <param name="position">Length of the log.</param>
    /// <param name="end">For each volume and block, how many changes had been sent.</param>
    public void Answer(long position, int[][] end) => (AnsweredAt, _end) = (position, end);

    /// <summary>Compares the blocks of one of its files.</summary>
    public BlockVerdict Judge(CrashLedger ledger, int volume, ReadOnlySpan<byte> found, int block) => ledger.JudgeBetween(found, block, first[volume][block], _end[volume][block]);
}
