using VSan.Contracts.Api;

namespace VSan.Station.Execution;

/// <summary>Hosts.</summary>
public sealed class HostService
{
    internal HostService()
    {
    }

    /// <summary>One page of hosts.</summary>
    public Task<HostPage> ListAsync(Caller caller, ListQuery query, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>One by identity.</summary>
    public Task<Host> GetAsync(Caller caller, Guid id, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Adds a host.</summary>
    public Task<Host> CreateAsync(Caller caller, HostCreate request, string? idempotencyKey, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Removes a host without mappings.</summary>
    public Task DeleteAsync(Caller caller, Guid id, CancellationToken cancellationToken) => throw new NotImplementedException();
}
