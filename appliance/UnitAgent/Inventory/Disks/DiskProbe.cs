using Microsoft.Win32.SafeHandles;
using VSan.Contracts.UnitLink;

namespace VSan.UnitAgent.Inventory.Disks;

/// <summary>
/// Says whether a disk is blank, ours or foreign. Foreign is the answer to every doubt: a disk is blank only when nobody uses it, no
/// signature is found, and its beginning, its end and samples between are all zero.
/// </summary>
internal static class DiskProbe
{
    /// <summary>Label of the file system of a store; its UUID is the store's identity.</summary>
    public const string Label = "vsan-store";

    // Every signature that blkid knows lies in the first or last mebibyte; raw data of a database need not begin there.
    private const int EdgeBytes = 1 << 20;
    private const int SampleBytes = 4096;
    private const int SampleCount = 64;

    // blkid(8): nothing was found.
    private const int NothingFound = 2;

    /// <summary>The disk with its state.</summary>
    public static async Task<DiskInventory> InspectAsync(string name, DiskInventory bare, CancellationToken cancellationToken)
    {
        (int code, string output, _) = await Tool.RunAsync("blkid", ["--probe", "--output", "export", bare.Path], cancellationToken);
        Dictionary<string, string> found = code == 0 ? Pairs(output) : [];
        if (found.GetValueOrDefault("TYPE") == "xfs" && found.GetValueOrDefault("LABEL") == Label && Guid.TryParse(found.GetValueOrDefault("UUID"), out Guid storeId))
            return bare with { State = DiskState.Ours, Content = Label, StoreId = storeId };
        string? content = UsersOf(name) is [var user, ..] ? $"used by {user}"
            : MountOf(name) is { Length: > 0 } mount ? $"mounted at {mount}"
            : code == 0 ? found.GetValueOrDefault("TYPE") ?? found.GetValueOrDefault("PTTYPE") ?? "a signature"
            : code != NothingFound ? "what blkid cannot tell"
            : null;
        return content is null ? Read(bare) : bare with { State = DiskState.Foreign, Content = content };
    }

    /// <summary>Partitions of a disk, and device mapper or RAID devices on top of it.</summary>
    public static IReadOnlyList<string> UsersOf(string name)
    {
        string folder = $"/sys/block/{name}";
        if (!Directory.Exists(folder)) return [];
        IEnumerable<string> partitions = Directory.EnumerateDirectories(folder, $"{name}*").Where(part => File.Exists(Path.Combine(part, "partition")));
        string holders = Path.Combine(folder, "holders");
        IEnumerable<string> above = Directory.Exists(holders) ? Directory.EnumerateFileSystemEntries(holders) : [];
        return [.. partitions.Concat(above).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
    }

    /// <summary>Where the whole disk is mounted; empty when it is not.</summary>
    public static string MountOf(string name) =>
        File.ReadLines("/proc/self/mounts").Select(line => line.Split(' ')).FirstOrDefault(mount => mount[0] == $"/dev/{name}")?[1] ?? string.Empty;

    private static DiskInventory Read(DiskInventory bare)
    {
        try
        {
            using SafeFileHandle disk = File.OpenHandle(bare.Path);
            return IsZero(disk, bare.SizeBytes)
                ? bare with { State = DiskState.Blank }
                : bare with { State = DiskState.Foreign, Content = "data without a signature" };
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return bare with { State = DiskState.Unreadable, Content = failure.Message };
        }
    }

    private static bool IsZero(SafeFileHandle disk, long sizeBytes)
    {
        byte[] buffer = new byte[EdgeBytes];
        if (!IsZero(disk, 0, buffer) || !IsZero(disk, Math.Max(0, sizeBytes - EdgeBytes), buffer)) return false;
        for (int sample = 1; sample <= SampleCount; sample++)
        {
            long offset = sizeBytes / (SampleCount + 1) * sample / SampleBytes * SampleBytes;
            if (!IsZero(disk, offset, buffer.AsSpan(0, SampleBytes))) return false;
        }

        return true;
    }

    private static bool IsZero(SafeFileHandle disk, long offset, Span<byte> buffer)
    {
        int read = RandomAccess.Read(disk, buffer, offset);
        return buffer[..read].IndexOfAnyExcept((byte)0) < 0;
    }

    private static Dictionary<string, string> Pairs(string output) => output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line.Split('=', 2)).Where(pair => pair.Length == 2).ToDictionary(pair => pair[0], pair => pair[1]);
}
