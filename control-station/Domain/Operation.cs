namespace VSan.Station.Domain;

/// <summary>A long-running piece of work, as it is stored: after a restart it goes on from here.</summary>
/// <param name="Id">Identity.</param>
/// <param name="Kind">What it does: <c>volume.create</c>; one of the registered kinds.</param>
/// <param name="Title">The same for a person.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Phase">What it does now, or why it waits.</param>
/// <param name="Steps">Its steps, in order.</param>
/// <param name="Locks">What it needs of the pool while it is at work, in canonical order; each leaves the list when no step needs it any more.</param>
/// <param name="SubjectId">The object that it is about.</param>
/// <param name="RequestedBy">Who asked.</param>
/// <param name="Undoing">Its steps are being undone, the last one first.</param>
/// <param name="PointOfNoReturn">Why it cannot be cancelled any more; null while it can.</param>
/// <param name="Failure">Why it failed, is being undone or needs a person; null otherwise.</param>
/// <param name="Wait">What it waits for; null while it does not.</param>
/// <param name="Progress">Bytes of the step at work; null when it counts none.</param>
/// <param name="Remains">What stays after a cancel or a failure; null before.</param>
/// <param name="CreatedAt">When it was asked for.</param>
/// <param name="EndedAt">When it ended, or null.</param>
public sealed record Operation(
    Guid Id,
    string Kind,
    string Title,
    OperationState State,
    string Phase,
    IReadOnlyList<OperationStep> Steps,
    IReadOnlyList<OperationLock> Locks,
    Guid SubjectId,
    string RequestedBy,
    bool Undoing,
    string? PointOfNoReturn,
    OperationFailure? Failure,
    OperationWait? Wait,
    OperationProgress? Progress,
    string? Remains,
    DateTimeOffset CreatedAt,
    DateTimeOffset? EndedAt) : Entity(Id)
{
    /// <summary>True when nothing more will happen.</summary>
    public bool Ended => EndedAt is not null;

    /// <summary>True while a cancel would be obeyed.</summary>
    public bool Cancellable => !Ended && !Undoing && PointOfNoReturn is null;

    /// <summary>True when it has not got its turn and its locks.</summary>
    public bool IsWaitingToBegin => State is OperationState.Queued or OperationState.WaitingForLocks;

    /// <summary>Share of the steps that are done, with the part of the step at work whose bytes are counted, 0 to 100.</summary>
    public int Percent => Steps.Count == 0
        ? 100
        : (int)(((100 * Steps.Count(step => step.State == StepState.Done)) + (Ended ? 0 : Progress?.Percent ?? 0)) / Steps.Count);

    /// <summary>Index of the step that is next to be done or undone; null when none is left.</summary>
    public int? CurrentStepIndex
    {
        get
        {
            int index = Undoing
                ? Steps.ToList().FindLastIndex(step => step.State is StepState.Done or StepState.Running or StepState.Failed)
                : Steps.ToList().FindIndex(step => step.State != StepState.Done);
            return index < 0 ? null : index;
        }
    }

    /// <summary>The same operation with one step changed.</summary>
    public Operation WithStep(int stepIndex, OperationStep step) => this with { Steps = [.. Steps.Select((old, index) => index == stepIndex ? step : old)] };
}

/// <summary>Why an operation failed: the members of a problem.</summary>
/// <param name="Code">Stable name.</param>
/// <param name="Detail">What happened.</param>
/// <param name="NextAction">The one thing to do.</param>
public sealed record OperationFailure(string Code, string Detail, string? NextAction);

/// <summary>
/// Where an operation stands.
/// <code>
/// Queued ⇄ WaitingForLocks ──► Running ──► Succeeded
///    └───────────┴──► Cancelling ◄─┘ (asked for, or a step failed before the point of no return)
///                         └──► Cancelled | Failed
/// Running, Cancelling ──► NeedsOperator ──(retry, or what it waits for came)──► Running, Cancelling
/// </code>
/// </summary>
public enum OperationState
{
    /// <summary>Waits for its turn: as many operations are at work as may be.</summary>
    Queued,

    /// <summary>Waits for a lock that another operation has or asked for earlier.</summary>
    WaitingForLocks,

    /// <summary>At work.</summary>
    Running,

    /// <summary>Undoing, on request or after a failure.</summary>
    Cancelling,

    /// <summary>Tried as often as is sensible; a person has to do something, and the failure says what.</summary>
    NeedsOperator,

    /// <summary>Ended well.</summary>
    Succeeded,

    /// <summary>Ended badly, and undone.</summary>
    Failed,

    /// <summary>Ended on request, and undone.</summary>
    Cancelled,
}
