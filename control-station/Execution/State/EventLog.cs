using System.Runtime.CompilerServices;
using VSan.Contracts.Api;
using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>Which events; null is no filter.</summary>
/// <param name="Kind">A kind, or the beginning of kinds and a star: <c>unit.*</c>.</param>
/// <param name="Subject">The object: <c>volume/{id}</c>.</param>
public sealed record EventFilter(string? Kind = null, string? Subject = null)
{
    /// <summary>True for an event that is asked for.</summary>
    internal bool Fits(EventRecord record) =>
        (Subject is null || record.Subject == Subject)
        && (Kind is null || record.Kind == Kind || (Kind.EndsWith('*') && record.Kind.StartsWith(Kind[..^1], StringComparison.Ordinal)));
}

/// <summary>
/// What happened, for people and pages. The store keeps the last ten thousand events and is the one source: a stream reads on from the
/// number it gave last whenever something was committed, so that it neither misses nor reorders.
/// </summary>
public sealed class EventLog
{
    private const int Batch = 256;

    // As many as a store keeps.
    private const int Kept = 10_000;

    private readonly Ledger _ledger;
    private readonly TimeProvider _time;

    internal EventLog(Ledger ledger, TimeProvider time) => (_ledger, _time) = (ledger, time);

    /// <summary>Adds an event of its own.</summary>
    public Task AppendAsync(string kind, string subject, string message, CancellationToken cancellationToken) =>
        _ledger.WriteAsync((transaction, now) => transaction.AppendEvent(now, kind, subject, message), cancellationToken);

    /// <summary>The last events, oldest first.</summary>
    public async Task<IReadOnlyList<PoolEvent>> RecentAsync(int limit, CancellationToken cancellationToken)
    {
        IReadOnlyList<EventRecord> records = await _ledger.ReadAsync(transaction => transaction.LastEvents(limit), cancellationToken);
        return [.. records.Select(View)];
    }

    /// <summary>Up to <paramref name="limit"/> kept events that the caller may see and the filter lets through, newest first.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="filter">Which events.</param>
    /// <param name="before">Only events before this number; null for the newest.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Ends the wait for the store.</param>
    public Task<IReadOnlyList<PoolEvent>> PageAsync(Caller caller, EventFilter filter, long? before, int limit, CancellationToken cancellationToken) => _ledger.ReadAsync<IReadOnlyList<PoolEvent>>(
        transaction =>
        [
            .. transaction.LastEvents(Kept).Reverse().Where(record => (before is null || record.Number < before) && filter.Fits(record))
                .Where(record => Permissions.Allow(caller, "event.read", Reach.Of(transaction, record.Subject))).Take(limit).Select(View),
        ],
        cancellationToken);

    /// <summary>
    /// All kept events after a number that the caller may see and the filter lets through, and then each as it happens: with the rights the
    /// caller has then. Ends with the session or the token that the caller came by.
    /// </summary>
    public async IAsyncEnumerable<PoolEvent> StreamAsync(Caller caller, EventFilter filter, long afterId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            Task committed = _ledger.Committed.Next;
            long from = afterId;
            (IReadOnlyList<EventRecord>? records, EventRecord[] shown) = await _ledger.ReadAsync<(IReadOnlyList<EventRecord>?, EventRecord[])>(
                transaction =>
                {
                    if (SessionService.Present(transaction, caller, _time.GetUtcNow()) is not { } present) return (null, []);
                    IReadOnlyList<EventRecord> read = transaction.EventsAfter(from, Batch);
                    return (read, [.. read.Where(record => filter.Fits(record) && Permissions.Allow(present, "event.read", Reach.Of(transaction, record.Subject)))]);
                },
                cancellationToken);
            if (records is null) yield break;
            foreach (EventRecord record in shown) yield return View(record);
            if (records.Count > 0) afterId = records[^1].Number;

            if (records.Count < Batch) await committed.WaitAsync(cancellationToken);
        }
    }

    private static PoolEvent View(EventRecord record) => new(record.Number, record.At, record.Kind, record.Subject, record.Message);
}
