using VSan.Contracts.Api;
using VSan.HostAgent.Found;
using VSan.HostAgent.Planning;
using VSan.HostAgent.State;

namespace VSan.HostAgent;

/// <summary>Every layer of a volume, for a person.</summary>
internal static class StatusText
{
    /// <summary>Writes it.</summary>
    public static async Task WriteAsync(TextWriter output, VolumeRecord record, FoundVolume found, HostPlan plan)
    {
        await output.WriteLineAsync($"{record.Name}  {ByteSize.Format(record.Connect.Assembly.SizeBytes)}  {MethodText(record.Connect.Assembly.Method)}  {record.VolumeId}").ConfigureAwait(false);
        for (int index = 0; index < found.Legs.Count; index++) await LegAsync(output, record, found, index).ConfigureAwait(false);
        if (AssemblyText(record, found) is { } assembly) await LineAsync(output, "assembly", assembly).ConfigureAwait(false);
        await LineAsync(output, "files", FilesText(record, found)).ConfigureAwait(false);
        foreach (Obstacle obstacle in plan.Obstacles) await LineAsync(output, obstacle.NextAction is null ? "waits" : "needs you", $"{obstacle.Text} {obstacle.NextAction}".TrimEnd()).ConfigureAwait(false);
        if (plan.Steps.Count > 0) await LineAsync(output, "next", plan.Steps[0].ToString()).ConfigureAwait(false);
    }

    private static async Task LegAsync(TextWriter output, VolumeRecord record, FoundVolume found, int index)
    {
        ConnectLeg leg = record.Legs[index];
        await LineAsync(output, index < record.Connect.Legs.Count ? $"leg {index}" : index < record.WantedCount ? $"new {leg.Index}" : $"former {leg.Index}", $"{leg.TargetName}, LUN {leg.Lun}, naa.{leg.Naa}").ConfigureAwait(false);
        foreach (FoundPortal portal in found.Legs[index].Portals)
        {
            string session = portal.Session switch
            {
                null => "no session",
                { IsLoggedIn: true } one => $"session {one.Id}, logged in, gives up after {one.RecoverySeconds} s",
                { } one => $"session {one.Id} is being recovered",
            };
            string node = !portal.HasRecord ? "no node record" : portal.RecordAgrees ? "node record" : "node record is to be changed";
            await LineAsync(output, "", $"{portal.Portal}: {node}, {session}").ConfigureAwait(false);
        }

        await LineAsync(output, "", DiskText(found, index)).ConfigureAwait(false);
    }

    private static string DiskText(FoundVolume found, int index)
    {
        if (found.Legs[index].Disk is not { } disk) return "no disk of this name";
        string member = found.Array?.Members.FirstOrDefault(one => one.Disk == disk.Name)?.State switch
        {
            MemberState.InSync => ", current copy",
            MemberState.Rebuilding => ", being brought up to date",
            MemberState.Faulty => ", failed",
            null => found.Array is null ? "" : ", not in the mirror",
            _ => "",
        };
        return $"{disk.Path}, {ByteSize.Format(disk.SizeBytes)}, {(disk.IsRunning ? "running" : "not running")}{member}";
    }

    private static string? AssemblyText(VolumeRecord record, FoundVolume found) => record.Connect.Assembly.Method switch
    {
        AssemblyMethod.None => null,
        AssemblyMethod.MdRaid1 when found.Array is { } array =>
            $"{array.Path}, {array.State}, {array.InSync.Count()} of {array.MemberCount} copies current{(array.Sync is { } sync ? $", {sync.Action} {sync.Percent} %" : "")}",
        AssemblyMethod.MdRaid1 => $"not started{(record.Mirror is { } mirror ? $"; current copies by this host's memory: {string.Join(" and ", Enumerable.Range(0, record.Legs.Count).Where(index => mirror.Current.Contains(record.Legs[index].Naa)).Select(record.NameOf))}" : "")}",
        AssemblyMethod.DmStriped or AssemblyMethod.DmLinear => found.Map is { } map ? $"/dev/{map.Name}, {ByteSize.Format(map.SizeBytes)}" : "no map",
    };

    private static string FilesText(VolumeRecord record, FoundVolume found) => (record.FileSystem, found.Mount) switch
    {
        (null, _) => "left to others",
        ({ } kind, { } mount) => $"{Planner.NameOf(kind)} at {mount.Path}, {ByteSize.Format(mount.FreeBytes)} of {ByteSize.Format(mount.SizeBytes)} free",
        ({ } kind, null) => $"{Planner.NameOf(kind)}, not mounted{(record.MountPath is { } path ? $"; belongs at {path}" : "")}",
    };

    private static string MethodText(AssemblyMethod method) => method switch
    {
        AssemblyMethod.None => "one leg",
        AssemblyMethod.MdRaid1 => "mirror (md)",
        AssemblyMethod.DmStriped => "stripe (device mapper)",
        AssemblyMethod.DmLinear => "concatenation (device mapper)",
    };

    private static Task LineAsync(TextWriter output, string subject, string text) => output.WriteLineAsync($"  {subject,-10}{text}");
}
