using System.Runtime.CompilerServices;
using VSan.Contracts.Api;
using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>
/// What happened, for people and pages. The store keeps the last ten thousand events and is the one source: a stream reads on from the
/// number it gave last whenever something was committed, so that it neither misses nor reorders.
/// </summary>
public sealed class EventLog
{
    private const int Batch = 256;

    private readonly Ledger _ledger;

    internal EventLog(Ledger ledger) => _ledger = ledger;

    /// <summary>Adds an event of its own.</summary>
    public Task AppendAsync(string kind, string subject, string message, CancellationToken cancellationToken) =>
        _ledger.WriteAsync((transaction, now) => transaction.AppendEvent(now, kind, subject, message), cancellationToken);

    /// <summary>The last events, oldest first.</summary>
    public async Task<IReadOnlyList<PoolEvent>> RecentAsync(int limit, CancellationToken cancellationToken)
    {
        IReadOnlyList<EventRecord> records = await _ledger.ReadAsync(transaction => transaction.LastEvents(limit), cancellationToken);
        return [.. records.Select(View)];
    }

    /// <summary>All kept events after a number, and then each as it happens.</summary>
    public async IAsyncEnumerable<PoolEvent> StreamAsync(long afterId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            Task committed = _ledger.Committed.Next;
            long from = afterId;
            IReadOnlyList<EventRecord> records = await _ledger.ReadAsync(transaction => transaction.EventsAfter(from, Batch), cancellationToken);
            foreach (EventRecord record in records)
            {
                yield return View(record);
                afterId = record.Number;
            }

            if (records.Count < Batch) await committed.WaitAsync(cancellationToken);
        }
    }

    private static PoolEvent View(EventRecord record) => new(record.Number, record.At, record.Kind, record.Subject, record.Message);
}
