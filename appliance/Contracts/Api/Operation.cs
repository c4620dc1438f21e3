using System.Text.Json.Serialization;

namespace VSan.Contracts.Api;

/// <summary>A long-running piece of work; a person sees it as a task.</summary>
/// <param name="Id">Identity.</param>
/// <param name="Kind">What it does: a noun and a verb, as in <c>volume.create</c>.</param>
/// <param name="Title">The same for a person, with the object's name.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Percent">0 to 100 over its steps.</param>
/// <param name="Phase">What it does now, or why it waits.</param>
/// <param name="Steps">Its steps, in order.</param>
/// <param name="SubjectId">The object that it is about.</param>
/// <param name="RequestedBy">Who asked.</param>
/// <param name="Cancellable">True while cancel would be obeyed.</param>
/// <param name="Error">Why it failed.</param>
/// <param name="CreatedAt">When it was asked for.</param>
/// <param name="EndedAt">When it ended, or null.</param>
public sealed record Operation(
    Guid Id,
    string Kind,
    string Title,
    OperationState State,
    int Percent,
    string Phase,
    IReadOnlyList<OperationStep> Steps,
    Guid SubjectId,
    string RequestedBy,
    bool Cancellable,
    Problem? Error,
    DateTimeOffset CreatedAt,
    DateTimeOffset? EndedAt)
{
    /// <summary>What it has, or asks for, of the pool; a lock leaves the list when no step needs it any more.</summary>
    public IReadOnlyList<OperationLock> Locks { get; init; } = [];

    /// <summary>What it waits for, and who has that; null while it does not wait.</summary>
    public OperationWaiting? Waiting { get; init; }

    /// <summary>Bytes of the step at work; null when it counts none.</summary>
    public OperationProgress? Progress { get; init; }

    /// <summary>What stays after a cancel or a failure; null before.</summary>
    public string? Remains { get; init; }

    /// <summary>Why it can no longer be cancelled; null while it can.</summary>
    public string? NotCancellable { get; init; }
}

/// <summary>One step of an operation.</summary>
public sealed record OperationStep(string Name, OperationStepState State, int Attempts)
{
    /// <summary>How its last attempt ended; null when there is nothing to say.</summary>
    public string? Outcome { get; init; }
}

/// <summary>One lock of an operation.</summary>
/// <param name="Path">What is locked, with all below it: <c>pool</c>, <c>unit/ID</c>, <c>unit/ID/disk/NAME</c>, <c>volume/ID</c>, <c>host/ID</c>, <c>name/NOUN:NAME</c>.</param>
/// <param name="Exclusive">No other operation may have it at the same time.</param>
/// <param name="Held">The operation has it; otherwise it is asked for.</param>
public sealed record OperationLock(string Path, bool Exclusive, bool Held);

/// <summary>What an operation waits for.</summary>
/// <param name="Reason">What kind of thing.</param>
/// <param name="Detail">The same for a person.</param>
/// <param name="LockPath">The lock, when it waits for one.</param>
/// <param name="HolderId">The operation that has the lock or asked for it earlier.</param>
/// <param name="HolderTitle">What that operation does.</param>
/// <param name="HolderName">Who asked for it.</param>
public sealed record OperationWaiting(OperationWaitReason Reason, string Detail, string? LockPath, Guid? HolderId, string? HolderTitle, string? HolderName);

/// <summary>How far a step is that moves bytes.</summary>
/// <param name="DoneBytes">Moved so far.</param>
/// <param name="TotalBytes">To be moved.</param>
/// <param name="BytesPerSecond">Smoothed rate; 0 while it is not known.</param>
/// <param name="SecondsLeft">Time left at this rate; null while it is not known.</param>
public sealed record OperationProgress(long DoneBytes, long TotalBytes, long BytesPerSecond, long? SecondsLeft);

/// <summary>Kinds of waiting.</summary>
[JsonConverter(typeof(WireEnumConverter<OperationWaitReason>))]
public enum OperationWaitReason
{
    /// <summary>As many operations are at work as may be.</summary>
    Turn,

    /// <summary>Another operation has a lock.</summary>
    Lock,

    /// <summary>A unit is away.</summary>
    Unit,

    /// <summary>A unit is at work.</summary>
    Work,

    /// <summary>An attempt failed; the next one is due soon.</summary>
    Retry,
}

/// <summary>Where a step stands.</summary>
[JsonConverter(typeof(WireEnumConverter<OperationStepState>))]
public enum OperationStepState
{
    /// <summary>Not begun.</summary>
    Waiting,

    /// <summary>Begun; after a restart of the station it is begun again.</summary>
    Running,

    /// <summary>Done.</summary>
    Done,

    /// <summary>Undone after a failure or cancel.</summary>
    Undone,

    /// <summary>Failed.</summary>
    Failed,
}

/// <summary>Where an operation stands.</summary>
[JsonConverter(typeof(WireEnumConverter<OperationState>))]
public enum OperationState
{
    /// <summary>Waits for its turn.</summary>
    Queued,

    /// <summary>Waits for what another operation has.</summary>
    WaitingForLocks,

    /// <summary>At work.</summary>
    Running,

    /// <summary>Undoing what was done, on request or after a failure.</summary>
    Cancelling,

    /// <summary>Tried as often as is sensible; <see cref="Operation.Error"/> says what a person has to do before a retry.</summary>
    NeedsOperator,

    /// <summary>Ended well.</summary>
    Succeeded,

    /// <summary>Ended badly; <see cref="Operation.Error"/> says why.</summary>
    Failed,

    /// <summary>Ended on request.</summary>
    Cancelled,
}

/// <summary>One page of operations, newest first.</summary>
public sealed record OperationPage(IReadOnlyList<Operation> Items, string? NextCursor);
