using VSan.Block;

namespace VSan.Volumes;

/// <summary>
/// A volume whose bytes the kernel keeps behind a descriptor: what a <see cref="FileOperation"/> has to know of it.
/// </summary>
/// <remarks>
/// A flush that fails is reported by the kernel once and the data may be gone, so the volume becomes <i>suspect</i>: no flush, no FUA write and
/// no UNMAP, which is durable as well, succeeds until it is opened anew.
/// </remarks>
public abstract class StoredVolume : Volume
{
    private volatile bool _isSuspect;

    /// <inheritdoc cref="Volume(VolumeGeometry, IReadOnlyList{VolumeRing})"/>
    protected StoredVolume(VolumeGeometry geometry, IReadOnlyList<VolumeRing> rings)
        : base(geometry, rings)
    {
    }

    /// <inheritdoc/>
    public override string State => _isSuspect ? "suspect" : base.State;

    internal bool IsSuspect => _isSuspect;

    /// <summary>What fallocate zeroes or punches begins and ends at a multiple of this; the edges are written. A power of two, in bytes.</summary>
    internal abstract int ZeroingUnitBytes { get; }

    /// <summary>True where zeroing by fallocate could give space back that is promised to be there.</summary>
    internal virtual bool WritesZeroes => false;

    /// <summary>The descriptor for everything that moves no data.</summary>
    internal abstract int Descriptor { get; }

    internal void MarkSuspect() => _isSuspect = true;

    /// <summary>The descriptor for a transfer.</summary>
    internal abstract int DescriptorFor(nint address, long offset, long lengthBytes);

    internal void End(BlockRequest request, BlockStatus status, int errno) => Finish(request, status, errno);

    /// <inheritdoc/>
    protected override void Start(BlockRequest request, VolumeRing ring)
    {
        ArgumentNullException.ThrowIfNull(ring);
        ring.Start(request, this);
    }
}
