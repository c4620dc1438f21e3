namespace VSan.Block;

/// <summary>
/// One request to a volume. Owned by the front end that made it, which reuses it: the volume's from <see cref="IVolume.Submit"/>
/// until <see cref="IBlockCompletion.OnCompleted"/>, the front end's otherwise. No allocation per request.
/// </summary>
public sealed class BlockRequest
{
    /// <summary>What is asked.</summary>
    public BlockOperation Operation { get; set; }

    /// <summary>First block; unused by <see cref="BlockOperation.Flush"/>.</summary>
    public Lba Lba { get; set; }

    /// <summary>Number of blocks; unused by <see cref="BlockOperation.Flush"/>.</summary>
    public BlockCount Count { get; set; }

    /// <summary>With a write or zeroes: completion means durable (FUA).</summary>
    public bool ForceUnitAccess { get; set; }

    /// <summary>Data of a read or write: at least <see cref="Count"/> blocks from <see cref="BufferOffset"/> on.</summary>
    public BufferLease Buffer { get; set; }

    /// <summary>Where in <see cref="Buffer"/> the data starts, in bytes.</summary>
    public int BufferOffset { get; set; }

    /// <summary>0-based index of the ring whose thread submits this; a volume that is shared between rings works on that ring.</summary>
    public int RingIndex { get; init; }

    /// <summary>Who hears of the end.</summary>
    public required IBlockCompletion Completion { get; init; }

    /// <summary>How it ended; set by the volume before the completion.</summary>
    public BlockStatus Status { get; private set; }

    /// <summary>errno behind <see cref="Status"/>, for logs; 0 when there is none.</summary>
    public int Errno { get; private set; }

    /// <summary>Answer to <see cref="BlockOperation.FindExtent"/>: 1 or more blocks, no more than <see cref="Count"/>.</summary>
    public BlockCount ExtentCount { get; private set; }

    /// <summary>With <see cref="ExtentCount"/>: those blocks take space. False: they take none and read as zeroes.</summary>
    public bool IsExtentMapped { get; private set; }

    /// <summary>Link for the volume's own waiting list while it owns the request.</summary>
    public BlockRequest? Next { get; set; }

    /// <summary>Ends the request. Called by the volume, once, on the submitting ring's thread.</summary>
    public void Complete(BlockStatus status, int errno = 0)
    {
        Status = status;
        Errno = errno;
        Completion.OnCompleted(this);
    }

    /// <summary>Answers <see cref="BlockOperation.FindExtent"/>; a call of <see cref="Complete"/> follows. Called by the volume, on any thread.</summary>
    public void SetExtent(BlockCount count, bool isMapped)
    {
        ExtentCount = count;
        IsExtentMapped = isMapped;
    }
}
