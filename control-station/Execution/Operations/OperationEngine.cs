using System.Collections.Concurrent;
using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>
/// Drives each operation to its end, a transaction for each step: whenever a unit it watches has news, its rest is over, or it was changed
/// from outside. An operation that cannot go on rests alone; only a store that can keep nothing ends them all.
/// </summary>
internal sealed class OperationEngine(Ledger ledger, UnitReconcilers reconcilers, OperationCatalog catalog, TimeProvider time, IStationLog log)
{
    private readonly ConcurrentDictionary<Guid, Signal> _nudges = new();
    private readonly WorkSet _work = new();

    /// <summary>What there is to be done.</summary>
    public OperationCatalog Catalog => catalog;

    /// <summary>Stores an operation within the transaction that reserves for it; call <see cref="Nudge"/> after the commit.</summary>
    public Operation Start(IStationTransaction transaction, DateTimeOffset now, Caller caller, Recipe recipe) => transaction.Start(now, caller, recipe, catalog);

    /// <summary>An operation was stored, or its state was changed from outside.</summary>
    public void Nudge(Operation operation)
    {
        if (_nudges.TryGetValue(operation.Id, out Signal? nudge)) nudge.Pulse();
        else _work.Add(operation.Id, cancellationToken => DriveAsync(operation.Id, cancellationToken));
    }

    /// <summary>Throws <c>generation-refused</c> when a unit knows more than the station; see <see cref="UnitReconcilers.RequireInStep"/>.</summary>
    public void RequireInStep(IStationTransaction transaction, Guid unitId) => reconcilers.RequireInStep(transaction, unitId);

    /// <summary>The units of a volume's legs, in the legs' order, all of them in step with the station.</summary>
    public Unit[] RequireUnits(IStationTransaction transaction, Guid volumeId)
    {
        Unit[] units = [.. transaction.LegsOf(volumeId).Select(leg => transaction.Require<Unit>(leg.UnitId, "unit")).DistinctBy(unit => unit.Id)];
        foreach (Unit unit in units) RequireInStep(transaction, unit.Id);
        return units;
    }

    /// <summary>True when every unit of a volume's legs is in step with the station.</summary>
    public bool AreInStep(IStationTransaction transaction, Guid volumeId) => transaction.LegsOf(volumeId).All(leg => !reconcilers.ProgressOf(leg.UnitId).IsAhead);

    /// <summary>Goes on with what is unfinished, and with what comes, until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        Operation[] unfinished = await ledger.ReadAsync(transaction => OperationQueue.All(transaction).ToArray(), cancellationToken);
        foreach (Operation operation in unfinished.Where(_ => !Sabotage.ForgetsUnfinished)) Nudge(operation);
        await AdmitAsync(cancellationToken);
        await _work.RunAsync(cancellationToken);
    }

    private async Task DriveAsync(Guid operationId, CancellationToken cancellationToken)
    {
        Signal nudge = _nudges.GetOrAdd(operationId, _ => new Signal());
        try
        {
            while (true)
            {
                Task nudged = nudge.Next;
                if (await FindAsync(operationId, cancellationToken) is not { Ended: false } operation) return;
                Task[] news = [nudged, .. Watched(operation).Select(unitId => reconcilers.Of(unitId).Changed.Next)];
                (Operation next, TimeSpan? lookAgain) = await TakeStepAsync(operation, cancellationToken);
                if (next.Locks.Count(held => held.Held) < operation.Locks.Count(held => held.Held) || next.Ended) await AdmitAsync(cancellationToken);
                if (next.Ended) return;
                if (GoesOnAtOnce(operation, next)) continue;
                await Rest.UntilAsync(time, lookAgain ?? Timeout.InfiniteTimeSpan, cancellationToken, news);
            }
        }
        finally
        {
            _nudges.TryRemove(operationId, out _);
        }
    }

    private Task<Operation?> FindAsync(Guid operationId, CancellationToken cancellationToken) =>
        ledger.ReadAsync(transaction => transaction.Table<Operation>().Find(operationId), cancellationToken);

    private IReadOnlyList<Guid> Watched(Operation operation) =>
        operation.CurrentStepIndex is { } index && !operation.IsWaitingToBegin ? catalog.Of(operation.Steps[index]).Watches(operation, operation.Steps[index]) : [];

    private static bool GoesOnAtOnce(Operation before, Operation after) =>
        after.State != OperationState.NeedsOperator
        && (after.CurrentStepIndex != before.CurrentStepIndex || after.Undoing != before.Undoing || WroteDown(before, after));

    // A step that begins to wait may wait for what no reconciler has heard of.
    private static bool MayHaveNews(Operation before, Operation after) => WroteDown(before, after) || after.CurrentStepIndex != before.CurrentStepIndex;

    // A step that wrote something down may watch other units than before.
    private static bool WroteDown(Operation before, Operation after) => !before.Steps.Select(step => step.Memo).SequenceEqual(after.Steps.Select(step => step.Memo));

    private async Task<(Operation Operation, TimeSpan? LookAgain)> TakeStepAsync(Operation operation, CancellationToken cancellationToken)
    {
        if (operation.IsWaitingToBegin) return (operation, null);
        try
        {
            string? found = await ActAsync(operation, cancellationToken);
            (Operation next, TimeSpan? lookAgain) = await ChangeAsync(operation, (advance, present) => advance.Step(present, found), cancellationToken);
            if (MayHaveNews(operation, next))
                foreach (Guid unitId in Watched(operation).Union(Watched(next))) reconcilers.Of(unitId).Wake();
            return (next, lookAgain);
        }
        catch (Exception error) when (error is not (StoreUnwritableException or OperationCanceledException))
        {
            return await NoteAsync(operation, error, cancellationToken);
        }
    }

    private async Task<string?> ActAsync(Operation operation, CancellationToken cancellationToken)
    {
        if (operation.CurrentStepIndex is not { } index || catalog.Of(operation.Steps[index]) is not { Acts: true } kind) return null;
        (Operation begun, _) = await ChangeAsync(operation, (advance, present) => (advance.Begin(present), null), cancellationToken);
        return await kind.ActAsync(begun, begun.Steps[index], cancellationToken);
    }

    // Conflicts, and what only we can have got wrong: the attempt is noted, and the budget decides.
    private async Task<(Operation Operation, TimeSpan? LookAgain)> NoteAsync(Operation operation, Exception error, CancellationToken cancellationToken)
    {
        OperationFailure failure = new("internal", $"The station could not go on with this: {error.Message}", $"Read the station's log, then ask for 'vsan operation retry {operation.Id}'.");
        try
        {
            (Operation next, TimeSpan? lookAgain) = await ChangeAsync(operation, (advance, present) => advance.NoteFailure(present, failure, mayRetry: true), cancellationToken);
            if (lookAgain is null) log.Warning($"Operation {operation.Id} cannot go on: {error.Message}", error);
            return (next, lookAgain);
        }
        catch (Exception next) when (next is not (StoreUnwritableException or OperationCanceledException))
        {
            log.Warning($"Operation {operation.Id} rests for a minute, since not even its failure could be noted: {next.Message}", next);
            return (operation, TimeSpan.FromMinutes(1));
        }
    }

    private Task<(Operation Operation, TimeSpan? LookAgain)> ChangeAsync(
        Operation operation,
        Func<OperationAdvance, Operation, (Operation, TimeSpan?)> change,
        CancellationToken cancellationToken) => ledger.PersistAsync(
            (transaction, now) => change(new OperationAdvance(transaction, now, catalog), transaction.Require<Operation>(operation.Id, "operation")),
            cancellationToken);

    private async Task AdmitAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<Operation> admitted = await ledger.PersistAsync(OperationQueue.Admit, cancellationToken);
        foreach (Operation operation in admitted) Nudge(operation);
    }
}
