namespace VSan.Block;

/// <summary>Logical block address: a 0-based index, in units of <see cref="VolumeGeometry.BlockSizeBytes"/> (SBC-4, 3.1.58).</summary>
public readonly record struct Lba(ulong Value);
