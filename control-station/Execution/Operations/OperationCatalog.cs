using VSan.Station.Execution.Steps;

namespace VSan.Station.Execution;

/// <summary>
/// All kinds of operations, and all kinds of steps that they are made of: the one place where a new kind is entered. A test fails and
/// repeats each step of each kind, and kills the station at each; a kind without a sample there fails the test.
/// </summary>
internal sealed class OperationCatalog
{
    /// <summary>Makes a volume, and maps it when asked to.</summary>
    public const string VolumeCreate = "volume.create";

    /// <summary>Removes a volume.</summary>
    public const string VolumeDelete = "volume.delete";

    /// <summary>Makes a volume larger.</summary>
    public const string VolumeExpand = "volume.expand";

    /// <summary>Moves a leg of a volume to another unit; the subject is the volume.</summary>
    public const string VolumeMove = "volume.move";

    /// <summary>Has the host of a mirror exchange one leg for another; the subject is the volume.</summary>
    public const string VolumeReplaceLeg = "volume.replace-leg";

    /// <summary>Maps a volume to a host.</summary>
    public const string MappingCreate = "mapping.create";

    /// <summary>Takes a volume from a host.</summary>
    public const string MappingDelete = "mapping.delete";

    /// <summary>Makes a group of snapshots; the subject is the group.</summary>
    public const string SnapshotCreate = "snapshot.create";

    /// <summary>Removes a snapshot.</summary>
    public const string SnapshotDelete = "snapshot.delete";

    /// <summary>Makes a store of a disk.</summary>
    public const string DiskClaim = "disk.claim";

    /// <summary>Makes a share.</summary>
    public const string ShareCreate = "share.create";

    /// <summary>Lets somebody in to a share; the subject is the binding.</summary>
    public const string ShareBind = "share.bind";

    /// <summary>Takes a share from somebody; the subject is the binding.</summary>
    public const string ShareRelease = "share.release";

    /// <summary>Removes a share.</summary>
    public const string ShareDelete = "share.delete";

    /// <summary>Empties a unit; the subject is the unit.</summary>
    public const string UnitDrain = "unit.drain";

    /// <summary>Starts a unit with another image; the subject is the unit.</summary>
    public const string UnitUpdate = "unit.update";

    private readonly Dictionary<string, StepKind> _steps;

    /// <param name="steps">The kinds of steps.</param>
    public OperationCatalog(IEnumerable<StepKind> steps) => _steps = steps.ToDictionary(step => step.Name, StringComparer.Ordinal);

    /// <summary>Names of all kinds of operations.</summary>
    public static IReadOnlyList<string> Kinds { get; } =
    [
        VolumeCreate, VolumeDelete, VolumeExpand, VolumeMove, VolumeReplaceLeg, MappingCreate, MappingDelete, SnapshotCreate, SnapshotDelete,
        DiskClaim, UnitDrain, UnitUpdate, ShareCreate, ShareBind, ShareRelease, ShareDelete,
    ];

    /// <summary>All kinds of steps.</summary>
    /// <param name="units">What units have been handed and serve.</param>
    /// <param name="presence">What units report.</param>
    /// <param name="board">Why legs stay on units that are being drained.</param>
    /// <param name="maintenance">Whether a unit may be stopped.</param>
    public static IReadOnlyList<StepKind> AllSteps(UnitFollowing units, UnitPresence presence, DrainBoard board, MaintenanceService maintenance) =>
    [
        new ReserveVolume(units), new ConfigureUnit(units), new MakeOnUnit(units), new PublishVolume(units), new WithdrawVolume(), new ReleaseVolume(units), new ReserveExpansion(), new PublishExpansion(units),
        new ReserveMove(units), new CopyLeg(presence), new SwitchLeg(), new ReleaseMove(units),
        new ReserveReplacement(units), new SyncLeg(units), new TakeLeg(), new PartWithLeg(), new ReleaseReplacement(units),
        new ReserveMapping(units), new PublishMapping(), new WithdrawMapping(), new ReleaseMapping(units), new LetGo(units),
        new ReserveSnapshots(units), new PublishSnapshots(units), new WithdrawSnapshot(), new ReleaseSnapshot(units),
        new ClaimDisk(units), new PublishDisk(units), new BeginDrain(), new EmptyUnit(board),
        new BeginUpdate(units), new StageImage(presence), new AwaitSafeToStop(maintenance), new StartImage(presence), new FinishUpdate(),
        new ReserveShare(units), new PublishShare(units), new WithdrawShare(), new ReleaseShare(units),
        new ReserveShareBinding(units), new PublishShareBinding(units), new WithdrawShareBinding(), new ReleaseShareBinding(),
    ];

    /// <summary>What a stored step does.</summary>
    public StepKind Of(Domain.OperationStep step) =>
        _steps.TryGetValue(step.Kind, out StepKind? kind) ? kind : throw new InvalidDataException($"Step '{step.Name}' is of the kind {step.Kind}, which this program does not have.");
}
