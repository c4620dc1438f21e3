using VSan.Contracts.Api;

namespace VSan.Station.Execution;

/// <summary>Operations: looks, waits, cancels, tries again.</summary>
public sealed class OperationService
{
    private readonly Ledger _ledger;
    private readonly OperationEngine _engine;
    private readonly TimeProvider _time;

    internal OperationService(Ledger ledger, OperationEngine engine, TimeProvider time)
    {
        _ledger = ledger;
        _engine = engine;
        _time = time;
    }

    /// <summary>One page, newest first.</summary>
    public Task<OperationPage> ListAsync(Caller caller, ListQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return _ledger.ReadAsync(
            transaction =>
            {
                (IReadOnlyList<Operation> items, string? next) = transaction.List<Domain.Operation, Operation>(caller, "operation.read", query, null, OperationViews.Of, ListFilters.Operations, newestFirst: true);
                return new OperationPage(items, next);
            },
            cancellationToken);
    }

    /// <summary>One by identity.</summary>
    public Task<Operation> GetAsync(Caller caller, Guid id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return _ledger.ReadAsync(caller, "operation.read", $"operation/{id}", transaction => Find(transaction, id), cancellationToken);
    }

    /// <summary>Stops an operation and undoes what it did; refused with the reason past its point of no return.</summary>
    public async Task<Operation> CancelAsync(Caller caller, Guid id, CancellationToken cancellationToken)
    {
        Domain.Operation cancelled = await _ledger.MutateAsync(
            caller,
            "operation.cancel",
            $"operation/{id}",
            (transaction, now) =>
            {
                Domain.Operation operation = transaction.Require<Domain.Operation>(id, "operation");
                if (operation is { Undoing: true, Ended: false }) return operation;
                if (!operation.Cancellable) throw new ProblemException("not-cancellable", $"{operation.Title} cannot be cancelled. {operation.PointOfNoReturn ?? "It has ended."}");
                Domain.Operation stored = transaction.Table<Domain.Operation>().Update(new OperationAdvance(transaction, now, _engine.Catalog).Withdraw(operation, failure: null));
                OperationQueue.Admit(transaction, now);
                return transaction.Table<Domain.Operation>().Find(id) ?? stored;
            },
            cancellationToken);
        _engine.Nudge(cancelled);
        return OperationViews.Of(cancelled);
    }

    /// <summary>Tries the step again that an operation failed at, with a fresh budget.</summary>
    public async Task<Operation> RetryAsync(Caller caller, Guid id, CancellationToken cancellationToken)
    {
        Domain.Operation retried = await _ledger.MutateAsync(
            caller,
            "operation.retry",
            $"operation/{id}",
            (transaction, _) =>
            {
                Domain.Operation operation = transaction.Require<Domain.Operation>(id, "operation");
                if (operation.State != Domain.OperationState.NeedsOperator)
                    throw new ProblemException("not-retryable", $"{operation.Title} does not wait for a person.", operation.Ended ? "Ask for it anew." : "Wait: it is at work, or tried again by itself.");
                return transaction.Table<Domain.Operation>().Update(OperationAdvance.Retry(operation));
            },
            cancellationToken);
        _engine.Nudge(retried);
        return OperationViews.Of(retried);
    }

    /// <summary>Waits until the operation has ended, needs a person, or the time is up, and returns it as it is then.</summary>
    public async Task<Operation> WaitAsync(Guid id, TimeSpan timeout, CancellationToken cancellationToken)
    {
        long start = _time.GetTimestamp();
        while (true)
        {
            Task committed = _ledger.Committed.Next;
            Operation operation = await _ledger.ReadAsync(transaction => Find(transaction, id), cancellationToken);
            TimeSpan left = timeout - _time.GetElapsedTime(start);
            if (operation.EndedAt is not null || operation.State == OperationState.NeedsOperator || left <= TimeSpan.Zero) return operation;
            await Rest.UntilAsync(_time, left, cancellationToken, committed);
        }
    }

    private static Operation Find(IStationTransaction transaction, Guid id) => OperationViews.Of(transaction.Require<Domain.Operation>(id, "operation"));
}
