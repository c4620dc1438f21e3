namespace VSan.Station.Domain;

/// <summary>One step of an operation, as it is stored.</summary>
/// <param name="Name">Its name for a person.</param>
/// <param name="Kind">What it does: one of the registered kinds of steps.</param>
/// <param name="ObjectId">What it does it to.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Attempts">How often it was begun, or begun to be undone.</param>
/// <param name="Failures">How many of the last attempts failed in a row; its budget is counted from here.</param>
/// <param name="Outcome">How its last attempt ended, for a person; null when there is nothing to say.</param>
/// <param name="Memo">What the kind keeps for the step's repetition; only the kind reads it.</param>
public sealed record OperationStep(
    string Name,
    string Kind,
    Guid ObjectId,
    StepState State = StepState.Waiting,
    int Attempts = 0,
    int Failures = 0,
    string? Outcome = null,
    string? Memo = null)
{
    /// <summary>True once the world may have been changed by it.</summary>
    public bool IsBegun => State is StepState.Running or StepState.Done or StepState.Failed;
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
