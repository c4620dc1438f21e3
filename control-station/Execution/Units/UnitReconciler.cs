using VSan.Contracts.UnitLink;
using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>
/// Makes one unit match its plan. Takes no input: whenever it is woken it looks at what is wanted and what was found, and acts.
/// Owned by its own loop; the On… methods may be called from anywhere and only leave word.
/// <code>
/// connected ─► enquiry ─► stores join the pool ─► push ─► applied ─► (first time) ready
///                                ▲  │              ▲  └─ refused: back off, five times, then once a minute with a call for help
///                                │  ▼              └──── wanted generation rose, or the unit fell behind
///                          once a minute: the unit knows more than the station, nothing is pushed and a person is called
/// </code>
/// </summary>
internal sealed class UnitReconciler(Guid unitId, Ledger ledger, IUnitLinks links, ISecretProtector protector, ICertificateAuthority authority, TimeProvider time, IStationLog log, Signal enquired)
{
    /// <summary>Failed pushes before a person is called and operations give up: three seconds of trying.</summary>
    public const int FailuresMax = 5;

    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan CalmRetry = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ApplyPatience = TimeSpan.FromSeconds(1);

    /// <summary>Doublings of <see cref="FirstRetry"/> after failures of the conversation: 51 s at most.</summary>
    private const int DoublingsMax = 8;

    private readonly Signal _wake = new();
    private readonly Lock _found = new();
    private UnitProgress _progress = UnitProgress.Unknown;
    private bool _enquiryDue = true;
    private bool _announcedAhead;
    private bool _helpIsDue = true;
    private int _troubles;
    private string? _loggedTrouble;

    /// <summary>Pulses when <see cref="Progress"/> changes.</summary>
    public Signal Changed { get; } = new();

    /// <summary>What was found so far.</summary>
    public UnitProgress Progress
    {
        get
        {
            lock (_found) return _progress;
        }
    }

    /// <summary>The unit's disks, as it last described them; empty before the first enquiry.</summary>
    public IReadOnlyList<DiskInventory> Disks { get; private set; } = [];

    /// <summary>The image that the unit runs, as it last described it; null before the first enquiry, and from a unit that does not say.</summary>
    public ImageInventory? Image { get; private set; }

    /// <summary>Legs on the unit that it does not serve, as it last described them; those of which no volume knows are orphans.</summary>
    public IReadOnlyList<FoundLeg> UnservedLegs { get; private set; } = [];

    /// <summary>What the unit can serve has changed: it is asked again.</summary>
    public void Enquire()
    {
        lock (_found) _enquiryDue = true;
        Wake();
    }

    /// <summary>Something may be wanted that was not before.</summary>
    public void Wake() => _wake.Pulse();

    /// <summary>A connection stands; what was known of the last one counts no more.</summary>
    public void OnConnected()
    {
        lock (_found) _enquiryDue = true;
        Find(progress => progress.Reconnected());
        Wake();
    }

    /// <summary>The connection ended.</summary>
    public void OnDisconnected() => Find(progress => progress with { Connected = links.IsConnected(unitId) });

    /// <summary>The unit was forgotten: what was found of it counts no more. It may come back, and the loop waits for that.</summary>
    public void OnForgotten() => Find(_ => UnitProgress.Unknown);

    /// <summary>The unit said where it stands. A report written before the last push says nothing about it.</summary>
    public void OnReport(ConfigurationStatus status)
    {
        UnitProgress before = Progress;
        if (status.Generation < before.AcceptedGeneration || status.AppliedGeneration == before.AppliedGeneration) return;
        Find(progress => progress with { AcceptedGeneration = status.Generation, AppliedGeneration = status.AppliedGeneration });
        Wake();
    }

    /// <summary>What the unit knew more of was taken over; it is asked again whether there is anything else.</summary>
    public void OnImported()
    {
        Find(progress => progress with { HasNewerGeneration = false });
        Enquire();
    }

    /// <summary>Reconciles until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task woken = _wake.Next;
            TimeSpan again = await TryReconcileAsync(cancellationToken);
            await Rest.UntilAsync(time, again, cancellationToken, woken);
        }
    }

    // One unit that answers nonsense must not stop the others, so whatever its conversation throws ends here: what the network does in one
    // short line, anything else whole, and the same only once. A store that can keep nothing is nobody's conversation and ends the station.
    private async Task<TimeSpan> TryReconcileAsync(CancellationToken cancellationToken)
    {
        try
        {
            TimeSpan again = await ReconcileAsync(cancellationToken);
            _troubles = 0;
            _loggedTrouble = null;
            return again;
        }
        catch (Exception error) when (error is not StoreUnwritableException && (error is not OperationCanceledException || !cancellationToken.IsCancellationRequested))
        {
            bool expected = error is HttpRequestException or IOException or TimeoutException or OperationCanceledException;
            if (_loggedTrouble != error.Message) log.Warning($"Unit {unitId} could not be reconciled: {error.Message}", expected ? null : error);
            _loggedTrouble = error.Message;
            if (!links.IsConnected(unitId)) return Timeout.InfiniteTimeSpan;
            TimeSpan again = FirstRetry * (1 << Math.Min(_troubles++, DoublingsMax));
            if (_troubles == FailuresMax) await TryCallForHelpAsync(error, cancellationToken);
            return again;
        }
    }

    // The store itself may be what fails; then the log has said it, and the next pass says it again.
    private async Task TryCallForHelpAsync(Exception trouble, CancellationToken cancellationToken)
    {
        try
        {
            await CallForHelpAsync($"The station could not speak with it {FailuresMax} times: {trouble.Message}", "Read the log of its agent (journalctl -u vsan-unit) and restart it", cancellationToken);
        }
        catch (Exception error) when (error is not (StoreUnwritableException or OperationCanceledException))
        {
            log.Warning($"Nobody could be called for unit {unitId}: {error.Message}", error);
        }
    }

    private async Task<TimeSpan> ReconcileAsync(CancellationToken cancellationToken)
    {
        if (!links.IsConnected(unitId)) return Timeout.InfiniteTimeSpan;
        Find(progress => progress with { Connected = true });
        if (TakeEnquiry()) await EnquireAsync(cancellationToken);

        UnitPlan? plan = await ledger.ReadAsync(
            transaction => transaction.Table<Unit>().Find(unitId) is { IsAdmitted: true } unit ? UnitConfigurations.Plan(transaction, unit) : null,
            cancellationToken);
        if (plan is null) return Timeout.InfiniteTimeSpan;
        UnitProgress found = Find(progress => Compare(progress, plan.Unit));
        if (!found.IsAhead && IsPushDue(found, plan)) found = await PushAsync(cancellationToken);
        if (found.IsAhead) return await LeaveAloneAsync(plan.Unit, cancellationToken);
        _announcedAhead = false;
        if (found.AppliedGeneration == plan.Unit.WantedGeneration)
        {
            // A unit refuses another content under the same generation, so what it serves is what is wanted.
            if (found.Reached?.Generation != plan.Unit.WantedGeneration) Find(progress => progress with { Reached = UnitConfigurations.ToDocument(plan) });
            if (plan.Unit.Phase == UnitPhase.Joining) await ReadyAsync(cancellationToken);
            await UnearthAsync(plan.Unit, cancellationToken);
            if (await DropDiscardsAsync(cancellationToken)) Wake();
            await SendHelpHomeAsync(plan.Unit, cancellationToken);
            return Timeout.InfiniteTimeSpan;
        }

        return found.Failures == 0 ? ApplyPatience : found.Failures >= FailuresMax ? CalmRetry : FirstRetry * (1 << (found.Failures - 1));
    }

    // An answer may be lost on its way: what it says of things that are being made is asked for again.
    private static bool IsPushDue(UnitProgress found, UnitPlan plan) =>
        found.AppliedGeneration < plan.Unit.WantedGeneration || (plan.Makes && found.Answer.Generation < plan.Unit.WantedGeneration);

    private async Task EnquireAsync(CancellationToken cancellationToken)
    {
        try
        {
            UnitInventory inventory = await links.EnquireAsync(unitId, cancellationToken);
            IntakeFindings taken = await ledger.WriteAsync((transaction, now) => UnitIntake.Take(transaction, now, unitId, inventory), cancellationToken);
            Disks = inventory.Disks ?? [];
            Image = inventory.Image;
            UnservedLegs = taken.HasUnserved ? await FindUnservedAsync(cancellationToken) : [];
            Find(progress => progress with { UnknownLegs = taken.UnknownLegs });
            enquired.Pulse();
        }
        catch
        {
            lock (_found) _enquiryDue = true;
            throw;
        }
    }

    private async Task<IReadOnlyList<FoundLeg>> FindUnservedAsync(CancellationToken cancellationToken)
    {
        List<FoundLeg> legs = [];
        for (FoundLegPage page = await links.LegsAsync(unitId, Guid.Empty, unservedOnly: true, cancellationToken); ;
            page = await links.LegsAsync(unitId, legs[^1].LegId, unservedOnly: true, cancellationToken))
        {
            if (page.Items is null || page.Items.Any(leg => leg is null)) throw new InvalidDataException("The unit described legs that cannot be.");
            legs.AddRange(page.Items);
            if (!page.More || page.Items.Count == 0) return legs;
        }
    }

    private async Task<UnitProgress> PushAsync(CancellationToken cancellationToken)
    {
        if (await ledger.ReadAsync(transaction => UnitConfigurations.Decide(transaction, unitId), cancellationToken) is not { } decided) return Progress;
        UnitPlan plan = decided.Plan;
        long generation = plan.Unit.WantedGeneration;
        Find(progress => progress with { PushedGeneration = generation });
        ConfigurationPush push = UnitConfigurations.ToPush(decided, protector, authority);
        ConfigurationStatus status;
        try
        {
            status = await links.PushAsync(unitId, push, cancellationToken);
        }
        catch (GenerationRefusedException)
        {
            return Find(progress => progress with { HasNewerGeneration = true });
        }

        if (status.Conditions is null) throw new InvalidDataException($"{plan.Unit.Name} answered a push without conditions.");
        bool refused = status.AppliedGeneration < generation && status.Conditions.Count > 0;
        UnitProgress found = Find(progress => Compare(
            progress with
            {
                AcceptedGeneration = status.Generation,
                AppliedGeneration = status.AppliedGeneration,
                Reached = status.Generation == generation ? push.Configuration : progress.Reached,
                Answer = PushAnswer.Of(status),
                Failures = refused ? progress.Failures + 1 : 0,
                Failure = refused ? status.Conditions[0].Message : null,
            },
            plan.Unit));
        if (found.Failures == FailuresMax)
            await CallForHelpAsync($"It could not apply its configuration {FailuresMax} times: {status.Conditions[0].Message}", "Mend what it reports", cancellationToken);
        return found;
    }

    private async Task UnearthAsync(Unit unit, CancellationToken cancellationToken)
    {
        string key = unit.Id.ToString();
        bool hasLeftovers = await ledger.ReadAsync(
            transaction => transaction.Table<Leftover>().CountWhere(Lookups.LeftoverUnit, key) > 0
                || transaction.Table<LunTombstone>().Where(Lookups.TombstoneUnit, key).Any(tombstone => tombstone.FreedAt == LunTombstone.StillServed),
            cancellationToken);
        if (!hasLeftovers) return;
        await ledger.WriteAsync((transaction, now) => transaction.Unearth(unit.Id, unit.WantedGeneration, now), cancellationToken);
        if (UnservedLegs.Count > 0) Enquire();
    }

    private async Task<bool> DropDiscardsAsync(CancellationToken cancellationToken) =>
        await ledger.ReadAsync(transaction => Orphans.HasDiscards(transaction, unitId), cancellationToken)
        && await ledger.WriteAsync(
            (transaction, now) => transaction.Table<Unit>().Find(unitId) is { } unit && Progress.AppliedGeneration == unit.WantedGeneration && Orphans.DropDiscards(transaction, now, unit),
            cancellationToken);

    private Task<bool> ReadyAsync(CancellationToken cancellationToken) => ledger.WriteAsync(
        (transaction, now) => UnitIntake.Ready(transaction, now, unitId),
        cancellationToken);

    private async Task CallForHelpAsync(string happened, string nextAction, CancellationToken cancellationToken)
    {
        _helpIsDue = true;
        await ledger.WriteAsync(
            (transaction, now) =>
            {
                if (transaction.Table<Unit>().Find(unitId) is not { } unit) return false;
                string message = $"{unit.Name}: {happened} {nextAction}; it is tried again at least once a minute.";
                transaction.AppendEvent(now, UnitHelp.Kind, $"unit/{unitId}", message);
                UnitHelp.Set(transaction, now, unit, message);
                return true;
            },
            cancellationToken);
    }

    // A station that starts does not know whether it called before.
    private async Task SendHelpHomeAsync(Unit unit, CancellationToken cancellationToken)
    {
        if (!_helpIsDue) return;
        if (await ledger.ReadAsync(transaction => UnitHelp.IsCalled(transaction, unitId), cancellationToken))
        {
            await ledger.WriteAsync(
                (transaction, now) =>
                {
                    UnitHelp.Set(transaction, now, unit, message: null);
                    return true;
                },
                cancellationToken);
        }

        _helpIsDue = false;
    }

    private static UnitProgress Compare(UnitProgress progress, Unit unit) =>
        Math.Max(progress.AcceptedGeneration, progress.AppliedGeneration) > unit.WantedGeneration ? progress with { HasNewerGeneration = true } : progress;

    // What the unit has and the station does not know of may be the only record of a volume, so a person decides. Legs are looked for
    // again: one that was being removed while the unit was asked is gone then.
    private async Task<TimeSpan> LeaveAloneAsync(Unit unit, CancellationToken cancellationToken)
    {
        lock (_found) _enquiryDue = true;
        if (_announcedAhead) return CalmRetry;
        log.Warning($"Unit {unitId} knows more than the station; nothing is pushed to it.");
        await ledger.WriteAsync(
            (transaction, now) => transaction.AppendEvent(now, "unit.generation-refused", $"unit/{unitId}", Views.AheadMessage(unit)),
            cancellationToken);
        _announcedAhead = true;
        return CalmRetry;
    }

    private bool TakeEnquiry()
    {
        lock (_found)
        {
            bool due = _enquiryDue;
            _enquiryDue = false;
            return due;
        }
    }

    private UnitProgress Find(Func<UnitProgress, UnitProgress> change)
    {
        UnitProgress before, after;
        lock (_found)
        {
            before = _progress;
            _progress = after = change(before);
        }

        if (after != before) Changed.Pulse();
        return after;
    }
}
