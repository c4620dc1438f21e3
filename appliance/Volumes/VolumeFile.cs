using VSan.Block;
using VSan.Interop;

namespace VSan.Volumes;

/// <summary>
/// A volume in a file on a store. Owns two descriptors of the file: one past the page cache, where the filesystem allows it, for aligned
/// requests, and one through it for the rest; the kernel keeps the two coherent.
/// </summary>
/// <remarks>
/// <para>The file is one <see cref="BarrierBytes"/> block longer than the volume. That block is always a hole, and punching it again is the
/// drain barrier: it waits for the direct writes that a killed process left with the kernel, which would otherwise land over newer ones. It
/// has to lie in this file, below its end, as the wait is the inode's and the kernel skips a hole past the end (docs/adr/0012).</para>
/// </remarks>
public sealed partial class VolumeFile : StoredVolume
{
    /// <summary>The reserved block behind the data.</summary>
    public const int BarrierBytes = 4096;

    // O_DIRECT's offset, length and address; 512 would do on many disks, 4096 does on all.
    private const int DirectAlignmentBytes = 4096;

    private readonly string _path;
    private readonly FileDescriptor _buffered;
    private readonly FileDescriptor? _direct;

    private VolumeFile(string path, FileDescriptor buffered, FileDescriptor? direct, VolumeGeometry geometry, IReadOnlyList<VolumeRing> rings)
        : base(geometry, rings)
    {
        _path = path;
        _buffered = buffered;
        _direct = direct;
    }

    /// <summary>True when aligned requests go past the page cache.</summary>
    public bool IsDirect => _direct is not null;

    /// <summary>Opens a file that somebody else made, and waits for a dead process's writes to it. Blocks; not on a ring's thread.</summary>
    /// <param name="path">The file, at least as long as the volume.</param>
    /// <param name="geometry">The shape that it shall have.</param>
    /// <param name="rings">Every ring, in order of their indexes.</param>
    /// <param name="error">Why not, when null is returned.</param>
    public static VolumeFile? TryOpen(string path, VolumeGeometry geometry, IReadOnlyList<VolumeRing> rings, out string? error)
    {
        ArgumentNullException.ThrowIfNull(geometry);
        FileDescriptor? buffered = FileDescriptor.TryOpen(path, direct: false, create: false, out int errno);
        if (buffered is null)
        {
            error = $"opening {path} failed: {Errno.Describe(errno)}";
            return null;
        }

        error = buffered.DeviceNumber() is null ? Prepare(buffered, path, geometry) : "it is a block device: its kind is device, not file";
        if (error is not null)
        {
            error = $"{path}: {error}";
            buffered.Dispose();
            return null;
        }

        FileDescriptor? direct = FileDescriptor.TryOpen(path, direct: true, create: false, out _);
        return new VolumeFile(path, buffered, direct, geometry, rings);
    }

    internal override int ZeroingUnitBytes => DirectAlignmentBytes;

    internal override bool WritesZeroes => !Geometry.Thin;

    internal override int DescriptorFor(nint address, long offset, long lengthBytes)
        => _direct is not null && ((address | (nint)offset | (nint)lengthBytes) & (DirectAlignmentBytes - 1)) == 0 ? _direct.Number : _buffered.Number;

    internal override int Descriptor => _buffered.Number;

    /// <inheritdoc/>
    protected override void Start(BlockRequest request, VolumeRing ring)
    {
        if (request.Operation is BlockOperation.FindExtent) ExtentSearch.Start(request, this, _buffered, ring);
        else ring.Start(request, this);
    }

    /// <inheritdoc/>
    protected override string? Extend(VolumeGeometry wanted) => Prepare(_buffered, _path, wanted);

    /// <inheritdoc/>
    protected override void Release()
    {
        _direct?.Dispose();
        _buffered.Dispose();
    }

    // Makes sure of the space and of the reserved block, and punches that.
    private static string? Prepare(FileDescriptor file, string path, VolumeGeometry geometry)
    {
        long capacityBytes = (long)geometry.CapacityBytes;
        long length = file.Length();
        if (length < 0) return $"asking for its length failed: {Errno.Describe((int)length)}";
        if (length < capacityBytes) return $"it is {length} bytes long, the volume {capacityBytes}";
        if (!geometry.Thin && ThickSpace.Take(file, path, capacityBytes) is { } lacking) return lacking;
        long barrier = (capacityBytes + BarrierBytes - 1) / BarrierBytes * BarrierBytes;
        int result = length < barrier + BarrierBytes ? file.Truncate(barrier + BarrierBytes) : 0;
        if (result < 0) return $"adding the barrier block failed: {Errno.Describe(result)}";
        if (Sabotage.SkipsDrainBarrier) return null;
        result = file.Allocate(FileConstants.FallocatePunchHole | FileConstants.FallocateKeepSize, barrier, BarrierBytes);
        return result < 0 ? $"the drain barrier failed, so its filesystem cannot hold volumes: {Errno.Describe(result)}" : null;
    }
}
