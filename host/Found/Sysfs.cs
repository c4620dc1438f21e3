using System.Globalization;

namespace VSan.HostAgent.Found;

/// <summary>What the kernel says of sessions, disks and arrays in /sys and /proc.</summary>
/// <param name="root">The directory that /sys and /proc are in.</param>
internal sealed class Sysfs(string root = "/")
{
    private const int SectorBytes = 512;
    private const string NaaPrefix = "naa.";

    /// <summary>Sessions of the initiator.</summary>
    public IReadOnlyList<FoundSession> Sessions()
    {
        const string Prefix = "session";
        List<FoundSession> sessions = [];
        foreach (string folder in Folders("sys/class/iscsi_session", Prefix))
        {
            string number = Path.GetFileName(folder)[Prefix.Length..];
            string connection = Path.Combine(root, "sys/class/iscsi_connection", $"connection{number}:0");
            if (Text(folder, "targetname") is not { } target || Text(connection, "persistent_address") is not { } address) continue;
            string portal = address.Contains(':', StringComparison.Ordinal) ? $"[{address}]" : address;
            int recovery = Text(folder, "recovery_tmo") is { } text && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int seconds) ? seconds : -1;
            sessions.Add(new FoundSession(int.Parse(number, CultureInfo.InvariantCulture), target, $"{portal}:{Text(connection, "persistent_port")}", Text(folder, "state") == "LOGGED_IN", recovery));
        }

        return sessions;
    }

    /// <summary>Disks that have an NAA name.</summary>
    public IReadOnlyList<FoundDisk> Disks()
    {
        List<FoundDisk> disks = [];
        foreach (string folder in Folders("sys/block", "sd"))
        {
            if (Text(folder, "device/wwid") is not { } wwid || !wwid.StartsWith(NaaPrefix, StringComparison.Ordinal)) continue;
            disks.Add(new FoundDisk(Path.GetFileName(folder), wwid[NaaPrefix.Length..], Number(folder, "size") * SectorBytes, Text(folder, "device/state") == "running"));
        }

        return disks;
    }

    /// <summary>md arrays, by the kernel's name; whose they are only their superblocks tell.</summary>
    public IReadOnlyList<FoundArray> Arrays()
    {
        List<FoundArray> arrays = [];
        foreach (string folder in Folders("sys/block", "md"))
        {
            if (Text(folder, "md/array_state") is not { } state) continue;
            FoundMember[] members = [.. Folders(Path.GetRelativePath(root, Path.Combine(folder, "md")), "dev-").Select(Member)];
            arrays.Add(new FoundArray(Path.GetFileName(folder), Number(folder, "size") * SectorBytes, state, (int)Number(folder, "md/raid_disks"), members, Sync(folder)));
        }

        return arrays;
    }

    /// <summary>A map of the device mapper, by its name.</summary>
    public FoundMap? Map(string name)
    {
        string? folder = Folders("sys/block", "dm-").FirstOrDefault(folder => Text(folder, "dm/name") == name);
        return folder is null ? null : new FoundMap(Path.GetFileName(folder), Number(folder, "size") * SectorBytes);
    }

    /// <summary>Mount points with their sources, in the order in which they were mounted.</summary>
    public IReadOnlyList<(string Source, string Path)> Mounts()
    {
        // proc_pid_mountinfo(5): the mount point is the fifth field; the source is the second after the lone hyphen.
        List<(string Source, string Path)> mounts = [];
        foreach (string line in File.ReadLines(Path.Combine(root, "proc/self/mountinfo")))
        {
            string[] fields = line.Split(' ');
            int hyphen = Array.IndexOf(fields, "-");
            if (fields.Length > 4 && hyphen > 0 && hyphen + 2 < fields.Length) mounts.Add((Unescape(fields[hyphen + 2]), Unescape(fields[4])));
        }

        return mounts;
    }

    private static FoundMember Member(string folder)
    {
        string state = Text(folder, "state") ?? "";
        string name = Path.GetFileName(folder)["dev-".Length..];
        string[] words = state.Split(',');
        return new FoundMember(name, words.Contains("faulty") ? MemberState.Faulty : words.Contains("in_sync") ? MemberState.InSync : MemberState.Rebuilding);
    }

    private static FoundSync? Sync(string folder)
    {
        if (Text(folder, "md/sync_action") is not { } action || action is "idle" or "frozen") return null;
        string[] numbers = (Text(folder, "md/sync_completed") ?? "").Split('/', StringSplitOptions.TrimEntries);
        return numbers is [{ } done, { } total] && long.TryParse(done, CultureInfo.InvariantCulture, out long doneSectors) && long.TryParse(total, CultureInfo.InvariantCulture, out long totalSectors)
            ? new FoundSync(action, doneSectors, totalSectors)
            : new FoundSync(action, 0, 0);
    }

    private IEnumerable<string> Folders(string parent, string prefix)
    {
        string folder = Path.Combine(root, parent);
        return Directory.Exists(folder) ? Directory.EnumerateFileSystemEntries(folder, prefix + "*").Order(StringComparer.Ordinal) : [];
    }

    // A thing may go while it is read; then it says nothing.
    private static string? Text(string folder, string name)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, name)).Trim();
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static long Number(string folder, string name) => long.TryParse(Text(folder, name), NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : 0;

    private static string Unescape(string field) => field.Replace("\\040", " ", StringComparison.Ordinal).Replace("\\011", "\t", StringComparison.Ordinal).Replace("\\012", "\n", StringComparison.Ordinal).Replace("\\134", "\\", StringComparison.Ordinal);
}
