using VSan.Block;

namespace VSan.Scsi.Copy;

/// <summary>An EXTENDED COPY under way: which segment, how far in it. Owned by its command, on its ring's thread.</summary>
internal sealed class CopyJob(IReadOnlyList<CopySegment> segments, CopyRecord? record)
{
    private int _index;
    private long _doneBytes;

    /// <summary>What RECEIVE COPY RESULTS tells of it; null where the initiator asked for no record.</summary>
    public CopyRecord? Record { get; } = record;

    /// <summary>True when every segment is copied.</summary>
    public bool IsDone => _index == segments.Count;

    /// <summary>Its place in the list, 0-based.</summary>
    public int SegmentNumber => _index;

    /// <summary>The segment that is copied now.</summary>
    public CopySegment Segment => segments[_index];

    /// <summary>Bytes of the chunk that is copied now.</summary>
    public int ChunkBytes => (int)Math.Min(CopyLimits.ChunkBytesMax, Segment.LengthBytes - _doneBytes);

    /// <summary>The chunk's first block and length at one end.</summary>
    public (Lba Lba, BlockCount Count) Chunk(LunSlot at, Lba first)
    {
        ulong blockBytes = (ulong)at.Unit.Volume.Geometry.BlockSizeBytes;
        long offset = Segment.Backwards ? Segment.LengthBytes - _doneBytes - ChunkBytes : _doneBytes;
        return (new Lba(first.Value + ((ulong)offset / blockBytes)), new BlockCount((ulong)ChunkBytes / blockBytes));
    }

    /// <summary>The chunk is at its destination.</summary>
    public void Advance()
    {
        int bytes = ChunkBytes;
        _doneBytes += bytes;
        bool segmentDone = _doneBytes == Segment.LengthBytes;
        Record?.Advance(bytes, segmentDone);
        if (!segmentDone) return;
        (_index, _doneBytes) = (_index + 1, 0);
    }

    /// <summary>True when the copy reads or writes <paramref name="unit"/>, so that a reset of it waits for the copy.</summary>
    public bool Concerns(LogicalUnit unit)
    {
        foreach (CopySegment segment in segments)
        {
            if (ReferenceEquals(segment.Source.Unit, unit) || ReferenceEquals(segment.Destination.Unit, unit)) return true;
        }

        return false;
    }
}
