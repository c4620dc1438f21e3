using VSan.Contracts.Api;
using VSan.HostAgent.Found;
using VSan.HostAgent.State;

namespace VSan.HostAgent.Planning;

/// <content>Filesystem, mount, and the way back.</content>
internal sealed partial class Planner
{
    /// <summary>The whole disk, as it is or as it will be called; and whether it is there.</summary>
    private (string Path, long SizeBytes, bool IsHere) Whole => Assembly.Method switch
    {
        AssemblyMethod.None => _found.Legs[0].Disk is { } disk ? (disk.Path, disk.SizeBytes, true) : ($"/dev/disk/by-id/wwn-0x{_record.Connect.Legs[0].Naa}", 0, false),
        AssemblyMethod.MdRaid1 => _found.Array is { IsRunning: true } array ? (array.Path, array.SizeBytes, true) : (_names.ArrayPath, 0, false),
        AssemblyMethod.DmStriped or AssemblyMethod.DmLinear => _found.Map is { } map ? ($"/dev/{map.Name}", map.SizeBytes, true) : ($"/dev/mapper/{_names.MapName}", 0, false),
    };

    /// <summary>What was planned before keeps the layers above from being certain.</summary>
    private bool IsBlocked => _isStale || (!Whole.IsHere && _obstacles.Any(obstacle => obstacle is { Layer: Layer.Assembly, NextAction: not null }));

    private void FileSystem()
    {
        if (_record.FileSystem is not { } kind || _found.Mount is not null || IsBlocked || _record.Connect.ReadOnly) return;
        switch (_found.Content)
        {
            case null when !Whole.IsHere && !_record.IsFormatted:
            case DiskContent.Blank when !_record.IsFormatted:
                _steps.Add(MakeFileSystem(kind, Whole.Path) with { IsForecast = !Whole.IsHere });
                break;
            case DiskContent.FileSystem there when there.Type == NameOf(kind):
                if (!_record.IsFormatted) Remember(_record with { IsFormatted = true, FileSystemBytes = Whole.SizeBytes }, $"the filesystem is there ({there.Type})");
                break;
            case DiskContent.Blank:
                _obstacles.Add(new Obstacle(Layer.FileSystem, $"{Whole.Path} held a filesystem and is empty now.", "Nothing is done to it. Restore the volume from a snapshot or a backup."));
                break;
            case DiskContent.FileSystem other:
                _obstacles.Add(new Obstacle(Layer.FileSystem, $"{Whole.Path} holds {other.Type}, not {NameOf(kind)}.", $"Ask for it with '--filesystem {other.Type}', or empty the volume."));
                break;
            case DiskContent.Foreign or DiskContent.Member:
                _obstacles.Add(new Obstacle(Layer.FileSystem, $"{Whole.Path} is not blank: it holds {(_found.Content as DiskContent.Foreign)?.What ?? "a member of an array"}.", "Nothing is done to it. Empty it if nobody needs what it holds."));
                break;
        }
    }

    private static Step.Command MakeFileSystem(FileSystemKind kind, string path) => kind switch
    {
        FileSystemKind.Xfs => new Step.Command(Layer.FileSystem, "mkfs.xfs", "-q", "-K", path),
        FileSystemKind.Ext4 => new Step.Command(Layer.FileSystem, "mkfs.ext4", "-q", "-E", "nodiscard", path),
    };

    private void Mount()
    {
        if (_record is not { FileSystem: { } kind, MountPath: { } path }) return;
        if (_found.Mount is not null)
        {
            GrowFileSystem(kind, path);
            return;
        }

        if (_found.MountPointTakenBy is { } other) _obstacles.Add(new Obstacle(Layer.Mount, $"{path} is the mount point of {other}.", "Unmount that, or ask for another place."));
        else if (!IsBlocked && !_obstacles.Any(obstacle => obstacle.Layer == Layer.FileSystem)) MountAt(kind, path);
    }

    private void MountAt(FileSystemKind kind, string path)
    {
        bool isForecast = _found.Content is not DiskContent.FileSystem;
        if (Whole.IsHere && _found.Content is null) return;
        string[] readOnly = !_record.Connect.ReadOnly ? [] : ["-o", kind == FileSystemKind.Xfs ? "ro,norecovery" : "ro,noload"];
        _steps.Add(new Step.MakeFolder(path) { IsForecast = isForecast });
        _steps.Add(new Step.Command(Layer.Mount, "mount", ["-t", NameOf(kind), .. readOnly, Whole.Path, path]) { IsForecast = isForecast });
    }

    private void GrowFileSystem(FileSystemKind kind, string path)
    {
        if (IsBlocked || !Whole.IsHere || _record.Connect.ReadOnly || Whole.SizeBytes <= _record.FileSystemBytes || Whole.SizeBytes < Assembly.SizeBytes) return;
        _steps.Add(kind switch
        {
            FileSystemKind.Xfs => new Step.Command(Layer.FileSystem, "xfs_growfs", path),
            FileSystemKind.Ext4 => new Step.Command(Layer.FileSystem, "resize2fs", Whole.Path),
        });
        _steps.Add(new Step.Remember(_record with { FileSystemBytes = Whole.SizeBytes, IsFormatted = true }, "the filesystem has all of the disk") { Layer = Layer.Mount });
    }

    // From the files down to the node records; what another volume needs stays.
    private void Detach()
    {
        if (_found.Mount is { } mount)
        {
            _steps.Add(new Step.Command(Layer.Mount, "umount", mount.Path));
            return;
        }

        if (_found.Array is { } array) _steps.Add(new Step.Command(Layer.Assembly, Mdadm, "--stop", array.Path));
        if (_found.Map is not null) _steps.Add(new Step.Command(Layer.Assembly, "dmsetup", "remove", _names.MapName));
        if (_steps.Count > 0) return;
        for (int index = 0; index < _found.Legs.Count; index++) DetachLeg(_record.Legs[index], _found.Legs[index]);
        if (_steps.Count > 0) return;
        if (_found.IsGuarded) _steps.Add(new Step.Delete(Layer.Guard, _names.GuardPath));
        _steps.Add(new Step.Forget(_record.VolumeId));
    }

    private void DetachLeg(ConnectLeg leg, FoundLeg found)
    {
        bool isShared = _all.Any(other => other.VolumeId != _record.VolumeId && other.Legs.Any(one => one.TargetName == leg.TargetName))
            || (!_record.IsDetaching && _record.Legs.Any(one => one.Naa != leg.Naa && one.TargetName == leg.TargetName));
        if (isShared)
        {
            if (found.Disk is { } disk) _steps.Add(new Step.Write(Layer.Disk, $"/sys/block/{disk.Name}/device/delete", "1"));
            return;
        }

        foreach (FoundPortal portal in found.Portals)
        {
            string[] node = ["-m", "node", "-T", leg.TargetName, "-p", portal.Portal];
            if (portal.Session is not null) _steps.Add(new Step.Command(Layer.Session, Iscsiadm, [.. node, "--logout"]));
            else if (portal.HasRecord) _steps.Add(new Step.Command(Layer.Record, Iscsiadm, [.. node, "-o", "delete"]));
        }
    }

    /// <summary>As mount and blkid name it.</summary>
    internal static string NameOf(FileSystemKind kind) => kind switch
    {
        FileSystemKind.Xfs => "xfs",
        FileSystemKind.Ext4 => "ext4",
    };
}
