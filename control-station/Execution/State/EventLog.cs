using VSan.Contracts.Api;

namespace VSan.Station.Execution;

/// <summary>What happened.</summary>
public sealed class EventLog
{
    internal EventLog()
    {
    }

    /// <summary>Adds an event of its own.</summary>
    public Task AppendAsync(string kind, string subject, string message, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>The last events, oldest first.</summary>
    public Task<IReadOnlyList<PoolEvent>> RecentAsync(int limit, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>All events after a number, and then each as it happens.</summary>
    public IAsyncEnumerable<PoolEvent> StreamAsync(long afterId, CancellationToken cancellationToken) => throw new NotImplementedException();
}
