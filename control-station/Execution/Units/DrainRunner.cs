using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>
/// Starts the moves that empty units which are being drained: whenever something was committed it looks at their legs, and acts. A leg that
/// cannot be moved now is looked at again; the operation says which those are and why.
/// </summary>
internal sealed class DrainRunner(Ledger ledger, OperationEngine engine, MoveService moves, DrainBoard board, TimeProvider time)
{
    /// <summary>Moves away from one unit at once: one reads while the other compares, and hosts of its other volumes are hardly slowed.</summary>
    public const int MovesMax = 2;

    /// <summary>How long a leg is left alone whose move failed or was cancelled: whoever is to mend something has to get round to it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Room comes with reports, which are no commits.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(10);

    /// <summary>Drains until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task committed = ledger.Committed.Next;
            Operation[] drains = await ledger.ReadAsync(Drains, cancellationToken);
            foreach (Operation drain in drains)
                if (await LookAsync(drain, cancellationToken)) engine.Nudge(drain);
            await Rest.UntilAsync(time, drains.Length > 0 ? LookAgain : Timeout.InfiniteTimeSpan, cancellationToken, committed);
        }
    }

    // Only those that wait for their legs: one that is being cancelled, or whose unit is not cordoned yet, moves nothing.
    private static Operation[] Drains(IStationTransaction transaction) =>
    [
        .. transaction.Table<Operation>().Where(Lookups.OperationState, nameof(OperationState.Running))
            .Where(operation => operation is { Kind: OperationCatalog.UnitDrain, Undoing: false, CurrentStepIndex: { } index }
                && operation.Steps[index] is { Kind: Steps.EmptyUnit.Kind, Memo: not null }),
    ];

    private async Task<bool> LookAsync(Operation drain, CancellationToken cancellationToken)
    {
        (Leg[] waiting, int moving) = await ledger.ReadAsync(
            transaction =>
            {
                Leg[] legs = [.. transaction.Table<Leg>().Where(Lookups.LegUnit, drain.SubjectId.ToString()).OrderBy(leg => leg.Id)];
                Leg[] still = [.. legs.Where(leg => !MoveService.IsMoving(transaction, leg.Id))];
                return (still, legs.Length - still.Length);
            },
            cancellationToken);
        bool news = false;
        foreach (Leg leg in waiting)
        {
            string? reason = moving >= MovesMax ? "it waits for its turn" : await TryMoveAsync(drain, leg, cancellationToken);
            if (reason is null) moving++;
            news |= board.Note(leg.Id, reason);
        }

        return news;
    }

    private string? LastMisfortune(IStationTransaction transaction, Leg leg) =>
        MoveService.LastOf(transaction, leg.VolumeId) is { EndedAt: { } ended, State: not OperationState.Succeeded } last && time.GetUtcNow() - ended < Patience
            ? last.State == OperationState.Cancelled ? $"{last.Title} was cancelled." : $"{last.Title} failed: {last.Failure?.Detail}"
            : null;

    // Null when it is on its way. What keeps it is asked for without a write first, as nothing changes most of the time.
    private async Task<string?> TryMoveAsync(Operation drain, Leg leg, CancellationToken cancellationToken)
    {
        try
        {
            string? hindrance = await ledger.ReadAsync(transaction => LastMisfortune(transaction, leg) ?? moves.Obstacle(transaction, leg)?.Message, cancellationToken);
            if (hindrance is not null) return hindrance;
            Operation? move = await ledger.WriteAsync(
                (transaction, now) => transaction.Table<Leg>().Find(leg.Id) is { } found && found.UnitId == drain.SubjectId
                    ? moves.Begin(transaction, now, new Caller(drain.RequestedBy, []), transaction.Require<Volume>(found.VolumeId, "volume"), found, toUnitId: null)
                    : null,
                cancellationToken);
            if (move is not null) engine.Nudge(move);
            return null;
        }
        catch (ProblemException problem)
        {
            return problem.Message;
        }
    }
}
