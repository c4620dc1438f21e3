using VSan.Contracts.Api;

namespace VSan.Station.Execution;

/// <summary>The pool in a few numbers.</summary>
public sealed class PoolService
{
    internal PoolService()
    {
    }

    /// <summary>The pool now.</summary>
    public Task<Pool> GetAsync(Caller caller, CancellationToken cancellationToken) => throw new NotImplementedException();
}
