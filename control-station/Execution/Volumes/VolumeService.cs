using VSan.Contracts.Api;

namespace VSan.Station.Execution;

/// <summary>Volumes.</summary>
public sealed class VolumeService
{
    internal VolumeService()
    {
    }

    /// <summary>One page of volumes.</summary>
    public Task<VolumePage> ListAsync(Caller caller, ListQuery query, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>One by identity.</summary>
    public Task<Volume> GetAsync(Caller caller, Guid id, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Reserves a volume and starts the operation that makes it.</summary>
    public Task<VolumeAccepted> CreateAsync(Caller caller, VolumeCreate request, string? idempotencyKey, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Starts the operation that removes a volume.</summary>
    public Task<Operation> DeleteAsync(Caller caller, Guid id, CancellationToken cancellationToken) => throw new NotImplementedException();
}
