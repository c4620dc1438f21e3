using VSan.Contracts.UnitLink;

namespace VSan.UnitAgent.Inventory;

/// <summary>What the filesystem of a directory lies on, by the kernel's own word: its mount, and the queues of the disks below that.</summary>
/// <param name="mountInfo">proc_pid_mountinfo(5).</param>
/// <param name="sysRoot">Where sysfs is mounted.</param>
internal sealed class MediaProbe(string mountInfo = "/proc/self/mountinfo", string sysRoot = "/sys")
{
    private static readonly string[] MemoryTypes = ["tmpfs", "ramfs"];

    /// <summary>The class; of several disks the slowest one's.</summary>
    public MediaClass Of(string path)
    {
        try
        {
            if (MountOf(Path.GetFullPath(path)) is not { } mount) return MediaClass.Unknown;
            if (MemoryTypes.Contains(mount.Type, StringComparer.Ordinal)) return MediaClass.Memory;
            string device = Path.Combine(sysRoot, "dev", "block", mount.Device);
            return Directory.ResolveLinkTarget(device, returnFinalTarget: true) is { } folder ? OfDevice(folder.FullName) : MediaClass.Unknown;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return MediaClass.Unknown;
        }
    }

    // A partition's queue is its disk's; device mapper and RAID tell what they lie on.
    private static MediaClass OfDevice(string folder)
    {
        if (File.Exists(Path.Combine(folder, "partition"))) folder = Path.GetDirectoryName(folder)!;
        string slaves = Path.Combine(folder, "slaves");
        string[] below = Directory.Exists(slaves) ? Directory.GetFileSystemEntries(slaves) : [];
        if (below.Length > 0)
        {
            MediaClass[] classes = [.. below.Select(link => OfDevice(Directory.ResolveLinkTarget(link, returnFinalTarget: true)?.FullName ?? link))];
            return classes.Min();
        }

        if (Path.GetFileName(folder).StartsWith("nvme", StringComparison.Ordinal)) return MediaClass.Nvme;
        string rotational = Path.Combine(folder, "queue", "rotational");
        if (!File.Exists(rotational)) return MediaClass.Unknown;
        return File.ReadAllText(rotational).Trim() == "1" ? MediaClass.Hdd : MediaClass.Ssd;
    }

    // The last of the longest mount points that the path lies below: a later mount covers an earlier one.
    private (string Device, string Type)? MountOf(string path)
    {
        (string Point, string Device, string Type)? best = null;
        foreach (string line in File.ReadLines(mountInfo))
        {
            string[] fields = line.Split(' ');
            int separator = Array.IndexOf(fields, "-");
            if (separator < 6 || separator + 1 >= fields.Length) continue;
            string point = Unescape(fields[4]);
            bool covers = path == point || path.StartsWith(point == "/" ? point : point + '/', StringComparison.Ordinal);
            if (covers && (best is null || point.Length >= best.Value.Point.Length)) best = (point, fields[2], fields[separator + 1]);
        }

        return best is { } mount ? (mount.Device, mount.Type) : null;
    }

    private static string Unescape(string text) =>
        text.Replace("\\040", " ", StringComparison.Ordinal).Replace("\\011", "\t", StringComparison.Ordinal).Replace("\\012", "\n", StringComparison.Ordinal).Replace("\\134", "\\", StringComparison.Ordinal);
}
