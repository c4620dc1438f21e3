using VSan.Block;

namespace VSan.Scsi;

/// <summary>SCSI's share of one ring.</summary>
public sealed class ScsiRing(int ringIndex, BufferPool pool)
{
    /// <summary>0-based.</summary>
    public int RingIndex { get; } = ringIndex;

    internal BufferPool Pool { get; } = pool;
}
