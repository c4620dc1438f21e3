using VSan.Contracts.Api;

namespace VSan.WebOs.Shell;

/// <summary>A state as a person sees it, in three ways at once: a colour, a shape and a word. Each tone has its own shape.</summary>
/// <param name="Tone">Colour and shape.</param>
/// <param name="Word">The word.</param>
public readonly record struct Cue(Tone Tone, string Word)
{
    /// <summary>Class name of the colour.</summary>
    public string ClassName => Tone switch
    {
        Tone.Ok => "ok",
        Tone.Busy => "busy",
        Tone.Warning => "warning",
        Tone.Critical => "critical",
        Tone.Unknown => "unknown",
    };

    /// <summary>Drawing of the shape, as the path of a 16 × 16 icon: disc with check, hourglass, triangle, octagon with cross, square with bar.</summary>
    public string ShapePath => Tone switch
    {
        Tone.Ok => "M8 1.75a6.25 6.25 0 1 1 0 12.5a6.25 6.25 0 1 1 0-12.5zM5.2 8.2l2 2 3.7-4.1",
        Tone.Busy => "M4 1.75h8M4 14.25h8M4.75 1.75v2.5L8 8l3.25-3.75v-2.5M4.75 14.25v-2.5L8 8l3.25 3.75v2.5",
        Tone.Warning => "M8 1.9L14.6 13.6H1.4zM8 6.2v3.4M8 11.6v.1",
        Tone.Critical => "M5.4 1.75h5.2l3.65 3.65v5.2l-3.65 3.65H5.4L1.75 10.6V5.4zM5.9 5.9l4.2 4.2M10.1 5.9l-4.2 4.2",
        Tone.Unknown => "M2.25 2.25h11.5v11.5H2.25zM5.25 8h5.5",
    };

    /// <summary>Health of the pool.</summary>
    public static Cue Of(PoolHealth health) => health switch
    {
        PoolHealth.Empty => new(Tone.Unknown, "Empty"),
        PoolHealth.Healthy => new(Tone.Ok, "Healthy"),
        PoolHealth.Degraded => new(Tone.Warning, "Degraded"),
        PoolHealth.Critical => new(Tone.Critical, "Critical"),
    };

    /// <summary>How bad an alarm is.</summary>
    public static Cue Of(AlarmSeverity severity) => severity switch
    {
        AlarmSeverity.Notice => new(Tone.Unknown, "Notice"),
        AlarmSeverity.Warning => new(Tone.Warning, "Warning"),
        AlarmSeverity.Critical => new(Tone.Critical, "Critical"),
    };

    /// <summary>State of a unit. A ready unit that reports conditions is ready, but needs a look.</summary>
    public static Cue Of(Unit unit)
    {
        ArgumentNullException.ThrowIfNull(unit);
        return unit.State switch
        {
            UnitState.Pending => new(Tone.Warning, "Waits for approval"),
            UnitState.Joining => new(Tone.Busy, "Joining"),
            UnitState.Ready => unit.Conditions.Count == 0 ? new(Tone.Ok, "Ready") : new(Tone.Warning, "Needs attention"),
            UnitState.Suspect => new(Tone.Warning, "Suspect"),
            UnitState.Unreachable => new(Tone.Critical, "Unreachable"),
            UnitState.Draining => new(Tone.Busy, "Draining"),
            UnitState.Drained => new(Tone.Unknown, "Drained"),
            UnitState.Retired => new(Tone.Unknown, "Retired"),
            UnitState.Quarantined => new(Tone.Critical, "Alive twice"),
        };
    }

    /// <summary>State of a volume.</summary>
    public static Cue Of(VolumeState state) => state switch
    {
        VolumeState.Creating => new(Tone.Busy, "Creating"),
        VolumeState.Ready => new(Tone.Ok, "Ready"),
        VolumeState.Degraded => new(Tone.Warning, "Degraded"),
        VolumeState.Trashed => new(Tone.Unknown, "In the trash"),
        VolumeState.Deleting => new(Tone.Busy, "Deleting"),
        VolumeState.Failed => new(Tone.Critical, "Failed"),
    };

    /// <summary>Whether a host may use a volume already.</summary>
    public static Cue Of(MappingState state) => state switch
    {
        MappingState.Pending => new(Tone.Busy, "Not served yet"),
        MappingState.Active => new(Tone.Ok, "Served"),
        MappingState.Removing => new(Tone.Busy, "Being taken away"),
    };

    /// <summary>State of a snapshot.</summary>
    public static Cue Of(SnapshotState state) => state switch
    {
        SnapshotState.Creating => new(Tone.Busy, "Being taken"),
        SnapshotState.Ready => new(Tone.Ok, "Ready"),
        SnapshotState.Deleting => new(Tone.Busy, "Deleting"),
    };

    /// <summary>State of a task.</summary>
    public static Cue Of(OperationState state) => state switch
    {
        OperationState.Queued => new(Tone.Unknown, "Queued"),
        OperationState.WaitingForLocks => new(Tone.Unknown, "Waiting"),
        OperationState.Running => new(Tone.Busy, "Running"),
        OperationState.Cancelling => new(Tone.Warning, "Cancelling"),
        OperationState.NeedsOperator => new(Tone.Critical, "Needs you"),
        OperationState.Succeeded => new(Tone.Ok, "Done"),
        OperationState.Failed => new(Tone.Critical, "Failed"),
        OperationState.Cancelled => new(Tone.Unknown, "Cancelled"),
    };

    /// <summary>State of one step of a task.</summary>
    public static Cue Of(OperationStepState state) => state switch
    {
        OperationStepState.Waiting => new(Tone.Unknown, "Waiting"),
        OperationStepState.Running => new(Tone.Busy, "Running"),
        OperationStepState.Done => new(Tone.Ok, "Done"),
        OperationStepState.Undone => new(Tone.Warning, "Undone"),
        OperationStepState.Failed => new(Tone.Critical, "Failed"),
    };
}

/// <summary>What a state means to the reader; never decoration.</summary>
public enum Tone
{
    /// <summary>All is well.</summary>
    Ok,

    /// <summary>Work goes on by itself.</summary>
    Busy,

    /// <summary>Somebody should look.</summary>
    Warning,

    /// <summary>Something is out of reach or failed.</summary>
    Critical,

    /// <summary>Nothing is known, or nothing is there yet.</summary>
    Unknown,
}
