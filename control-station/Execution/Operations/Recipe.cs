using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>What an operation consists of.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Title">The same for a person.</param>
/// <param name="Steps">Its steps; the first is done in the transaction that stores the operation.</param>
internal sealed record Recipe(OperationKind Kind, string Title, IReadOnlyList<OperationStep> Steps)
{
    private static OperationStep Configure => new("configure the unit", StepAction.Configure);

    /// <summary>Makes a volume, and maps it to a host if there is one.</summary>
    public static Recipe MakeVolume(Volume volume, Host? host) => new(
        OperationKind.VolumeCreate,
        host is null ? $"Create volume {volume.Name}" : $"Create volume {volume.Name} for {host.Name}",
        [
            Done("reserve space"),
            Configure,
            new("publish the volume", StepAction.PublishVolume),
            .. host is null ? Array.Empty<OperationStep>() : [new("publish the mapping", StepAction.PublishMapping)],
        ]);

    /// <summary>Removes a volume.</summary>
    public static Recipe RemoveVolume(Volume volume) => new(
        OperationKind.VolumeDelete,
        $"Delete volume {volume.Name}",
        [Done("withdraw the volume"), Configure, new("release its space", StepAction.ReleaseVolume)]);

    /// <summary>Maps a volume to a host.</summary>
    public static Recipe MapVolume(Volume volume, Host host) => new(
        OperationKind.MappingCreate,
        $"Map {volume.Name} to {host.Name}",
        [Done("reserve a number"), Configure, new("publish the mapping", StepAction.PublishMapping)]);

    /// <summary>Takes a volume from a host.</summary>
    public static Recipe UnmapVolume(Volume volume, Host host) => new(
        OperationKind.MappingDelete,
        $"Unmap {volume.Name} from {host.Name}",
        [Done("withdraw the mapping"), Configure, new("release its number", StepAction.ReleaseMapping)]);

    /// <summary>Takes a snapshot of each volume, all at one moment.</summary>
    public static Recipe TakeSnapshots(string name, IReadOnlyList<Volume> volumes) => new(
        OperationKind.SnapshotCreate,
        $"Take snapshot {name} of {(volumes is [Volume one] ? one.Name : $"{volumes.Count} volumes")}",
        [Done("reserve space"), Configure, new("note the moment", StepAction.PublishSnapshots)]);

    /// <summary>Removes a snapshot.</summary>
    public static Recipe RemoveSnapshot(Snapshot snapshot, Volume volume) => new(
        OperationKind.SnapshotDelete,
        $"Delete snapshot {snapshot.Name} of {volume.Name}",
        [Done("withdraw the snapshot"), Configure, new("release its space", StepAction.ReleaseSnapshot)]);

    private static OperationStep Done(string name) => new(name, StepAction.Reserve, StepState.Done, Attempts: 1);
}
