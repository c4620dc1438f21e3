using System.Collections.Concurrent;
using VSan.Block;
using VSan.Interop;

namespace VSan.Volumes;

/// <summary>
/// A volume on a whole disk, a partition, a logical volume or a DRBD device. Owns one descriptor, which is the device's only holder and goes past
/// the page cache for every request: a volume's block is a multiple of the device's.
/// </summary>
/// <remarks>
/// <para><b>The claim is the drain barrier.</b> A block device has no hole to punch, but each request that a killed process left with the kernel
/// holds that process's descriptor, and with it the claim, until it has ended. Whoever gets the claim comes after them all (docs/adr/0036).</para>
/// <para><b>UNMAP</b> is fallocate's hole, which the kernel makes by WRITE ZEROES with unmap and by nothing weaker; where a device has not that, by
/// zeroes that are written. Never a plain discard, which may leave old data to be read.</para>
/// </remarks>
public sealed class BlockDeviceVolume : StoredVolume
{
    // A dead process's writes may take as long as a disk's own patience; whoever else has it is told sooner, or keeps it longer.
    private static readonly TimeSpan ClaimTime = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(10);

    // By MAJOR:MINOR, those of this process: nobody waits for what it has itself.
    private static readonly ConcurrentDictionary<string, bool> Claimed = new();

    private readonly FileDescriptor _device;
    private readonly string _number;

    private BlockDeviceVolume(FileDescriptor device, DeviceFacts facts, VolumeGeometry geometry, IReadOnlyList<VolumeRing> rings)
        : base(geometry, rings)
    {
        _device = device;
        _number = facts.Number;
        _ = Claimed.TryAdd(_number, true);
        (ZeroingUnitBytes, Identity) = (facts.LogicalBlockBytes, facts.Identity);
    }

    /// <summary>What stays with the disk wherever it is plugged in; null when it has nothing of the kind.</summary>
    public string? Identity { get; }

    internal override int ZeroingUnitBytes { get; }

    internal override int Descriptor => _device.Number;

    internal override int DescriptorFor(nint address, long offset, long lengthBytes) => _device.Number;

    /// <summary>Claims a device, and with that waits for a dead process's writes to it. Not on a ring's thread.</summary>
    /// <param name="path">The device, or a link to it.</param>
    /// <param name="wanted">Block size, capacity and whether it is thin; the rest of the shape is the device's.</param>
    /// <param name="identity">The disk that it must be; null for any.</param>
    /// <param name="rings">Every ring, in order of their indexes.</param>
    /// <returns>The volume, or why there is none.</returns>
    public static async Task<(BlockDeviceVolume? Volume, string? Error)> OpenAsync(
        string path, VolumeGeometry wanted, string? identity, IReadOnlyList<VolumeRing> rings)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        using FileDescriptor? look = FileDescriptor.TryOpenToLook(path, out int errno);
        if (look is null) return (null, $"opening {path} failed: {Errno.Describe(errno)}");
        DeviceFacts? facts = DeviceFacts.TryRead(look, out string? error);
        if (facts is null) return (null, $"{path}: {error}");
        error = Mismatch(facts, wanted, identity);
        if (error is not null) return (null, $"{path}: {error}");
        (FileDescriptor? device, error) = await ClaimAsync(path, facts).ConfigureAwait(false);
        if (device is null) return (null, $"{path}: {error}");
        return (new BlockDeviceVolume(device, facts, ShapeOf(facts, wanted), rings), null);
    }

    /// <inheritdoc/>
    protected override void Start(BlockRequest request, VolumeRing ring)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Operation is not BlockOperation.FindExtent)
        {
            base.Start(request, ring);
            return;
        }

        // A device does not tell what takes space.
        request.SetExtent(request.Count, isMapped: true);
        Finish(request, BlockStatus.Success, 0);
    }

    /// <inheritdoc/>
    protected override string? Extend(VolumeGeometry wanted)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        int result = _device.Ask(FileConstants.IoctlDeviceLength, out long length);
        return result < 0 ? $"asking the device for its size failed: {Errno.Describe(result)}" : TooSmall(length, wanted);
    }

    /// <inheritdoc/>
    protected override void Release()
    {
        _ = Claimed.TryRemove(_number, out _);
        _device.Dispose();
    }

    internal static string? Mismatch(DeviceFacts facts, VolumeGeometry wanted, string? identity)
    {
        if (identity is not null && identity != facts.Identity)
            return $"it is the disk '{facts.Identity ?? "without WWID, UUID or serial number"}', the configuration says '{identity}'";
        if (wanted.BlockSizeBytes % facts.LogicalBlockBytes != 0)
            return $"its blocks have {facts.LogicalBlockBytes} bytes, the volume's {wanted.BlockSizeBytes}";
        if (wanted.Thin && !facts.CanUnmap) return "it cannot give space back with zeroes in its place, so the volume on it must be thick: thin false";
        return TooSmall(facts.LengthBytes, wanted);
    }

    private static string? TooSmall(long lengthBytes, VolumeGeometry wanted)
        => lengthBytes < (long)wanted.CapacityBytes ? $"it is {lengthBytes} bytes long, the volume {wanted.CapacityBytes}" : null;

    internal static VolumeGeometry ShapeOf(DeviceFacts facts, VolumeGeometry wanted)
    {
        long block = wanted.BlockSizeBytes;
        long granularity = Math.Max(1, facts.DiscardGranularityBytes / block);
        return wanted with
        {
            PhysicalBlockSizeBytes = Math.Max(facts.PhysicalBlockBytes, wanted.BlockSizeBytes),
            UnmapGranularityBlocks = (int)granularity,
            UnmapAlignmentBlocks = (int)(facts.DiscardAlignmentBytes / block % granularity),
            UnmapErases = false,
        };
    }

    private static async Task<(FileDescriptor? Device, string? Error)> ClaimAsync(string path, DeviceFacts facts)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            FileDescriptor? device = FileDescriptor.TryOpenDevice(path, claim: !Sabotage.SkipsDrainBarrier, out int errno);
            if (device is not null && device.DeviceNumber() == facts.Number) return (device, null);
            device?.Dispose();
            if (device is not null) return (null, "it has become another device meanwhile");
            if (errno != -Errno.Busy) return (null, $"claiming it failed: {Errno.Describe(errno)}");
            string? user = Claimed.ContainsKey(facts.Number) ? "another volume of this server has it; one that goes frees it when its removal is applied" : facts.User();
            if (user is not null) return (null, user);
            if (TimeProvider.System.GetElapsedTime(start) >= ClaimTime)
                return (null, $"another process has it, or writes of one that died are still under way: it was not free within {ClaimTime.TotalSeconds:0} s");
            await Task.Delay(LookAgain).ConfigureAwait(false);
        }
    }
}
