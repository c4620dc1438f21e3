namespace VSan.Block;

/// <summary>What a <see cref="BlockRequest"/> asks of a volume.</summary>
public enum BlockOperation
{
    /// <summary>Fill the buffer from the blocks; blocks never written read as zeroes.</summary>
    Read,

    /// <summary>Write the buffer to the blocks; durable on completion only with <see cref="BlockRequest.ForceUnitAccess"/>.</summary>
    Write,

    /// <summary>Make every write that completed before this request was submitted durable. No blocks, no buffer.</summary>
    Flush,

    /// <summary>Give the blocks' space back; they read as zeroes from the completion on, after power loss too.</summary>
    Unmap,

    /// <summary>Make the blocks read as zeroes, their space stays reserved where the volume is thick.</summary>
    WriteZeroes,

    /// <summary>
    /// Say of how many blocks from the first on, up to the count, it is true alike that they take space, or that they do not: the answer is
    /// <see cref="BlockRequest.ExtentCount"/> and <see cref="BlockRequest.IsExtentMapped"/>. No buffer. It may be short of the truth, never wrong.
    /// </summary>
    FindExtent,
}
