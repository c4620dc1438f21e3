using VSan.Station.Domain;
using VSan.Station.Execution.Steps;

namespace VSan.Station.Execution;

/// <summary>Operations on snapshots.</summary>
internal static class SnapshotRecipes
{
    /// <summary>Takes a snapshot of each volume, all at one moment; they are reserved already.</summary>
    public static Recipe Take(string name, Guid groupId, IReadOnlyList<Volume> volumes, Guid unitId) => new(
        OperationCatalog.SnapshotCreate,
        $"Take snapshot {name} of {(volumes is [Volume one] ? one.Name : $"{volumes.Count} volumes")}",
        groupId,
        [
            Recipe.Done("reserve space", ReserveSnapshots.Kind, groupId),
            Recipe.Todo("configure the unit", MakeOnUnit.Kind, unitId),
            Recipe.Todo("note the moment", PublishSnapshots.Kind, groupId),
        ],
        [.. volumes.Select(volume => OperationLock.Shared(LockPath.Volume(volume.Id)))]);

    /// <summary>Removes a snapshot that is withdrawn already.</summary>
    public static Recipe Remove(Snapshot snapshot, Volume volume, Unit unit) => new(
        OperationCatalog.SnapshotDelete,
        $"Delete snapshot {snapshot.Name} of {volume.Name}",
        snapshot.Id,
        [
            Recipe.Done("withdraw the snapshot", WithdrawSnapshot.Kind, snapshot.Id),
            Recipe.Release(unit),
            Recipe.Todo("release its space", ReleaseSnapshot.Kind, snapshot.Id),
        ],
        [OperationLock.Shared(LockPath.Volume(volume.Id))]);
}
