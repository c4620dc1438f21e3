using VSan.Contracts.BlockServer;
using VSan.Volumes;

namespace VSan.BlockServer.Serving;

/// <summary>What is wrong with a group of snapshots before anything is held.</summary>
internal static class SnapshotCheck
{
    /// <summary>Volumes of one group: each holds its commands until the last is copied.</summary>
    internal const int VolumesMax = 256;

    internal static string? FirstError(IReadOnlyList<SnapshotRequest> wanted, ServedVolumes volumes)
    {
        if (wanted.Count is 0 or > VolumesMax) return $"a group has 1 to {VolumesMax} snapshots, not {wanted.Count}";
        if (wanted.DistinctBy(each => each.VolumeId).Count() < wanted.Count) return "a volume is named twice";
        if (wanted.DistinctBy(each => each.Path).Count() < wanted.Count) return "a path is named twice";
        return wanted.Select(each => Error(each, volumes)).FirstOrDefault(error => error is not null);
    }

    private static string? Error(SnapshotRequest wanted, ServedVolumes volumes)
    {
        if (!Path.IsPathRooted(wanted.Path)) return $"volume {wanted.VolumeId}: a snapshot needs an absolute path";
        return volumes.Find(wanted.VolumeId)?.Volume switch
        {
            null => $"volume {wanted.VolumeId} is not served",
            VolumeFile { Geometry.Thin: true } => null,
            VolumeFile => $"volume {wanted.VolumeId} is thick: a snapshot would share its blocks, and every overwrite would then need space that may not be there",
            _ => $"volume {wanted.VolumeId} is not in a file, and only a file can be copied without its bytes",
        };
    }
}
