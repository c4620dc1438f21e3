namespace VSan.Station.Domain;

/// <summary>A long-running piece of work, as it is stored: after a restart it goes on from here.</summary>
/// <param name="Id">Identity.</param>
/// <param name="Kind">What it does.</param>
/// <param name="Title">The same for a person.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Phase">What it does now, or why it waits.</param>
/// <param name="Steps">Its steps, in order.</param>
/// <param name="SubjectId">The volume or mapping.</param>
/// <param name="MappingId">The mapping that a volume is created with, or null.</param>
/// <param name="UnitId">The unit that has to follow.</param>
/// <param name="UnitGeneration">The configuration generation that the unit must serve for the work to be done (or undone).</param>
/// <param name="RequestedBy">Who asked.</param>
/// <param name="Failure">Why it failed, or is being undone; null otherwise.</param>
/// <param name="CreatedAt">When it was asked for.</param>
/// <param name="EndedAt">When it ended, or null.</param>
public sealed record Operation(
    Guid Id,
    OperationKind Kind,
    string Title,
    OperationState State,
    string Phase,
    IReadOnlyList<OperationStep> Steps,
    Guid SubjectId,
    Guid? MappingId,
    Guid UnitId,
    long UnitGeneration,
    string RequestedBy,
    OperationFailure? Failure,
    DateTimeOffset CreatedAt,
    DateTimeOffset? EndedAt) : Entity(Id)
{
    /// <summary>True when nothing more will happen.</summary>
    public bool Ended => EndedAt is not null;

    /// <summary>True while a cancel would be obeyed: creations can be undone until they end, removals cannot.</summary>
    public bool Cancellable => State is OperationState.Queued or OperationState.Running && Kind is OperationKind.VolumeCreate or OperationKind.MappingCreate or OperationKind.SnapshotCreate;

    /// <summary>Share of the steps that are done, 0 to 100.</summary>
    public int Percent => Steps.Count == 0 ? 100 : 100 * Steps.Count(step => step.State == StepState.Done) / Steps.Count;

    /// <summary>The same operation with one step changed.</summary>
    public Operation WithStep(int stepIndex, OperationStep step) => this with { Steps = [.. Steps.Select((old, index) => index == stepIndex ? step : old)] };
}

/// <summary>One step.</summary>
/// <param name="Name">Its name for a person.</param>
/// <param name="Action">What it does.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Attempts">How often it was begun.</param>
public sealed record OperationStep(string Name, StepAction Action, StepState State = StepState.Waiting, int Attempts = 0);

/// <summary>Why an operation failed: the members of a problem.</summary>
/// <param name="Code">Stable name.</param>
/// <param name="Detail">What happened.</param>
/// <param name="NextAction">What to do.</param>
public sealed record OperationFailure(string Code, string Detail, string? NextAction);

/// <summary>What an operation does.</summary>
public enum OperationKind
{
    /// <summary>Makes a volume, and maps it when asked to.</summary>
    VolumeCreate,

    /// <summary>Removes a volume.</summary>
    VolumeDelete,

    /// <summary>Maps a volume to a host.</summary>
    MappingCreate,

    /// <summary>Takes a volume from a host.</summary>
    MappingDelete,

    /// <summary>Makes a group of snapshots; the subject is the group.</summary>
    SnapshotCreate,

    /// <summary>Removes a snapshot.</summary>
    SnapshotDelete,
}

/// <summary>What a step does. Each may be repeated without changing anything more.</summary>
public enum StepAction
{
    /// <summary>Chooses and reserves; part of the transaction that stores the operation.</summary>
    Reserve,

    /// <summary>Waits until the unit serves the wanted generation.</summary>
    Configure,

    /// <summary>Notes that the volume is served.</summary>
    PublishVolume,

    /// <summary>Notes that the mapping is served.</summary>
    PublishMapping,

    /// <summary>Gives back the volume's space and forgets it.</summary>
    ReleaseVolume,

    /// <summary>Buries the mapping's number and forgets it.</summary>
    ReleaseMapping,

    /// <summary>Notes when the snapshots of the group were taken, or that they could not be.</summary>
    PublishSnapshots,

    /// <summary>Gives back the snapshot's space and forgets it.</summary>
    ReleaseSnapshot,
}

/// <summary>Where a step stands.</summary>
public enum StepState
{
    /// <summary>Not begun.</summary>
    Waiting,

    /// <summary>Begun; begun again after a restart.</summary>
    Running,

    /// <summary>Done.</summary>
    Done,

    /// <summary>Undone.</summary>
    Undone,

    /// <summary>Failed.</summary>
    Failed,
}

/// <summary>Where an operation stands: <c>Queued → Running → Succeeded</c>, and from both <c>→ Cancelling → Cancelled | Failed</c>.</summary>
public enum OperationState
{
    /// <summary>Stored, not begun.</summary>
    Queued,

    /// <summary>At work.</summary>
    Running,

    /// <summary>Undoing, on request or after a failure.</summary>
    Cancelling,

    /// <summary>Ended well.</summary>
    Succeeded,

    /// <summary>Ended badly, and undone.</summary>
    Failed,

    /// <summary>Ended on request, and undone.</summary>
    Cancelled,
}
