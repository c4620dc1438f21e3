using VSan.Contracts.Api;
using VSan.HostAgent.Execution;
using VSan.HostAgent.Planning;
using VSan.HostAgent.State;

namespace VSan.HostAgent.Found;

/// <summary>Looks at what this host has of a volume; changes nothing.</summary>
/// <param name="sysfs">The kernel.</param>
/// <param name="records">open-iscsi's records.</param>
/// <param name="tools">mdadm and blkid.</param>
internal sealed class Observer(Sysfs sysfs, NodeRecords records, ITools tools)
{
    // Signatures lie at both ends: superblocks of md 0.90 and 1.0, GPT and LVM reach no farther in than this.
    private const int BlankBytes = 4 << 20;

    /// <summary>Looks.</summary>
    public async Task<FoundVolume> LookAsync(VolumeRecord record, IReadOnlyList<VolumeRecord> all, CancellationToken cancellation)
    {
        VolumeNames names = new(record.VolumeId);
        IReadOnlyList<FoundSession> sessions = sysfs.Sessions();
        IReadOnlyList<FoundDisk> disks = sysfs.Disks();
        bool isMirror = record.Connect.Assembly.Method == AssemblyMethod.MdRaid1;
        FoundArray? array = isMirror ? await ArrayAsync(record.VolumeId, cancellation).ConfigureAwait(false) : null;
        List<FoundLeg> legs = [];
        foreach (ConnectLeg leg in record.Legs)
        {
            FoundPortal[] portals = [.. leg.Portals.Select(portal => Portal(leg, portal, sessions, all))];
            FoundDisk? disk = disks.FirstOrDefault(disk => disk.Naa.Equals(leg.Naa, StringComparison.OrdinalIgnoreCase));
            bool canRead = disk is { IsRunning: true } && portals.Any(portal => portal.Session is { IsLoggedIn: true });
            bool isTaken = array?.Members.Any(member => member.Disk == disk?.Name) ?? false;
            if (disk is not null && isMirror && canRead && !isTaken) disk = disk with { Content = await ContentAsync(disk.Path, cancellation).ConfigureAwait(false) };
            legs.Add(new FoundLeg(portals, disk));
        }

        FoundMap? map = record.Connect.Assembly.Method is AssemblyMethod.DmLinear or AssemblyMethod.DmStriped ? sysfs.Map(names.MapName) : null;
        string? whole = array is { IsRunning: true } ? array.Path : map is not null ? $"/dev/{map.Name}" : record.Connect.Assembly.Method == AssemblyMethod.None && legs[0].Disk is { IsRunning: true } only ? only.Path : null;
        (string Source, string Path)[] mounts = [.. sysfs.Mounts().Select(mount => (Resolve(mount.Source), mount.Path))];
        string? mounted = whole is null ? null : mounts.LastOrDefault(mount => mount.Item1 == whole).Path;
        DiskContent? content = whole is not null && mounted is null ? await ContentAsync(whole, cancellation).ConfigureAwait(false) : null;
        return new FoundVolume(legs, array, map, content, mounted is null ? null : MountOf(mounted))
        {
            MountPointTakenBy = mounts.FirstOrDefault(mount => mount.Path == record.MountPath && mount.Item1 != whole).Item1,
            IsGuarded = !isMirror || File.Exists(names.GuardPath),
        };
    }

    private async Task<FoundArray?> ArrayAsync(Guid volumeId, CancellationToken cancellation)
    {
        foreach (FoundArray array in sysfs.Arrays())
        {
            ToolAnswer answer = await tools.RunAsync("mdadm", ["--detail", "--export", array.Path], cancellation).ConfigureAwait(false);
            if (answer.ExitCode == 0 && ExportLines.Parse(answer.Output).ArrayId == volumeId) return array;
        }

        return null;
    }

    private FoundPortal Portal(ConnectLeg leg, string portal, IReadOnlyList<FoundSession> sessions, IReadOnlyList<VolumeRecord> all)
    {
        IEnumerable<KeyValuePair<string, string>> settings = SessionTimers.Of(leg.TargetName, all).Settings().Concat(NodeSettings.Secrets(leg));
        return new FoundPortal(portal, records.Has(leg.TargetName, portal), records.Agree(leg.TargetName, portal, settings), sessions.FirstOrDefault(session => session.Target == leg.TargetName && session.Portal == portal));
    }

    private async Task<DiskContent> ContentAsync(string path, CancellationToken cancellation)
    {
        ToolAnswer probe = await tools.RunAsync("blkid", ["--probe", "--output", "export", path], cancellation).ConfigureAwait(false);
        ExportLines lines = ExportLines.Parse(probe.Output);
        if (lines.Type == "linux_raid_member") return await MemberAsync(path, cancellation).ConfigureAwait(false);
        if (lines is { Type: { } type, Usage: "filesystem" }) return new DiskContent.FileSystem(type);
        if ((lines.Type ?? lines.PartitionTable) is { } other) return new DiskContent.Foreign(other);
        return await IsZeroAsync(path, cancellation).ConfigureAwait(false) ? new DiskContent.Blank() : new DiskContent.Foreign("data of no kind that blkid knows");
    }

    private async Task<DiskContent> MemberAsync(string path, CancellationToken cancellation)
    {
        ToolAnswer answer = await tools.RunAsync("mdadm", ["--examine", "--export", path], cancellation).ConfigureAwait(false);
        ExportLines lines = ExportLines.Parse(answer.Output);
        return lines.ArrayId is { } id ? new DiskContent.Member(id, lines.Events) : new DiskContent.Foreign("a member of an md array that mdadm cannot read");
    }

    /// <summary>Reads both ends. A file of that length will do for a test.</summary>
    internal static async Task<bool> IsZeroAsync(string path, CancellationToken cancellation)
    {
        await using FileStream device = new(path, new FileStreamOptions { Access = FileAccess.Read, Share = FileShare.ReadWrite, BufferSize = 0 });
        byte[] part = new byte[BlankBytes];
        long length = device.Seek(0, SeekOrigin.End);
        foreach (long from in (long[])[0, Math.Max(0, length - BlankBytes)])
        {
            device.Position = from;
            int count = await device.ReadAtLeastAsync(part, part.Length, throwOnEndOfStream: false, cancellation).ConfigureAwait(false);
            if (part.AsSpan(0, count).ContainsAnyExcept((byte)0)) return false;
        }

        return true;
    }

    private static FoundMount MountOf(string path)
    {
        DriveInfo drive = new(path);
        return new FoundMount(path, drive.TotalSize, drive.TotalFreeSpace);
    }

    // /dev/mapper/NAME and /dev/md/NAME are links to the kernel's own names.
    private static string Resolve(string source) =>
        source.StartsWith("/dev/", StringComparison.Ordinal) && File.ResolveLinkTarget(source, returnFinalTarget: true) is { } target ? target.FullName : source;
}
