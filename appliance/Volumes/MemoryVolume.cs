using VSan.Block;
using VSan.Interop;

namespace VSan.Volumes;

/// <summary>
/// A volume in the memory of the process: for tests and benchmarks, gone with it. Owns mappings that reserve nothing: a page costs memory
/// from its first write on and reads as zeroes before, so the volume is sparse by the kernel's own means. Requests end inside the submit.
/// </summary>
public sealed unsafe class MemoryVolume : Volume
{
    private const int PageBytes = 4096;

    // A search for an extent looks at no more memory than this, a few hundred microseconds on the ring's thread.
    private const long SearchBytesMax = 4 * 1024 * 1024;

    // One mapping for the start and one more for each growth; replaced whole, so that a ring sees the old or the new array.
    private Extent[] _extents;

    /// <summary>Makes one of zeroes.</summary>
    public MemoryVolume(VolumeGeometry geometry, IReadOnlyList<VolumeRing> rings)
        : base(geometry, rings)
    {
        ArgumentNullException.ThrowIfNull(geometry);
        _extents = [Extent.Map(0, (long)geometry.CapacityBytes)];
    }

    /// <inheritdoc/>
    protected override void Start(BlockRequest request, VolumeRing ring)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Operation is BlockOperation.FindExtent)
        {
            FindExtent(request);
        }
        else if (request.Operation is not BlockOperation.Flush)
        {
            long blockBytes = Geometry.BlockSizeBytes;
            Span<byte> buffer = request.Operation is BlockOperation.Read or BlockOperation.Write ? request.Buffer.Span[request.BufferOffset..] : default;
            Apply(request.Operation, (long)request.Lba.Value * blockBytes, (long)request.Count.Value * blockBytes, buffer);
        }

        Finish(request, BlockStatus.Success, 0);
    }

    /// <inheritdoc/>
    protected override string? Extend(VolumeGeometry wanted)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        long start = _extents[^1].End;
        Volatile.Write(ref _extents, [.. _extents, Extent.Map(start, (long)wanted.CapacityBytes - start)]);
        return null;
    }

    /// <inheritdoc/>
    protected override void Release()
    {
        foreach (Extent extent in _extents) extent.Memory.Dispose();
    }

    private void Apply(BlockOperation operation, long offset, long lengthBytes, Span<byte> buffer)
    {
        foreach (Extent extent in Volatile.Read(ref _extents))
        {
            if (offset >= extent.End) continue;
            long count = Math.Min(lengthBytes, extent.End - offset);
            byte* start = (byte*)extent.Memory.Address + (offset - extent.Start);
            switch (operation)
            {
                case BlockOperation.Read:
                    new ReadOnlySpan<byte>(start, (int)count).CopyTo(buffer);
                    buffer = buffer[(int)count..];
                    break;
                case BlockOperation.Write:
                    buffer[..(int)count].CopyTo(new Span<byte>(start, (int)count));
                    buffer = buffer[(int)count..];
                    break;
                case BlockOperation.Unmap:
                case BlockOperation.WriteZeroes:
                    extent.Zero(offset - extent.Start, count);
                    break;
                case BlockOperation.Flush:
                case BlockOperation.FindExtent:
                    break;
            }

            offset += count;
            lengthBytes -= count;
            if (lengthBytes == 0) return;
        }
    }

    // Nobody keeps books of the pages here: one that holds only zeroes counts as one that takes no space, and reads the same.
    private void FindExtent(BlockRequest request)
    {
        long blockBytes = Geometry.BlockSizeBytes;
        long offset = (long)request.Lba.Value * blockBytes;
        Extent extent = Volatile.Read(ref _extents).First(one => offset < one.End);
        long end = Math.Min(Math.Min(offset + ((long)request.Count.Value * blockBytes), extent.End), offset + SearchBytesMax);
        bool isMapped = !extent.IsZero(offset, end);
        long at = offset;
        while (at < end && isMapped != extent.IsZero(at, end)) at = (at + PageBytes) & -PageBytes;
        request.SetExtent(new BlockCount((ulong)((Math.Min(at, end) - offset) / blockBytes)), isMapped);
    }

    private sealed record Extent(long Start, MemoryMapping Memory)
    {
        internal long End => Start + Memory.LengthBytes;

        internal static Extent Map(long start, long lengthBytes) => new(start, MemoryMapping.Anonymous(lengthBytes));

        // The rest of the page that a byte lies on, as far as the search goes.
        internal bool IsZero(long offset, long end)
        {
            long stop = Math.Min(end, (offset + PageBytes) & -PageBytes);
            return !new ReadOnlySpan<byte>((byte*)Memory.Address + (offset - Start), (int)(stop - offset)).ContainsAnyExcept((byte)0);
        }

        // Whole pages go back to the kernel, the edges are cleared.
        internal void Zero(long offset, long lengthBytes)
        {
            long pagesStart = (offset + PageBytes - 1) & -PageBytes;
            long pagesEnd = (offset + lengthBytes) & -PageBytes;
            if (pagesStart >= pagesEnd)
            {
                Clear(offset, lengthBytes);
                return;
            }

            Clear(offset, pagesStart - offset);
            Memory.Discard(pagesStart, pagesEnd - pagesStart);
            Clear(pagesEnd, offset + lengthBytes - pagesEnd);
        }

        private void Clear(long offset, long lengthBytes) => new Span<byte>((byte*)Memory.Address + offset, (int)lengthBytes).Clear();
    }
}
