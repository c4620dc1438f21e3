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
        Name(operation.Kind),
        operation.Title,
        State(operation.State),
        operation.Percent,
        operation.Phase,
        [.. operation.Steps.Select(step => new Api.OperationStep(step.Name, State(step.State), step.Attempts))],
        operation.SubjectId,
        operation.RequestedBy,
        operation.Cancellable,
        operation.Failure is { } failure ? ProblemCatalog.Describe(failure.Code, failure.Detail, failure.NextAction) : null,
        operation.CreatedAt,
        operation.EndedAt);

    private static string Name(OperationKind kind) => kind switch
    {
        OperationKind.VolumeCreate => "volume.create",
        OperationKind.VolumeDelete => "volume.delete",
        OperationKind.MappingCreate => "mapping.create",
        OperationKind.MappingDelete => "mapping.delete",
        OperationKind.SnapshotCreate => "snapshot.create",
        OperationKind.SnapshotDelete => "snapshot.delete",
    };

    private static Api.OperationState State(Domain.OperationState state) => state switch
    {
        Domain.OperationState.Queued => Api.OperationState.Queued,
        Domain.OperationState.Running => Api.OperationState.Running,
        Domain.OperationState.Cancelling => Api.OperationState.Cancelling,
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
}
