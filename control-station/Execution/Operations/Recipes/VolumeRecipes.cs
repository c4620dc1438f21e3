using VSan.Station.Domain;
using VSan.Station.Execution.Steps;

namespace VSan.Station.Execution;

/// <summary>Operations on volumes.</summary>
internal static class VolumeRecipes
{
    /// <summary>Makes a volume that is reserved already, and maps it if there is a mapping.</summary>
    public static Recipe Make(Volume volume, IReadOnlyList<Unit> units, Host? host, Mapping? mapping) => new(
        OperationCatalog.VolumeCreate,
        host is null ? $"Create volume {volume.Name}" : $"Create volume {volume.Name} for {host.Name}",
        volume.Id,
        [
            Recipe.Done("reserve space", ReserveVolume.Kind, volume.Id),
            .. mapping is null ? Array.Empty<OperationStep>() : [Recipe.Done("reserve a number", ReserveMapping.Kind, mapping.Id)],
            .. units.Select(unit => Recipe.Todo($"configure {unit.Name}", MakeOnUnit.Kind, unit.Id)),
            Recipe.Todo("publish the volume", PublishVolume.Kind, volume.Id),
            .. mapping is null ? Array.Empty<OperationStep>() : [Recipe.Todo("publish the mapping", PublishMapping.Kind, mapping.Id)],
        ],
        host is null ? [] : [OperationLock.Shared(LockPath.Host(host.Id))]);

    /// <summary>Makes a volume larger whose legs are reserved larger already.</summary>
    public static Recipe Expand(Volume volume, IReadOnlyList<Unit> units) => new(
        OperationCatalog.VolumeExpand,
        $"Expand volume {volume.Name}",
        volume.Id,
        [
            Recipe.Done("reserve space", ReserveExpansion.Kind, volume.Id),
            .. units.Select(Recipe.Configure),
            Recipe.Todo("publish the new size", PublishExpansion.Kind, volume.Id),
        ],
        []);

    /// <summary>Moves a leg whose new place is reserved already.</summary>
    public static Recipe Move(Volume volume, LegMove move, Unit from, Unit to) => new(
        OperationCatalog.VolumeMove,
        $"Move volume {volume.Name} from {from.Name} to {to.Name}",
        volume.Id,
        [
            Recipe.Done("reserve space", ReserveMove.Kind, move.Id),
            Recipe.Configure(from),
            Recipe.Configure(to),
            Recipe.Todo("copy and compare", CopyLeg.Kind, move.Id),
            Recipe.Todo("switch to the copy", SwitchLeg.Kind, move.Id),
            Recipe.Todo($"serve it from {to.Name}", MakeOnUnit.Kind, to.Id),
            Recipe.Release(from),
            Recipe.Todo("release the old space", ReleaseMove.Kind, move.Id),
        ],
        [OperationLock.Exclusive(LockPath.Volume(volume.Id))]);

    /// <summary>
    /// Has a host exchange a leg for one whose place is reserved already. The volume's lock is shared, so that it can be taken from a host that
    /// is gone for good meanwhile; everything else is refused by the replacement itself.
    /// </summary>
    public static Recipe Replace(Volume volume, LegReplacement replacement, Unit from, Unit to) => new(
        OperationCatalog.VolumeReplaceLeg,
        $"Replace the leg of {volume.Name} on {from.Name} by one on {to.Name}",
        volume.Id,
        [
            Recipe.Done("reserve space", ReserveReplacement.Kind, replacement.Id),
            Recipe.Todo($"make it on {to.Name}", MakeOnUnit.Kind, to.Id),
            Recipe.Todo("the host brings it up to date", SyncLeg.Kind, replacement.Id),
            Recipe.Todo("take it for the old one", TakeLeg.Kind, replacement.Id),
            Recipe.Todo("the host lets the old one go", PartWithLeg.Kind, replacement.Id),
            Recipe.Release(from),
            Recipe.Todo("release the old space", ReleaseReplacement.Kind, replacement.Id),
        ],
        [OperationLock.Shared(LockPath.Volume(volume.Id))]);

    /// <summary>Removes a volume.</summary>
    public static Recipe Remove(Volume volume, IReadOnlyList<Unit> units) => new(
        OperationCatalog.VolumeDelete,
        $"Delete volume {volume.Name}",
        volume.Id,
        [
            Recipe.Todo("withdraw the volume", WithdrawVolume.Kind, volume.Id),
            .. units.Select(Recipe.Release),
            Recipe.Todo("release its space", ReleaseVolume.Kind, volume.Id),
        ],
        []);
}
