using System.Collections.Concurrent;
using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>Drives each operation to its end: advances it whenever its unit's reconciler found something new, or it was cancelled.</summary>
internal sealed class OperationEngine(Ledger ledger, UnitReconcilers reconcilers)
{
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
            cancellationToken).ConfigureAwait(false);
        foreach (Operation operation in unfinished) Nudge(operation);
        await _work.RunAsync(cancellationToken).ConfigureAwait(false);
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
                UnitProgress progress = reconciler.Progress;
                (Operation? operation, bool withdrawn) = await ledger.WriteAsync(
                    (transaction, now) => Advance(transaction, now, operationId, progress),
                    cancellationToken).ConfigureAwait(false);
                if (operation is null or { Ended: true }) return;
                if (withdrawn) reconciler.Wake();
                await Task.WhenAny(changed, nudged).WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            _nudges.TryRemove(operationId, out _);
        }
    }

    private static (Operation? Operation, bool Withdrawn) Advance(IStationTransaction transaction, DateTimeOffset now, Guid operationId, UnitProgress progress)
    {
        if (transaction.Table<Operation>().Find(operationId) is not { } operation) return (null, false);
        Operation next = new OperationAdvance(transaction, now, progress).Run(operation);
        return (next, next.UnitGeneration != operation.UnitGeneration);
    }
}
