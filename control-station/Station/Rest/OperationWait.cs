using VSan.Contracts.Api;
using VSan.Station.Execution;

namespace VSan.Station.Rest;

/// <summary>The <c>wait</c> of a request.</summary>
internal static class OperationWait
{
    /// <summary>The operation when it has ended or the time is up; as it is when the client does not wait.</summary>
    public static async Task<Operation> FollowAsync(this OperationService operations, Operation operation, TimeSpan wait, CancellationToken cancellationToken) =>
        wait == TimeSpan.Zero || operation.EndedAt is not null ? operation : await operations.WaitAsync(operation.Id, wait, cancellationToken);
}
