using System.Globalization;
using VSan.Contracts.Api;
using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>
/// Runs the schedules: sleeps until the next time of any, takes what is due, and removes what is no longer to be kept. A time is done when
/// every volume has its snapshot of it, which the snapshot's name says, so that a station that died in between goes on where it was.
/// </summary>
internal sealed class ScheduleRunner(Ledger ledger, SnapshotService snapshots, UnitPresence presence, TimeProvider time, IStationLog log)
{
    /// <summary>A volume whose unit is away, or that is busy, is tried again this often until the schedule's next time.</summary>
    private static readonly TimeSpan Again = TimeSpan.FromMinutes(5);

    /// <summary>Clocks are set; so the sleep is never longer, and a run finds that nothing is due at no cost.</summary>
    private static readonly TimeSpan SleepMax = TimeSpan.FromHours(1);

    private readonly Signal _changed = new();
    private readonly HashSet<(Guid ScheduleId, Guid VolumeId, DateTimeOffset Slot)> _announced = [];

    /// <summary>A schedule was made or changed.</summary>
    public void Wake() => _changed.Pulse();

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed = _changed.Next;
            TimeSpan sleep = await RunDueAsync(cancellationToken);
            using CancellationTokenSource waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(changed, Task.Delay(sleep, time, waiting.Token));
            cancellationToken.ThrowIfCancellationRequested();
            await waiting.CancelAsync();
        }
    }

    private async Task<TimeSpan> RunDueAsync(CancellationToken cancellationToken)
    {
        TimeSpan sleep = SleepMax;
        IReadOnlyList<SnapshotSchedule> schedules = await ledger.ReadAsync(transaction => transaction.Table<SnapshotSchedule>().Page(after: null, int.MaxValue), cancellationToken);
        foreach (SnapshotSchedule schedule in schedules)
        {
            TimeSpan wait = await TryRunAsync(schedule, cancellationToken);
            if (wait < sleep) sleep = wait;
        }

        return sleep > TimeSpan.Zero ? sleep : TimeSpan.FromMilliseconds(1);
    }

    // One schedule that fails must not stop the others; only a store that can keep nothing ends the station.
    private async Task<TimeSpan> TryRunAsync(SnapshotSchedule schedule, CancellationToken cancellationToken)
    {
        try
        {
            DateTimeOffset now = time.GetUtcNow();
            bool done = SlotRule.Due(schedule, now) is not { } slot || await RunAsync(schedule, slot, cancellationToken);
            done &= await TryRetainAsync(schedule, cancellationToken);
            TimeSpan next = SlotRule.Next(schedule.Keep, schedule.Times, now) - time.GetUtcNow();
            return done || next < Again ? next : Again;
        }
        catch (Exception error) when (error is not (StoreUnwritableException or OperationCanceledException))
        {
            log.Warning($"Schedule {schedule.Name} could not be run: {error.Message}", error);
            return Again;
        }
    }

    private async Task<bool> RunAsync(SnapshotSchedule schedule, DateTimeOffset slot, CancellationToken cancellationToken)
    {
        string name = $"{schedule.Name}-{slot.ToString("yyyyMMdd'T'HHmm'Z'", CultureInfo.InvariantCulture)}";
        Guid[] missing = await ledger.ReadAsync(transaction => Missing(transaction, schedule, name), cancellationToken);
        bool done = true;
        foreach (Guid[] group in schedule.OneMoment && missing.Length > 0 ? [missing] : missing.Select(id => (Guid[])[id]))
            done &= await TryTakeAsync(schedule, slot, new SnapshotGroupCreate(name, group), cancellationToken);
        if (done) await ledger.WriteAsync((transaction, _) => Done(transaction, schedule.Id, slot), cancellationToken);
        return done;
    }

    private async Task<bool> TryTakeAsync(SnapshotSchedule schedule, DateTimeOffset slot, SnapshotGroupCreate request, CancellationToken cancellationToken)
    {
        try
        {
            await snapshots.CreateForAsync(schedule, request, cancellationToken);
            return true;
        }
        catch (ProblemException problem)
        {
            _announced.RemoveWhere(old => old.ScheduleId == schedule.Id && old.Slot != slot);
            bool first = false;
            foreach (Guid id in request.VolumeIds) first |= _announced.Add((schedule.Id, id, slot));
            if (!first) return false;
            await ledger.WriteAsync(
                (transaction, now) => transaction.AppendEvent(
                    now, "schedule.missed", $"schedule/{schedule.Id}", $"Snapshot {request.Name} was not taken: {problem.Message} It is tried again until the schedule's next time."),
                cancellationToken);
            return false;
        }
    }

    // False: to be looked at again soon. The station may be the one that is cut off; what it believes then is no reason to remove anything.
    private async Task<bool> TryRetainAsync(SnapshotSchedule schedule, CancellationToken cancellationToken)
    {
        if (presence.Frozen) return false;
        (Guid[] dropped, bool settled) = await ledger.ReadAsync(transaction => (Dropped(transaction, schedule), IsSettled(transaction, schedule)), cancellationToken);
        foreach (Guid id in dropped)
        {
            try
            {
                await snapshots.DeleteAsync(ScheduleService.Caller(schedule), id, cancellationToken);
            }
            catch (ProblemException problem)
            {
                log.Information($"Schedule {schedule.Name} keeps snapshot {id} for now: {problem.Message}");
            }
        }

        return settled;
    }

    // While one is being taken, the one that it replaces is kept.
    private static bool IsSettled(IStationTransaction transaction, SnapshotSchedule schedule) => !schedule.VolumeIds.Any(volumeId =>
        transaction.Table<Domain.Snapshot>().Where(Lookups.SnapshotVolume, volumeId.ToString())
            .Any(snapshot => snapshot.ScheduleId == schedule.Id && snapshot.State == Domain.SnapshotState.Creating));

    private static Guid[] Missing(IStationTransaction transaction, SnapshotSchedule schedule, string name) =>
    [
        .. schedule.VolumeIds.Where(id => transaction.Table<Domain.Volume>().Find(id) is { State: Domain.VolumeState.Ready }
            && !transaction.Table<Domain.Snapshot>().Where(Lookups.SnapshotVolume, id.ToString()).Any(snapshot => snapshot.Name == name)),
    ];

    private static Guid[] Dropped(IStationTransaction transaction, SnapshotSchedule schedule) =>
    [
        .. schedule.VolumeIds.SelectMany(volumeId =>
        {
            Domain.Snapshot[] own =
            [
                .. transaction.Table<Domain.Snapshot>().Where(Lookups.SnapshotVolume, volumeId.ToString())
                    .Where(snapshot => snapshot.ScheduleId == schedule.Id && snapshot.State == Domain.SnapshotState.Ready),
            ];
            HashSet<DateTimeOffset> dropped = [.. RetentionRule.Dropped(own.Select(snapshot => snapshot.CreatedAt), schedule.Keep)];
            return own.Where(snapshot => dropped.Contains(snapshot.CreatedAt)).Select(snapshot => snapshot.Id);
        }),
    ];

    private static bool Done(IStationTransaction transaction, Guid scheduleId, DateTimeOffset slot)
    {
        ITable<SnapshotSchedule> schedules = transaction.Table<SnapshotSchedule>();
        if (schedules.Find(scheduleId) is not { } schedule || schedule.LastSlot >= slot) return false;
        schedules.Update(schedule with { LastSlot = slot, VolumeIds = [.. schedule.VolumeIds.Where(id => transaction.Table<Domain.Volume>().Find(id) is not null)] });
        return true;
    }
}
