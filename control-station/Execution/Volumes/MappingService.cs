using VSan.Contracts.Api;

namespace VSan.Station.Execution;

/// <summary>Mappings.</summary>
public sealed class MappingService
{
    internal MappingService()
    {
    }

    /// <summary>One page of mappings.</summary>
    public Task<MappingPage> ListAsync(Caller caller, ListQuery query, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>One by identity.</summary>
    public Task<Mapping> GetAsync(Caller caller, Guid id, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Starts the operation that maps a volume to a host.</summary>
    public Task<MappingAccepted> CreateAsync(Caller caller, MappingCreate request, string? idempotencyKey, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Starts the operation that removes a mapping.</summary>
    public Task<Operation> DeleteAsync(Caller caller, Guid id, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>What the host's initiator is configured with; each reading is audited.</summary>
    public Task<ConnectInfo> ConnectInfoAsync(Caller caller, Guid id, CancellationToken cancellationToken) => throw new NotImplementedException();
}
