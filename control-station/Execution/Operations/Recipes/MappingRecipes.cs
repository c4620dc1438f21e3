using VSan.Station.Domain;
using VSan.Station.Execution.Steps;

namespace VSan.Station.Execution;

/// <summary>Operations on mappings.</summary>
internal static class MappingRecipes
{
    /// <summary>Maps a volume to a host; the mapping is reserved already.</summary>
    public static Recipe Make(Volume volume, IReadOnlyList<Unit> units, Host host, Mapping mapping) => new(
        OperationCatalog.MappingCreate,
        $"Map {volume.Name} to {host.Name}",
        mapping.Id,
        [
            Recipe.Done("reserve a number", ReserveMapping.Kind, mapping.Id),
            .. units.Select(Recipe.Configure),
            Recipe.Todo("publish the mapping", PublishMapping.Kind, mapping.Id),
        ],
        Locks(volume, host));

    /// <summary>Takes a volume from a host.</summary>
    public static Recipe Remove(Volume volume, IReadOnlyList<Unit> units, Host host, Mapping mapping) => new(
        OperationCatalog.MappingDelete,
        $"Unmap {volume.Name} from {host.Name}",
        mapping.Id,
        [
            Recipe.Todo("withdraw the mapping", WithdrawMapping.Kind, mapping.Id),
            .. units.Select(Recipe.Release),
            Recipe.Todo("release its number", ReleaseMapping.Kind, mapping.Id),
        ],
        Locks(volume, host));

    // A volume may be given to several hosts at once; nothing else may change on it meanwhile.
    private static OperationLock[] Locks(Volume volume, Host host) => [OperationLock.Shared(LockPath.Volume(volume.Id)), OperationLock.Shared(LockPath.Host(host.Id))];
}
