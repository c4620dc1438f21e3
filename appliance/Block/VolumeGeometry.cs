namespace VSan.Block;

/// <summary>The shape of a volume as it is now; a volume that grows hands out a new value.</summary>
/// <param name="BlockSizeBytes">Logical block size: 512 or 4096.</param>
/// <param name="PhysicalBlockSizeBytes">What the device writes atomically; a multiple of <paramref name="BlockSizeBytes"/>.</param>
/// <param name="Blocks">Capacity in logical blocks.</param>
/// <param name="UnmapGranularityBlocks">Blocks that an UNMAP gives back as one; 1 or more.</param>
/// <param name="Thin">True when blocks take no space before they are written.</param>
/// <param name="UnmapErases">
/// True when nothing of what unmapped blocks held is left anywhere: not so for files, whose freed space keeps the bytes and may be shared.
/// </param>
/// <param name="UnmapAlignmentBlocks">The first block that begins a unit of <paramref name="UnmapGranularityBlocks"/>; below that number.</param>
public sealed record VolumeGeometry(
    int BlockSizeBytes,
    int PhysicalBlockSizeBytes,
    BlockCount Blocks,
    int UnmapGranularityBlocks,
    bool Thin,
    bool UnmapErases = false,
    int UnmapAlignmentBlocks = 0)
{
    /// <summary>Capacity in bytes.</summary>
    public ulong CapacityBytes => Blocks.Value * (ulong)BlockSizeBytes;

    /// <summary>True when the blocks from <paramref name="lba"/> on, <paramref name="count"/> of them, all exist. Never overflows.</summary>
    public bool Contains(Lba lba, BlockCount count) => lba.Value <= Blocks.Value && count.Value <= Blocks.Value - lba.Value;
}
