using System.Globalization;
using VSan.Interop;

namespace VSan.Volumes;

/// <summary>What the kernel says of a block device: by ioctl, and in sysfs.</summary>
/// <param name="Number">Which device it is, as <c>MAJOR:MINOR</c>.</param>
/// <param name="LengthBytes">Its capacity (BLKGETSIZE64).</param>
/// <param name="LogicalBlockBytes">The unit of its addresses (BLKSSZGET).</param>
/// <param name="PhysicalBlockBytes">What it writes atomically (BLKPBSZGET).</param>
/// <param name="DiscardGranularityBytes">What it gives back as one; 0 when it gives nothing back.</param>
/// <param name="DiscardAlignmentBytes">Where the first such piece begins.</param>
/// <param name="CanUnmap">It gives space back and promises zeroes for it.</param>
/// <param name="Identity">What stays with the disk wherever it is plugged in: WWID, UUID or serial number; null when it has none.</param>
internal sealed record DeviceFacts(
    string Number,
    long LengthBytes,
    int LogicalBlockBytes,
    int PhysicalBlockBytes,
    long DiscardGranularityBytes,
    long DiscardAlignmentBytes,
    bool CanUnmap,
    string? Identity)
{
    // Below the disk's folder; the first that says something. The last is for loop devices, which tests and small setups use.
    private static readonly string[] IdentityFiles = ["wwid", "device/wwid", "dm/uuid", "md/uuid", "serial", "device/serial", "loop/backing_file"];

    /// <summary>Asks.</summary>
    /// <returns>Null when it is no block device, or does not answer.</returns>
    internal static DeviceFacts? TryRead(FileDescriptor device, out string? error)
    {
        error = "it is no block device";
        if (device.DeviceNumber() is not { } number) return null;
        int result = device.Ask(FileConstants.IoctlDeviceLength, out long length);
        int logical = 0, physical = 0;
        if (result >= 0) result = device.Ask(FileConstants.IoctlLogicalBlock, out logical);
        if (result >= 0) result = device.Ask(FileConstants.IoctlPhysicalBlock, out physical);
        error = result < 0 ? $"asking for its size failed: {Errno.Describe(result)}" : null;
        if (error is not null) return null;
        string folder = FolderOf(number), disk = DiskOf(folder);
        return new DeviceFacts(
            number,
            length,
            logical,
            physical,
            NumberIn(disk, "queue/discard_granularity"),
            NumberIn(folder, "discard_alignment"),
            CanUnmap: NumberIn(disk, "queue/discard_max_bytes") > 0 && NumberIn(disk, "queue/write_zeroes_max_bytes") > 0,
            IdentityOf(folder, disk));
    }

    /// <summary>Who has it, in words; null when nobody is known. Looks anew.</summary>
    internal string? User()
    {
        try
        {
            return KnownUser();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A device that goes away meanwhile, or a process that may not look.
            return null;
        }
    }

    private string? KnownUser()
    {
        string folder = FolderOf(Number);
        string[] numbers = [Number, .. Directory.EnumerateFiles(folder, "dev", OneBelow).Where(IsPartition).Select(file => File.ReadAllText(file).Trim())];
        string[]? mount = File.ReadLines("/proc/self/mountinfo").Select(line => line.Split(' ')).FirstOrDefault(fields => numbers.Contains(fields[2]));
        if (mount is not null) return $"it is mounted at {mount[4]}";
        string? holder = numbers.Select(FolderOf).Select(each => Path.Combine(each, "holders")).Where(Directory.Exists)
            .SelectMany(Directory.EnumerateFileSystemEntries).FirstOrDefault();
        return holder is null ? null : $"it is a part of {Path.GetFileName(holder)}";
    }

    private static EnumerationOptions OneBelow => new() { RecurseSubdirectories = true, MaxRecursionDepth = 1, AttributesToSkip = FileAttributes.ReparsePoint };

    private static bool IsPartition(string devFile) => File.Exists(Path.Combine(Path.GetDirectoryName(devFile)!, "partition"));

    private static string FolderOf(string number)
    {
        string link = $"/sys/dev/block/{number}";
        return Directory.Exists(link) ? Directory.ResolveLinkTarget(link, returnFinalTarget: true)?.FullName ?? link : link;
    }

    // A partition's queue is its disk's.
    private static string DiskOf(string folder) => Directory.Exists(Path.Combine(folder, "queue")) ? folder : Path.GetDirectoryName(folder)!;

    private static string? IdentityOf(string folder, string disk)
    {
        string? identity = IdentityFiles.Select(file => TextIn(disk, file)).FirstOrDefault(text => text is not null);
        return identity is null || folder == disk ? identity : $"{identity}-part{TextIn(folder, "partition")}";
    }

    private static long NumberIn(string folder, string file)
        => long.TryParse(TextIn(folder, file), NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : 0;

    // Vendors fill with spaces; sysfs ends with a line feed. Null for what is not there, is empty, or may not be read.
    private static string? TextIn(string folder, string file)
    {
        try
        {
            string text = string.Join(' ', File.ReadAllText(Path.Combine(folder, file)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).Trim('\0');
            return text.Length > 0 ? text : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
