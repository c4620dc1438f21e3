using VSan.Contracts.Api;
using VSan.Station.Domain;
using Api = VSan.Contracts.Api;

namespace VSan.Station.Execution;

/// <summary>Stored operations as the API shows them.</summary>
internal static class OperationViews
{
    /// <summary>An operation.</summary>
    public static Api.Operation Of(Domain.Operation operation) => new(
        operation.Id,
        operation.Kind,
        operation.Title,
        State(operation.State),
        operation.Percent,
        operation.Phase,
        [.. operation.Steps.Select(step => new Api.OperationStep(step.Name, State(step.State), step.Attempts) { Outcome = step.Outcome })],
        operation.SubjectId,
        operation.RequestedBy,
        operation.Cancellable,
        operation.Failure is { } failure ? ProblemCatalog.Describe(failure.Code, failure.Detail, failure.NextAction) : null,
        operation.CreatedAt,
        operation.EndedAt)
    {
        Locks = [.. operation.Locks.Select(held => new Api.OperationLock(held.Path, held.Mode == LockMode.Exclusive, held.Held))],
        Waiting = operation.Wait is { } wait ? new OperationWaiting(Reason(wait.Reason), wait.Detail, wait.LockPath, wait.HolderId, wait.HolderTitle, wait.HolderName) : null,
        Progress = operation.Progress is { } progress
            ? new Api.OperationProgress(progress.DoneBytes, progress.TotalBytes, progress.BytesPerSecond, progress.Left is { } left ? (long)Math.Ceiling(left.TotalSeconds) : null)
            : null,
        Remains = operation.Remains,
        NotCancellable = operation.PointOfNoReturn,
    };

    private static Api.OperationState State(Domain.OperationState state) => state switch
    {
        Domain.OperationState.Queued => Api.OperationState.Queued,
        Domain.OperationState.WaitingForLocks => Api.OperationState.WaitingForLocks,
        Domain.OperationState.Running => Api.OperationState.Running,
        Domain.OperationState.Cancelling => Api.OperationState.Cancelling,
        Domain.OperationState.NeedsOperator => Api.OperationState.NeedsOperator,
        Domain.OperationState.Succeeded => Api.OperationState.Succeeded,
        Domain.OperationState.Failed => Api.OperationState.Failed,
        Domain.OperationState.Cancelled => Api.OperationState.Cancelled,
    };

    private static OperationStepState State(StepState state) => state switch
    {
        StepState.Waiting => OperationStepState.Waiting,
        StepState.Running => OperationStepState.Running,
        StepState.Done => OperationStepState.Done,
        StepState.Undone => OperationStepState.Undone,
        StepState.Failed => OperationStepState.Failed,
    };

    private static OperationWaitReason Reason(WaitReason reason) => reason switch
    {
        WaitReason.Turn => OperationWaitReason.Turn,
        WaitReason.Lock => OperationWaitReason.Lock,
        WaitReason.Unit => OperationWaitReason.Unit,
        WaitReason.Work => OperationWaitReason.Work,
        WaitReason.Retry => OperationWaitReason.Retry,
    };
}
