using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>What an operation consists of.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Title">The same for a person.</param>
/// <param name="Steps">Its steps; the first is done in the transaction that stores the operation.</param>
internal sealed record Recipe(OperationKind Kind, string Title, IReadOnlyList<OperationStep> Steps)
{
    /// <summary>Makes a volume, and maps it to a host if there is one.</summary>
    public static Recipe MakeVolume(Volume volume, Host? host, IEnumerable<Unit> units) => new(
        OperationKind.VolumeCreate,
        host is null ? $"Create volume {volume.Name}" : $"Create volume {volume.Name} for {host.Name}",
        [
            Done("reserve space"),
            .. Configure(units),
            new("publish the volume", StepAction.PublishVolume),
            .. host is null ? Array.Empty<OperationStep>() : [new("publish the mapping", StepAction.PublishMapping)],
        ]);

    /// <summary>Removes a volume.</summary>
    public static Recipe RemoveVolume(Volume volume, IEnumerable<Unit> units) => new(
        OperationKind.VolumeDelete,
        $"Delete volume {volume.Name}",
        [Done("withdraw the volume"), .. Configure(units), new("release its space", StepAction.ReleaseVolume)]);

    /// <summary>Maps a volume to a host.</summary>
    public static Recipe MapVolume(Volume volume, Host host, IEnumerable<Unit> units) => new(
        OperationKind.MappingCreate,
        $"Map {volume.Name} to {host.Name}",
        [Done("reserve a number"), .. Configure(units), new("publish the mapping", StepAction.PublishMapping)]);

    /// <summary>Takes a volume from a host.</summary>
    public static Recipe UnmapVolume(Volume volume, Host host, IEnumerable<Unit> units) => new(
        OperationKind.MappingDelete,
        $"Unmap {volume.Name} from {host.Name}",
        [Done("withdraw the mapping"), .. Configure(units), new("release its number", StepAction.ReleaseMapping)]);

    private static IEnumerable<OperationStep> Configure(IEnumerable<Unit> units) =>
        units.Select(unit => new OperationStep($"configure {unit.Name}", StepAction.Configure) { UnitId = unit.Id });

    private static OperationStep Done(string name) => new(name, StepAction.Reserve, StepState.Done, Attempts: 1);
}
