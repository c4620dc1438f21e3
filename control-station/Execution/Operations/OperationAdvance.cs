using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>
/// Brings one operation one step further, inside one transaction. Looks at what is stored and what was found, so that it may be called
/// at any time and as often as one likes: what is done already is not done again.
/// </summary>
internal sealed class OperationAdvance(IStationTransaction transaction, DateTimeOffset now, OperationCatalog catalog)
{
    /// <summary>Attempts at one step in a row: three seconds of waiting, in which a conflict with another change is long over.</summary>
    public const int AttemptsMax = 5;

    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(200);

    /// <summary>How long a step rests after so many failures in a row.</summary>
    public static TimeSpan RestAfter(int failures) => FirstRetry * (1 << Math.Clamp(failures - 1, 0, AttemptsMax));

    /// <summary>Stores that the step at work is begun, before a unit is spoken to.</summary>
    public Operation Begin(Operation operation)
    {
        if (operation.CurrentStepIndex is not { } index) return operation;
        OperationStep step = operation.Steps[index];
        return Keep(operation, Pass(operation, step).WithStep(index, step with { State = operation.Undoing ? step.State : StepState.Running, Attempts = step.Attempts + 1 }));
    }

    /// <summary>Does, or undoes, the step at work, and stores what became of it.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="found">What <see cref="StepKind.ActAsync"/> returned.</param>
    public (Operation Operation, TimeSpan? LookAgain) Step(Operation operation, string? found)
    {
        if (operation.Ended || operation.IsWaitingToBegin) return (operation, null);
        if (operation.CurrentStepIndex is not { } index) return (Keep(operation, End(operation)), null);
        OperationStep step = operation.Steps[index];
        StepKind kind = catalog.Of(step);
        StepContext context = new(transaction, now, operation, step, found);
        return (operation.Undoing ? (kind.Undoable && !Sabotage.UndoesNothing ? kind.Undo(context) : new StepOutcome.Done()) : kind.Do(context)) switch
        {
            StepOutcome.Done done => (Keep(operation, Finish(operation, index, done)), null),
            StepOutcome.Waiting waiting => (Keep(operation, Wait(operation, index, waiting)), waiting.LookAgain),
            StepOutcome.Retry retry => NoteFailure(operation, retry.Failure, mayRetry: true),
            StepOutcome.Failed failed => NoteFailure(operation, failed.Failure, mayRetry: false),
            _ => throw new InvalidOperationException($"Step '{step.Name}' ended in no known way."),
        };
    }

    /// <summary>Stores that an attempt failed: it is tried again, undone, or left to a person.</summary>
    public (Operation Operation, TimeSpan? LookAgain) NoteFailure(Operation operation, OperationFailure failure, bool mayRetry)
    {
        if (operation.Ended || operation.CurrentStepIndex is not { } index) return (operation, null);
        OperationStep step = operation.Steps[index];
        int failures = step.Failures + 1;
        OperationStep tried = step with { State = operation.Undoing ? step.State : StepState.Failed, Attempts = Math.Max(step.Attempts, failures), Failures = failures, Outcome = failure.Detail };
        Operation noted = operation.WithStep(index, tried);
        if (mayRetry && failures < AttemptsMax)
            return (Keep(operation, noted with { Wait = new(WaitReason.Retry, failure.Detail), Phase = $"{step.Name} is tried again: {failure.Detail}" }), RestAfter(failures));
        if (noted.Cancellable) return (Keep(operation, Withdraw(noted, failure)), null);
        return (Keep(operation, CallForHelp(noted, failure)), null);
    }

    /// <summary>Begins to undo, on request (no failure) or after a failure. The caller stores what is given back.</summary>
    public Operation Withdraw(Operation operation, OperationFailure? failure)
    {
        string[] remains = [.. operation.Steps.Where(step => step.IsBegun).Select(step => catalog.Of(step).Remains(step)).OfType<string>()];
        Operation next = operation with
        {
            State = operation.IsWaitingToBegin ? operation.State : OperationState.Cancelling,
            Undoing = true,
            Phase = "undoing",
            Wait = null,
            Progress = null,
            Failure = failure,
            Remains = remains.Length == 0 ? "Nothing stays." : string.Join(' ', remains),
        };
        return next.CurrentStepIndex is null ? End(next) : OperationLocks.Release(next, catalog);
    }

    /// <summary>Gives the step at work a fresh budget. The caller stores what is given back.</summary>
    public static Operation Retry(Operation operation)
    {
        if (operation.CurrentStepIndex is not { } index) return operation;
        return operation.WithStep(index, operation.Steps[index] with { Failures = 0 }) with
        {
            State = operation.Undoing ? OperationState.Cancelling : OperationState.Running,
            Phase = "trying again",
            Wait = null,
        };
    }

    private Operation Finish(Operation operation, int index, StepOutcome.Done done)
    {
        OperationStep step = operation.Steps[index];
        OperationStep finished = step with
        {
            State = operation.Undoing ? StepState.Undone : StepState.Done,
            Attempts = Math.Max(1, step.Attempts),
            Failures = 0,
            Outcome = done.Note,
            Memo = done.Memo ?? step.Memo,
        };
        Operation next = GoOn(Pass(operation, step)).WithStep(index, finished) with { Wait = null, Progress = null, Phase = step.Name };
        return next.CurrentStepIndex is null ? End(next) : OperationLocks.Release(next, catalog);
    }

    private Operation Wait(Operation operation, int index, StepOutcome.Waiting waiting)
    {
        OperationStep step = operation.Steps[index];
        OperationStep begun = step with { State = operation.Undoing ? step.State : StepState.Running, Attempts = Math.Max(1, step.Attempts), Memo = waiting.Memo ?? step.Memo };
        return GoOn(Pass(operation, step)).WithStep(index, begun) with
        {
            Phase = waiting.Phase,
            Wait = new OperationWait(waiting.Reason, waiting.Phase),
            Progress = waiting.Progress,
        };
    }

    // What a person was called for may have come by itself.
    private static Operation GoOn(Operation operation) => operation.State != OperationState.NeedsOperator ? operation : operation with
    {
        State = operation.Undoing ? OperationState.Cancelling : OperationState.Running,
        Failure = operation.Undoing ? operation.Failure : null,
    };

    private Operation Pass(Operation operation, OperationStep step) =>
        operation.Undoing || operation.PointOfNoReturn is not null ? operation : operation with { PointOfNoReturn = catalog.Of(step).PointOfNoReturn(step) };

    private Operation CallForHelp(Operation operation, OperationFailure failure)
    {
        if (operation.State != OperationState.NeedsOperator)
            transaction.AppendEvent(now, "operation.needs-operator", $"operation/{operation.Id}", $"{operation.Title}: {failure.Detail} {failure.NextAction}");
        return operation with { State = OperationState.NeedsOperator, Failure = failure, Wait = null, Progress = null, Phase = $"waiting for a person: {failure.Detail}" };
    }

    private Operation End(Operation operation)
    {
        (OperationState state, string phase) = !operation.Undoing ? (OperationState.Succeeded, "done")
            : operation.Failure is null ? (OperationState.Cancelled, "cancelled")
            : (OperationState.Failed, "failed");
        return operation with { State = state, Phase = phase, Wait = null, Progress = null, Locks = [], EndedAt = now };
    }

    private Operation Keep(Operation before, Operation after)
    {
        if (SameAs(before, after)) return before;
        Operation kept = transaction.Table<Operation>().Update(after);
        if (before.State != after.State || before.Phase != after.Phase) transaction.AppendEvent(now, "operation.changed", $"operation/{kept.Id}", $"{kept.Title}: {kept.Phase}.");
        return kept;
    }

    private static bool SameAs(Operation left, Operation right) =>
        left with { Steps = right.Steps, Locks = right.Locks } == right && left.Steps.SequenceEqual(right.Steps) && left.Locks.SequenceEqual(right.Locks);
}
