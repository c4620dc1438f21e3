using VSan.Interop;

namespace VSan.Volumes;

/// <summary>
/// The space of a thick volume's file, taken before the volume is served: every byte has a block that belongs to this file alone, so that no
/// write ever finds the store full (docs/adr/0037).
/// </summary>
internal static class ThickSpace
{
    /// <summary>Takes what is not taken yet. May wait for the disk; where blocks are shared, for as long as it takes to copy them.</summary>
    /// <returns>Null, or why not.</returns>
    internal static string? Take(FileDescriptor file, string path, long lengthBytes)
    {
        // Asked first, as an allocation that fails keeps what it has got by then.
        long missing = lengthBytes - Math.Min(lengthBytes, Math.Max(0, file.AllocatedBytes()));
        long free = new DriveInfo(Path.GetDirectoryName(path)!).AvailableFreeSpace;
        if (missing > free) return $"it is to be thick and lacks {missing} bytes, its store has {free}";
        int result = file.Allocate(FileConstants.FallocateUnshareRange | FileConstants.FallocateKeepSize, 0, lengthBytes);
        if (result is -Errno.NotSupported or -Errno.Invalid) result = file.Allocate(FileConstants.FallocateKeepSize, 0, lengthBytes);
        return result switch
        {
            >= 0 => null,
            -Errno.NoSpace or -Errno.Quota => $"it is to be thick, and its store has no room for all of its {lengthBytes} bytes",
            -Errno.NotSupported => "it is to be thick, and its filesystem cannot reserve space: let it be thin, or move it to XFS or ext4",
            _ => $"reserving its space failed: {Errno.Describe(result)}",
        };
    }
}
