namespace VSan.Images;

/// <summary>A part of a file.</summary>
/// <param name="Offset">Its first byte, 0-based.</param>
/// <param name="LengthBytes">How long it is.</param>
public readonly record struct ByteRange(long Offset, long LengthBytes)
{
    /// <summary>The first byte behind it.</summary>
    public long End => Offset + LengthBytes;
}
