using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>
/// Takes a spare into service for each unit that has been out of reach for as long as is set for the pool. Takes no input: it looks at all
/// units now and then, and acts; while automation is frozen, or nothing is set, it does nothing.
/// </summary>
internal sealed class SpareRunner(Ledger ledger, UnitPresence presence, Views views, TimeProvider time)
{
    /// <summary>Kind of the alarm of a lost unit for which there is no spare.</summary>
    private const string AlarmKind = "unit.no-spare";

    /// <summary>The time that is set has minutes for its unit.</summary>
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    /// <summary>Looks until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using PeriodicTimer timer = new(Every, time);
        while (await timer.WaitForNextTickAsync(cancellationToken)) await LookAsync(cancellationToken);
    }

    /// <summary>Looks once; writes only when a spare is to be taken, or the want of one is news.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        if (presence.Frozen || !await ledger.ReadAsync(IsNews, cancellationToken)) return;
        await ledger.PersistAsync(
            (transaction, now) =>
            {
                if (presence.Frozen) return false;
                SpareDecision[] due = [.. Due(transaction)];
                foreach (SpareDecision decision in due.Where(decision => decision.Spare is not null)) Take(transaction, now, decision);
                foreach (SpareDecision decision in due.Where(decision => decision.Spare is null)) transaction.SetAlarm(now, AlarmKind, Subject(decision), AlarmSeverity.Warning, Want(decision));
                foreach (Alarm over in Over(transaction, due)) transaction.SetAlarm(now, over.Kind, over.Subject, severity: null, "It needs no spare now.");
                return true;
            },
            cancellationToken);
    }

    /// <summary>What becomes of each lost unit; nothing while nothing is set.</summary>
    public IReadOnlyList<SpareDecision> Plan(IStationTransaction transaction)
    {
        if (transaction.Settings().SpareAfter is not { } after) return [];
        HashSet<Guid> inMaintenance = [.. transaction.Table<Maintenance>().Page(after: null, int.MaxValue).Select(one => one.Id)];
        ILookup<Guid, Domain.Store> stores = transaction.Table<Domain.Store>().Page(after: null, int.MaxValue).ToLookup(store => store.UnitId);
        return SpareRule.Decide([.. transaction.Table<Unit>().Page(after: null, int.MaxValue).Where(unit => unit.IsAdmitted).Select(unit => View(unit, stores[unit.Id], inMaintenance.Contains(unit.Id)))], after);
    }

    /// <summary>What is to come of a unit's silence, or of a spare, for a person; null for nothing.</summary>
    public string? Sentence(IReadOnlyList<SpareDecision> plan, TimeSpan? after, Unit unit)
    {
        SpareDecision? decision = plan.FirstOrDefault(decision => decision.Lost.Id == unit.Id || decision.Spare?.Id == unit.Id);
        if (decision is null || after is not { } due) return null;
        string lost = $"{decision.Lost.Name} has been out of reach for {SpanText.Of(decision.Silence)}";
        if (decision.Spare is not { } spare) return $"{lost}, and no spare has room for what it has promised.";
        if (presence.Frozen) return $"{lost}; spare {spare.Name} is not taken into service for it while automation is frozen.";
        return decision.IsDue ? $"{lost}; spare {spare.Name} is being taken into service for it." : $"{lost}; spare {spare.Name} is taken into service for it after {SpanText.Of(due)}.";
    }

    private IEnumerable<SpareDecision> Due(IStationTransaction transaction) => Plan(transaction).Where(decision => decision.IsDue);

    private bool IsNews(IStationTransaction transaction)
    {
        SpareDecision[] due = [.. Due(transaction)];
        return due.Any(decision => decision.Spare is not null || transaction.FindAlarm(AlarmKind, Subject(decision)) is null) || Over(transaction, due).Length > 0;
    }

    // Raised, and no longer so: the unit is back, has a spare, was forgotten, or nothing is set any more.
    private static Alarm[] Over(IStationTransaction transaction, SpareDecision[] due)
    {
        HashSet<string> wanting = [.. due.Where(decision => decision.Spare is null).Select(Subject)];
        return [.. transaction.Table<Alarm>().Page(after: null, int.MaxValue).Where(alarm => alarm.Kind == AlarmKind && !wanting.Contains(alarm.Subject))];
    }

    private static string Subject(SpareDecision decision) => $"unit/{decision.Lost.Id}";

    private static string Want(SpareDecision decision) =>
        $"{decision.Lost.Name} has been out of reach for {SpanText.Of(decision.Silence)}, and no spare has room for what it has promised. Bring it back, or add a unit and keep it ready: vsan unit spare NAME.";

    private SpareView View(Unit unit, IEnumerable<Domain.Store> stores, bool inMaintenance)
    {
        string? hindrance = views.Trouble(unit) ?? (unit.Cordoned ? $"{unit.Name} is cordoned" : inMaintenance ? $"{unit.Name} is in maintenance" : null);
        long promisedBytes = 0, roomBytes = 0;
        foreach (Domain.Store store in stores)
        {
            promisedBytes += store.PromisedBytes;
            roomBytes += Math.Max(0, Placement.UnpromisedBytes(store));
        }

        return new SpareView(unit, presence.SilenceOf(unit.Id), promisedBytes, roomBytes, hindrance, inMaintenance);
    }

    private static void Take(IStationTransaction transaction, DateTimeOffset now, SpareDecision decision)
    {
        Unit spare = transaction.Table<Unit>().Update(decision.Spare! with { Weight = Unit.WeightDefault, StandsInFor = decision.Lost.Id });
        transaction.AppendEvent(now, "unit.spare-in-service", $"unit/{spare.Id}", $"Spare {spare.Name} was taken into service: {decision.Lost.Name} has been out of reach for {SpanText.Of(decision.Silence)}.");
        transaction.AppendAudit(now, "station", "unit.weight", $"unit/{spare.Id}", "granted");
    }
}
