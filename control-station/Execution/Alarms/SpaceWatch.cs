using System.Globalization;
using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>Watches how full stores and the pool are, as the units report it, and raises and clears alarms.</summary>
public sealed class SpaceWatch
{
    private const string StoreKind = "store.filling";
    private const string PoolKind = "pool.filling";
    private const string ShareKind = "share.filling";

    // A store of 1 TiB written at 1 GB/s gains 1 % in ten seconds: a threshold is seen before the next one is passed.
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    private readonly Ledger _ledger;
    private readonly Views _views;
    private readonly ShareViews _shares;
    private readonly TimeProvider _time;

    internal SpaceWatch(Ledger ledger, Views views, ShareViews shares, TimeProvider time)
    {
        _ledger = ledger;
        _views = views;
        _shares = shares;
        _time = time;
    }

    /// <summary>Watches until cancelled.</summary>
    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        using PeriodicTimer timer = new(Every, _time);
        while (await timer.WaitForNextTickAsync(cancellationToken)) await LookAsync(cancellationToken);
    }

    /// <summary>Looks once; writes only when something is to be raised or cleared.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        if (!await _ledger.ReadAsync(transaction => Find(transaction).Any(level => level.Changes), cancellationToken)) return;
        await _ledger.WriteAsync(
            (transaction, now) =>
            {
                foreach (Level level in Find(transaction).Where(level => level.Changes)) transaction.SetAlarm(now, level.Kind, level.Subject, level.Wanted, level.Message);
                return true;
            },
            cancellationToken);
    }

    private List<Level> Find(IStationTransaction transaction)
    {
        List<Level> levels = [];
        long capacityBytes = 0, usedBytes = 0;
        foreach (Domain.Store store in transaction.Table<Domain.Store>().Page(after: null, int.MaxValue))
        {
            long used = store.CapacityBytes - Math.Min(store.CapacityBytes, _views.FreeBytes(store));
            capacityBytes += store.CapacityBytes;
            usedBytes += used;
            string unit = transaction.Table<Unit>().Find(store.UnitId)?.Name ?? "a forgotten unit";
            levels.Add(Of(transaction, StoreKind, $"store/{store.Id}", $"Store {store.Name} of {unit}", used, store.CapacityBytes));
        }

        levels.Add(Of(transaction, PoolKind, "pool", "The pool", usedBytes, capacityBytes));
        levels.AddRange(transaction.Table<Share>().Page(after: null, int.MaxValue).Where(share => _shares.UsedBytes(share) is not null)
            .Select(share => Of(transaction, ShareKind, $"share/{share.Id}", $"Share {share.Name}", _shares.UsedBytes(share) ?? 0, share.SizeBytes, "Delete files of it, or make a larger one; nothing holds it back at its size.")));
        // A unit that is away says nothing of its shares: what was said of them last stands.
        levels.AddRange(transaction.Table<Alarm>().Page(after: null, int.MaxValue)
            .Where(alarm => alarm.Kind is StoreKind or ShareKind && levels.TrueForAll(level => level.Subject != alarm.Subject) && Subjects.Find(transaction, alarm.Subject) is null)
            .Select(alarm => new Level(alarm.Kind, alarm.Subject, alarm.Severity, null, "It has left the pool.")));
        return levels;
    }

    private static Level Of(IStationTransaction transaction, string kind, string subject, string name, long usedBytes, long capacityBytes, string action = "Remove volumes or snapshots, move legs away, or add a unit.")
    {
        AlarmSeverity? raised = transaction.FindAlarm(kind, subject)?.Severity;
        AlarmSeverity? wanted = FillLevel.Of(usedBytes, capacityBytes, raised);
        long percent = capacityBytes <= 0 ? 0 : (long)(100.0 * usedBytes / capacityBytes);
        string message = string.Create(CultureInfo.InvariantCulture, $"{name} is {percent} % full. {(wanted is null ? "That is well." : action)}");
        return new Level(kind, subject, raised, wanted, message);
    }

    private sealed record Level(string Kind, string Subject, AlarmSeverity? Raised, AlarmSeverity? Wanted, string Message)
    {
        public bool Changes => Raised != Wanted;
    }
}
