using VSan.Contracts.Api;

namespace VSan.Station.Execution;

/// <summary>Operations: looks, waits, cancels.</summary>
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

    /// <summary>Undoes a creation that has not ended; a removal cannot be cancelled, since the host may have lost the volume already.</summary>
    public async Task<Operation> CancelAsync(Caller caller, Guid id, CancellationToken cancellationToken)
    {
        Domain.Operation cancelled = await _ledger.MutateAsync(
            caller,
            "operation.cancel",
            $"operation/{id}",
            (transaction, now) =>
            {
                Domain.Operation operation = transaction.Require<Domain.Operation>(id, "operation");
                if (operation.State == Domain.OperationState.Cancelling) return operation;
                if (!operation.Cancellable)
                {
                    string reason = operation.Ended ? "It has ended." : "What it removes may be gone from the unit already.";
                    throw new ProblemException("not-cancellable", $"{operation.Title} cannot be cancelled. {reason}");
                }

                _engine.RequireInStep(transaction, operation.UnitId);
                return transaction.Table<Domain.Operation>().Update(new OperationAdvance(transaction, now, UnitProgress.Unknown).Withdraw(operation, failure: null));
            },
            cancellationToken);
        _engine.Nudge(cancelled);
        return OperationViews.Of(cancelled);
    }

    /// <summary>Waits until the operation has ended or the time is up, and returns it as it is then.</summary>
    public async Task<Operation> WaitAsync(Guid id, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using CancellationTokenSource waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task timeIsUp = Task.Delay(timeout, _time, waiting.Token);
        try
        {
            while (true)
            {
                Task committed = _ledger.Committed.Next;
                Operation operation = await _ledger.ReadAsync(transaction => Find(transaction, id), cancellationToken);
                if (operation.EndedAt is not null || timeIsUp.IsCompleted) return operation;
                await Task.WhenAny(committed, timeIsUp);
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            await waiting.CancelAsync();
        }
    }

    private static Operation Find(IStationTransaction transaction, Guid id) => OperationViews.Of(transaction.Require<Domain.Operation>(id, "operation"));
}
