using System.Collections.Concurrent;
using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>
/// Drives each operation to its end: advances it whenever its unit's reconciler found something new, or it was cancelled. An operation that
/// cannot be advanced fails alone; only a store that can keep nothing ends them all.
/// </summary>
internal sealed class OperationEngine(Ledger ledger, UnitReconcilers reconcilers, TimeProvider time, IStationLog log)
{
    /// <summary>Tries to advance one operation: three seconds of waiting, in which a conflict with another change is long over.</summary>
    private const int AttemptsMax = 5;

    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(200);
    private static readonly OperationState[] Unfinished = [OperationState.Queued, OperationState.Running, OperationState.Cancelling];

    private readonly ConcurrentDictionary<Guid, Signal> _nudges = new();
    private readonly WorkSet _work = new();

    /// <summary>An operation was stored, or its state was changed from outside; its unit has something new to fetch.</summary>
    public void Nudge(Operation operation)
    {
        reconcilers.Of(operation.UnitId).Wake();
        if (_nudges.TryGetValue(operation.Id, out Signal? nudge)) nudge.Pulse();
        else _work.Add(operation.Id, cancellationToken => DriveAsync(operation.Id, operation.UnitId, cancellationToken));
    }

    /// <summary>Throws <c>generation-refused</c> when a unit knows more than the station; see <see cref="UnitReconcilers.RequireInStep"/>.</summary>
    public void RequireInStep(IStationTransaction transaction, Guid unitId) => reconcilers.RequireInStep(transaction, unitId);

    /// <summary>Goes on with what is unfinished, and with what comes, until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        Operation[] unfinished = await ledger.ReadAsync(
            transaction => Unfinished.SelectMany(state => transaction.Table<Operation>().Where(Lookups.OperationState, state.ToString())).ToArray(),
            cancellationToken);
        foreach (Operation operation in unfinished) Nudge(operation);
        await _work.RunAsync(cancellationToken);
    }

    private async Task DriveAsync(Guid operationId, Guid unitId, CancellationToken cancellationToken)
    {
        Signal nudge = _nudges.GetOrAdd(operationId, _ => new Signal());
        UnitReconciler reconciler = reconcilers.Of(unitId);
        try
        {
            while (true)
            {
                Task changed = reconciler.Changed.Next;
                Task nudged = nudge.Next;
                (Operation? operation, bool withdrawn) = await AdvanceAsync(operationId, reconciler, cancellationToken);
                if (operation is null or { Ended: true }) return;
                if (withdrawn) reconciler.Wake();
                await Task.WhenAny(changed, nudged).WaitAsync(cancellationToken);
            }
        }
        finally
        {
            _nudges.TryRemove(operationId, out _);
        }
    }

    private async Task<(Operation? Operation, bool Withdrawn)> AdvanceAsync(Guid operationId, UnitReconciler reconciler, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            UnitProgress progress = reconciler.Progress;
            try
            {
                return await ledger.PersistAsync((transaction, now) => Advance(transaction, now, operationId, progress), cancellationToken);
            }
            catch (Exception error) when (IsOfOneOperation(error))
            {
                if (attempt == AttemptsMax) return await GiveUpAsync(operationId, error, cancellationToken);
            }

            await Task.Delay(FirstRetry * (1 << (attempt - 1)), time, cancellationToken);
        }
    }

    // A creation is undone first. When that cannot be begun either, the failure alone is noted: the space stays promised until the volume is removed.
    private async Task<(Operation? Operation, bool Withdrawn)> GiveUpAsync(Guid operationId, Exception error, CancellationToken cancellationToken)
    {
        log.Warning($"Operation {operationId} cannot go on: {error.Message}", error);
        foreach (bool undo in (bool[])[true, false])
        {
            try
            {
                return await ledger.PersistAsync((transaction, now) => Fail(transaction, now, operationId, undo), cancellationToken);
            }
            catch (Exception next) when (IsOfOneOperation(next))
            {
                if (!undo) log.Warning($"Operation {operationId} cannot be marked as failed; it rests until the station starts again: {next.Message}", next);
            }
        }

        return (null, false);
    }

    private static bool IsOfOneOperation(Exception error) => error is not (StoreUnwritableException or OperationCanceledException);

    private static (Operation? Operation, bool Withdrawn) Fail(IStationTransaction transaction, DateTimeOffset now, Guid operationId, bool undo)
    {
        if (transaction.Table<Operation>().Find(operationId) is not { } operation) return (null, false);
        Operation next = new OperationAdvance(transaction, now, UnitProgress.Unknown).Fail(operation, undo);
        return (next, next.UnitGeneration != operation.UnitGeneration);
    }

    private static (Operation? Operation, bool Withdrawn) Advance(IStationTransaction transaction, DateTimeOffset now, Guid operationId, UnitProgress progress)
    {
        if (transaction.Table<Operation>().Find(operationId) is not { } operation) return (null, false);
        Operation next = new OperationAdvance(transaction, now, progress).Run(operation);
        return (next, next.UnitGeneration != operation.UnitGeneration);
    }
}
