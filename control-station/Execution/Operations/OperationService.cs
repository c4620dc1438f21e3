using VSan.Contracts.Api;

namespace VSan.Station.Execution;

/// <summary>Operations: looks, waits, cancels.</summary>
public sealed class OperationService
{
    internal OperationService()
    {
    }

    /// <summary>One page of operations.</summary>
    public Task<OperationPage> ListAsync(Caller caller, ListQuery query, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>One by identity.</summary>
    public Task<Operation> GetAsync(Caller caller, Guid id, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Undoes an operation that has not ended, where that is possible.</summary>
    public Task<Operation> CancelAsync(Caller caller, Guid id, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Waits until the operation has ended or the time is up, and returns it as it is then.</summary>
    public Task<Operation> WaitAsync(Guid id, TimeSpan timeout, CancellationToken cancellationToken) => throw new NotImplementedException();
}
