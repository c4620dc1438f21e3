using System.Text.Json.Serialization;

namespace VSan.Contracts.Api;

/// <summary>A long-running piece of work; a person sees it as a task.</summary>
/// <param name="Id">Identity.</param>
/// <param name="Kind">What it does: <c>volume.create</c>, <c>volume.delete</c>, <c>mapping.create</c>, <c>mapping.delete</c>, <c>snapshot.create</c>, <c>snapshot.delete</c>.</param>
/// <param name="Title">The same for a person, with the object's name.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Percent">0 to 100 over its steps.</param>
/// <param name="Phase">What it does now, or why it waits.</param>
/// <param name="Steps">Its steps, in order.</param>
/// <param name="SubjectId">The volume or mapping.</param>
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
    DateTimeOffset? EndedAt);

/// <summary>One step of an operation.</summary>
public sealed record OperationStep(string Name, OperationStepState State, int Attempts);

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
    /// <summary>Stored, not begun.</summary>
    Queued,

    /// <summary>At work.</summary>
    Running,

    /// <summary>Undoing what was done, on request.</summary>
    Cancelling,

    /// <summary>Ended well.</summary>
    Succeeded,

    /// <summary>Ended badly; <see cref="Operation.Error"/> says why.</summary>
    Failed,

    /// <summary>Ended on request.</summary>
    Cancelled,
}

/// <summary>One page of operations, newest first.</summary>
public sealed record OperationPage(IReadOnlyList<Operation> Items, string? NextCursor);
