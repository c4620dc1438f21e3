namespace VSan.Cli;

/// <summary>Where an image is written: a file, or a disk of this machine.</summary>
/// <param name="Path">The file or the device.</param>
/// <param name="IsDisk">True for a block device.</param>
internal sealed record ImageTarget(string Path, bool IsDisk)
{
    private const int EdgeBytes = 1 << 20;

    private string KernelName => System.IO.Path.GetFileName(Path);

    /// <summary>Looks at what is there.</summary>
    public static ImageTarget Of(string path)
    {
        string? linked = System.IO.Path.Exists(path) ? File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName : null;
        string real = linked ?? System.IO.Path.GetFullPath(path);
        bool isDevice = real.StartsWith("/dev/", StringComparison.Ordinal);
        if (isDevice && !Directory.Exists($"/sys/block/{System.IO.Path.GetFileName(real)}"))
            throw new CommandFailure(ExitCode.Usage, $"{path} is not a whole disk of this machine.", "Name a disk, not a partition; 'lsblk' lists them.");
        return new ImageTarget(real, isDevice);
    }

    /// <summary>Refuses what is in use, always; and what holds something, unless that is to be lost.</summary>
    public void Check(long imageBytes, bool overwrite)
    {
        if (IsDisk && Users() is [var user, ..])
            throw new CommandFailure(ExitCode.Usage, $"{Path} is in use: {user}.", "Unmount it, and take it out of whatever uses it. No option overrides this.");
        if (IsDisk && SizeBytes() < imageBytes)
            throw new CommandFailure(ExitCode.Usage, $"{Path} has {ByteSize.Format(SizeBytes())}, the image needs {ByteSize.Format(imageBytes)}.", "Take a larger disk.");
        if (!overwrite && HoldsSomething())
            throw new CommandFailure(ExitCode.Usage, $"{Path} is not empty, and what it holds would be lost.", "Look at it first; then give --overwrite.");
    }

    /// <summary>Opens it for the image.</summary>
    public FileStream Open() => new(Path, IsDisk ? FileMode.Open : FileMode.Create, FileAccess.ReadWrite, FileShare.None);

    private long SizeBytes() => long.Parse(File.ReadAllText($"/sys/block/{KernelName}/size"), System.Globalization.CultureInfo.InvariantCulture) * 512;

    // Mounts and swap of the disk and its partitions; RAID, LVM and encryption on top of them.
    private List<string> Users()
    {
        string[] devices = [KernelName, .. Directory.EnumerateDirectories($"/sys/block/{KernelName}", $"{KernelName}*").Select(part => System.IO.Path.GetFileName(part)!)];
        List<string> users = [];
        foreach (string line in File.ReadLines("/proc/self/mounts").Concat(File.ReadLines("/proc/swaps")))
        {
            string[] words = line.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 1 && devices.Contains(words[0].StartsWith("/dev/", StringComparison.Ordinal) ? words[0]["/dev/".Length..] : string.Empty, StringComparer.Ordinal))
                users.Add($"{words[0]} at {words[1]}");
        }

        foreach (string device in devices)
        {
            string holders = $"/sys/class/block/{device}/holders";
            if (Directory.Exists(holders)) users.AddRange(Directory.EnumerateFileSystemEntries(holders).Select(holder => $"{device} by {System.IO.Path.GetFileName(holder)}"));
        }

        return users;
    }

    private bool HoldsSomething()
    {
        if (!File.Exists(Path)) return false;
        if (!IsDisk) return true;
        using FileStream disk = new(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        byte[] edge = new byte[EdgeBytes];
        foreach (long at in (long[])[0, Math.Max(0, SizeBytes() - EdgeBytes)])
        {
            disk.Position = at;
            int read = disk.ReadAtLeast(edge, edge.Length, throwOnEndOfStream: false);
            if (edge.AsSpan(0, read).ContainsAnyExcept((byte)0)) return true;
        }

        return false;
    }
}
