namespace VSan.Scsi;

/// <summary>The kinds of command that are told apart in counters.</summary>
public enum CommandKind
{
    /// <summary>READ.</summary>
    Read,

    /// <summary>Whatever changes blocks: WRITE, WRITE AND VERIFY, WRITE SAME, COMPARE AND WRITE, ORWRITE, WRITE ATOMIC.</summary>
    Write,

    /// <summary>SYNCHRONIZE CACHE.</summary>
    Flush,

    /// <summary>UNMAP.</summary>
    Unmap,

    /// <summary>All that moves no blocks, and VERIFY.</summary>
    Other,
}
