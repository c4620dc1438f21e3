namespace VSan.Tests.Proof.Crash;

/// <summary>What became of the writes between the last flush and the cut.</summary>
internal enum Fate
{
    /// <summary>All reached the medium.</summary>
    All,

    /// <summary>None did.</summary>
    None,

    /// <summary>Each by the toss of a coin.</summary>
    Subset,

    /// <summary>Each by the toss of a coin, and some only in part.</summary>
    Torn,
}

/// <summary>One way in which a power loss can leave the disk.</summary>
/// <param name="Cut">Entries that the disk had seen.</param>
/// <param name="Fate">Of those that it had not flushed.</param>
/// <param name="Seed">Of the coins.</param>
internal sealed record CrashState(int Cut, Fate Fate, int Seed);
