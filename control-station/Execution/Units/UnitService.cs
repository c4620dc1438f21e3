using VSan.Contracts.Api;

namespace VSan.Station.Execution;

/// <summary>Units: looks, approves, forgets.</summary>
public sealed class UnitService
{
    internal UnitService()
    {
    }

    /// <summary>One page of units.</summary>
    public Task<UnitPage> ListAsync(Caller caller, ListQuery query, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>One by identity.</summary>
    public Task<Unit> GetAsync(Caller caller, Guid id, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Admits a pending unit.</summary>
    public Task<Unit> ApproveAsync(Caller caller, Guid id, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Forgets a pending unit or one without legs.</summary>
    public Task ForgetAsync(Caller caller, Guid id, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>True when the unit was admitted and not forgotten; the link asks before it accepts a connection.</summary>
    public Task<bool> IsAdmittedAsync(Guid id, CancellationToken cancellationToken) => throw new NotImplementedException();
}
