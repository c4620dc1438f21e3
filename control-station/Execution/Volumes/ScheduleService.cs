using VSan.Contracts.Api;
using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>Schedules of snapshots.</summary>
public sealed class ScheduleService
{
    private const int CountMax = 100;
    private const int VolumesMax = 1000;
    private const int MinutesOfHour = 60;
    private const int HoursOfDay = 24;

    /// <summary>So that its name and a time fit into the name of a snapshot.</summary>
    private const int NameLengthMax = 40;

    private readonly Ledger _ledger;
    private readonly ScheduleRunner _runner;

    internal ScheduleService(Ledger ledger, ScheduleRunner runner)
    {
        _ledger = ledger;
        _runner = runner;
    }

    /// <summary>One page of schedules.</summary>
    public Task<SchedulePage> ListAsync(Caller caller, ListQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return _ledger.ReadAsync(
            transaction =>
            {
                (IReadOnlyList<Schedule> items, string? next) = transaction.List(caller, "schedule.read", query, Lookups.ScheduleName, View);
                return new SchedulePage(items, next);
            },
            cancellationToken);
    }

    /// <summary>One by identity.</summary>
    public Task<Schedule> GetAsync(Caller caller, Guid id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return _ledger.ReadAsync(caller, "schedule.read", $"schedule/{id}", transaction => View(transaction.Require<SnapshotSchedule>(id, "schedule")), cancellationToken);
    }

    /// <summary>Adds a schedule; its first time is the next one.</summary>
    public async Task<Schedule> CreateAsync(Caller caller, ScheduleSpec request, string? idempotencyKey, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        Schedule made = await _ledger.MutateAsync(
            caller.Asking(idempotencyKey, request, ApiJson.Default.ScheduleSpec),
            "schedule.create",
            $"schedule/{request.Name}",
            (transaction, now) =>
            {
                SnapshotSchedule schedule = Take(transaction, new SnapshotSchedule(Guid.CreateVersion7(now), "", Counts(request), Times(request), OneMoment: false, [], now), request);
                transaction.AppendEvent(now, "schedule.added", $"schedule/{schedule.Id}", $"Schedule {schedule.Name} was added.");
                return View(transaction.Table<SnapshotSchedule>().Insert(schedule));
            },
            cancellationToken);
        _runner.Wake();
        return made;
    }

    /// <summary>Replaces what a schedule says. Times that were run are not run again.</summary>
    public async Task<Schedule> ChangeAsync(Caller caller, Guid id, ScheduleSpec request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        Schedule changed = await _ledger.MutateAsync(
            caller,
            "schedule.change",
            $"schedule/{id}",
            (transaction, now) =>
            {
                SnapshotSchedule schedule = Take(transaction, transaction.Require<SnapshotSchedule>(id, "schedule"), request);
                // A new time of this very day must not be caught up: nobody meant the past.
                DateTimeOffset lastSlot = schedule.LastSlot > now ? schedule.LastSlot : now;
                transaction.AppendEvent(now, "schedule.changed", $"schedule/{id}", $"Schedule {schedule.Name} was changed.");
                return View(transaction.Table<SnapshotSchedule>().Update(schedule with { LastSlot = lastSlot }));
            },
            cancellationToken);
        _runner.Wake();
        return changed;
    }

    /// <summary>Removes a schedule. Its snapshots stay, and are nobody's to remove but a person's.</summary>
    public Task DeleteAsync(Caller caller, Guid id, CancellationToken cancellationToken) => _ledger.MutateAsync(
        caller,
        "schedule.delete",
        $"schedule/{id}",
        (transaction, now) =>
        {
            SnapshotSchedule schedule = transaction.Require<SnapshotSchedule>(id, "schedule");
            transaction.Table<SnapshotSchedule>().Delete(id);
            transaction.AppendEvent(now, "schedule.removed", $"schedule/{id}", $"Schedule {schedule.Name} was removed; its snapshots stay.");
            return true;
        },
        cancellationToken);

    /// <summary>Whom the audit log names for what a schedule does.</summary>
    internal static Caller Caller(SnapshotSchedule schedule) => Execution.Caller.Of($"schedule {schedule.Name}", Role.Operator);

    private static SnapshotSchedule Take(IStationTransaction transaction, SnapshotSchedule schedule, ScheduleSpec request)
    {
        Names.Object(request.Name, "/name");
        if (request.Name.Length > NameLengthMax) throw ProblemException.Field("/name", $"must be at most {NameLengthMax} characters.");
        if (transaction.Table<SnapshotSchedule>().Where(Lookups.ScheduleName, request.Name) is [SnapshotSchedule other] && other.Id != schedule.Id)
            throw new ProblemException("name-taken", $"There is a schedule {request.Name} already.");
        IReadOnlyList<Guid> volumeIds = [.. (request.VolumeIds ?? []).Distinct()];
        if (volumeIds.Count > VolumesMax) throw ProblemException.Field("/volumeIds", $"must be at most {VolumesMax}.");
        foreach (Guid id in volumeIds)
            if (transaction.Table<Domain.Volume>().Find(id) is null) throw ProblemException.Field("/volumeIds", $"names {id}, which is no volume.");
        return schedule with { Name = request.Name, Keep = Counts(request), Times = Times(request), OneMoment = request.OneMoment ?? false, VolumeIds = volumeIds };
    }

    private static RetentionCounts Counts(ScheduleSpec request)
    {
        RetentionCounts keep = new(Count(request.Hourly, "/hourly"), Count(request.Daily, "/daily"), Count(request.Weekly, "/weekly"), Count(request.Monthly, "/monthly"));
        return keep is { Hourly: 0, Daily: 0, Weekly: 0, Monthly: 0 } ? throw ProblemException.Field("/daily", "or another count must be more than 0: it says how often snapshots are taken.") : keep;
    }

    private static int Count(int? count, string pointer) =>
        count is null or (>= 0 and <= CountMax) ? count ?? 0 : throw ProblemException.Field(pointer, $"must be 0 to {CountMax}.");

    private static SlotTimes Times(ScheduleSpec request)
    {
        if (request.Minute is < 0 or >= MinutesOfHour) throw ProblemException.Field("/minute", "must be 0 to 59.");
        if (request.Hour is < 0 or >= HoursOfDay) throw ProblemException.Field("/hour", "must be 0 to 23.");
        return new SlotTimes(request.Minute ?? 0, request.Hour ?? 0);
    }

    private static Schedule View(SnapshotSchedule schedule) => new(
        schedule.Id, schedule.Name, schedule.Keep.Hourly, schedule.Keep.Daily, schedule.Keep.Weekly, schedule.Keep.Monthly, schedule.Times.Minute, schedule.Times.Hour,
        schedule.OneMoment, schedule.VolumeIds, schedule.LastSlot, SlotRule.Next(schedule.Keep, schedule.Times, schedule.LastSlot));
}
