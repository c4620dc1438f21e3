using VSan.Contracts.Api;
using VSan.Station.Domain;
using Leg = VSan.Station.Domain.Leg;
using Unit = VSan.Station.Domain.Unit;
using Volume = VSan.Station.Domain.Volume;

namespace VSan.Station.Execution;

/// <summary>
/// Where a spare stands in for a lost unit, has hosts replace the copies that they lost with it, two at a time (docs/adr/0097). Takes no input: it
/// looks now and then, and acts; while automation is frozen, or no spares are to be taken, it does nothing.
/// </summary>
internal sealed class LostLegRunner(Ledger ledger, OperationEngine engine, MoveService moves, UnitPresence presence, TimeProvider time)
{
    /// <summary>As often as spares are looked for.</summary>
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    /// <summary>How long a leg is left alone whose replacement failed or was cancelled: a person who cancels it means it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromHours(1);

    private static readonly Caller Station = new("station", []);

    /// <summary>Looks until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using PeriodicTimer timer = new(Every, time);
        while (await timer.WaitForNextTickAsync(cancellationToken)) await LookAsync(cancellationToken);
    }

    /// <summary>Looks once; writes only what it starts.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        if (presence.Frozen) return;
        foreach ((Unit spare, Unit lost) in await ledger.ReadAsync(StoodInFor, cancellationToken))
        {
            (Leg[] waiting, int moving) = await ledger.ReadAsync(transaction => Lost(transaction, lost), cancellationToken);
            foreach (Leg leg in waiting.Take(Math.Max(0, DrainRunner.MovesMax - moving))) await TryReplaceAsync(leg, spare, cancellationToken);
        }
    }

    private (Unit Spare, Unit Lost)[] StoodInFor(IStationTransaction transaction)
    {
        if (transaction.Settings().SpareAfter is null) return [];
        return
        [
            .. from spare in transaction.Table<Unit>().Page(after: null, int.MaxValue)
            where spare is { Weight: > 0, StandsInFor: not null }
            let lost = transaction.Table<Unit>().Find(spare.StandsInFor!.Value)
            where lost is { Phase: UnitPhase.Ready } && presence.Of(lost.Id) == Presence.Unreachable && transaction.Table<Domain.Maintenance>().Find(lost.Id) is null
            select (spare, lost),
        ];
    }

    // A leg that its host has still is not lost, though the station does not reach its unit.
    private (Leg[] Waiting, int Moving) Lost(IStationTransaction transaction, Unit lost)
    {
        Leg[] legs = [.. transaction.Table<Leg>().Where(Lookups.LegUnit, lost.Id.ToString()).OrderBy(leg => leg.Id)];
        int moving = legs.Count(leg => MoveService.IsMoving(transaction, leg.Id));
        return ([.. legs.Where(leg => !MoveService.IsMoving(transaction, leg.Id) && IsMissed(transaction, leg) && MayBegin(transaction, leg))], moving);
    }

    private static bool IsMissed(IStationTransaction transaction, Leg leg) =>
        LegReplacements.UserOf(transaction, leg.VolumeId) is { } host
        && HostReports.LegOf(HostReports.Of(transaction, host.Id, leg.VolumeId), leg.Id)?.State is HostLegState.Absent or HostLegState.Failed;

    private bool MayBegin(IStationTransaction transaction, Leg leg) =>
        !(MoveService.LastOf(transaction, leg.VolumeId) is { EndedAt: { } ended, State: not Domain.OperationState.Succeeded } && time.GetUtcNow() - ended < Patience)
        && moves.Obstacle(transaction, leg) is null;

    // On the spare if it takes it, else wherever there is room: the volume's copies matter more than which unit has them.
    private async Task TryReplaceAsync(Leg leg, Unit spare, CancellationToken cancellationToken)
    {
        foreach (Guid? toUnitId in (Guid?[])[spare.Id, null])
        {
            try
            {
                Domain.Operation? started = await ledger.WriteAsync(
                    (transaction, now) => transaction.Table<Leg>().Find(leg.Id) is { } found && IsMissed(transaction, found)
                        ? moves.Begin(transaction, now, Station, transaction.Require<Volume>(found.VolumeId, "volume"), found, toUnitId)
                        : null,
                    cancellationToken);
                if (started is not null) engine.Nudge(started);
                return;
            }
            catch (ProblemException refused) when (refused.Code is "no-unit" or "pool-full")
            {
                // The next place; at the end it is looked for again.
            }
            catch (ProblemException)
            {
                return;
            }
        }
    }
}
