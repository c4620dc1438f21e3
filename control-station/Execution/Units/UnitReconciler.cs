using VSan.Contracts.UnitLink;
using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>
/// Makes one unit match its plan. Takes no input: whenever it is woken it looks at what is wanted and what was found, and acts.
/// Owned by its own loop; the On… methods may be called from anywhere and only leave word.
/// <code>
/// connected ─► enquiry ─► stores join the pool ─► push ─► applied ─► (first time) ready
///                                                  ▲  └─ refused: back off, five times, then once a minute with a call for help
///                                                  ├──── wanted generation rose, or the unit fell behind
///                                                  └──── unit is ahead: gone past, or left alone when it keeps legs that are unknown here
/// </code>
/// </summary>
internal sealed class UnitReconciler(Guid unitId, Ledger ledger, IUnitLinks links, ISecretProtector protector, TimeProvider time, IStationLog log)
{
    /// <summary>Failed pushes before a person is called and operations give up: three seconds of trying.</summary>
    public const int FailuresMax = 5;

    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan CalmRetry = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ApplyPatience = TimeSpan.FromSeconds(1);

    private readonly Signal _wake = new();
    private readonly Lock _found = new();
    private UnitProgress _progress = UnitProgress.Unknown;
    private bool _enquiryDue = true;
    private volatile bool _forgotten;
    private Guid[] _legsAtEnquiry = [];
    private bool _standsBack;

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

    /// <summary>Something may be wanted that was not before.</summary>
    public void Wake() => _wake.Pulse();

    /// <summary>A connection stands; what was known of the last one counts no more.</summary>
    public void OnConnected()
    {
        lock (_found) _enquiryDue = true;
        Find(_ => UnitProgress.Unknown with { Connected = true });
        Wake();
    }

    /// <summary>The connection ended.</summary>
    public void OnDisconnected() => Find(progress => progress with { Connected = links.IsConnected(unitId) });

    /// <summary>The unit was forgotten; the loop ends.</summary>
    public void OnForgotten()
    {
        _forgotten = true;
        Wake();
    }

    /// <summary>The unit said where it stands. A report written before the last push says nothing about it.</summary>
    public void OnReport(ConfigurationStatus status)
    {
        UnitProgress before = Progress;
        if (status.Generation < before.AcceptedGeneration || status.AppliedGeneration == before.AppliedGeneration) return;
        Find(progress => progress with { AcceptedGeneration = status.Generation, AppliedGeneration = status.AppliedGeneration });
        Wake();
    }

    /// <summary>Reconciles until cancelled or forgotten.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!_forgotten)
        {
            Task woken = _wake.Next;
            TimeSpan again = await TryReconcileAsync(cancellationToken).ConfigureAwait(false);
            using CancellationTokenSource waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(woken, Task.Delay(again, time, waiting.Token)).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            await waiting.CancelAsync().ConfigureAwait(false);
        }
    }

    // One unit that answers nonsense must not stop the others, so whatever its conversation throws ends here, logged whole.
    private async Task<TimeSpan> TryReconcileAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await ReconcileAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (GenerationRefusedException refused)
        {
            log.Warning($"Unit {unitId} has a newer configuration than the station.", refused);
            return await GoPastAsync(Progress.PushedGeneration + 1, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is HttpRequestException or IOException or TimeoutException or InvalidDataException or InvalidOperationException
            || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            log.Warning($"Reconciling unit {unitId} failed.", error);
            return links.IsConnected(unitId) ? ApplyPatience : Timeout.InfiniteTimeSpan;
        }
    }

    private async Task<TimeSpan> ReconcileAsync(CancellationToken cancellationToken)
    {
        if (!links.IsConnected(unitId)) return Timeout.InfiniteTimeSpan;
        Find(progress => progress with { Connected = true });
        if (TakeEnquiry()) await EnquireAsync(cancellationToken).ConfigureAwait(false);

        UnitPlan? plan = await ledger.ReadAsync(
            transaction => transaction.Table<Unit>().Find(unitId) is { Phase: not UnitPhase.Pending } unit ? UnitConfigurations.Plan(transaction, unit) : null,
            cancellationToken).ConfigureAwait(false);
        if (plan is null || _standsBack) return Timeout.InfiniteTimeSpan;
        UnitProgress found = Progress;
        if (found.AppliedGeneration < plan.Unit.WantedGeneration) found = await PushAsync(plan, cancellationToken).ConfigureAwait(false);
        if (found.AppliedGeneration > plan.Unit.WantedGeneration || found.AcceptedGeneration > plan.Unit.WantedGeneration)
            return await GoPastAsync(Math.Max(found.AppliedGeneration, found.AcceptedGeneration) + 1, cancellationToken).ConfigureAwait(false);

        if (found.AppliedGeneration == plan.Unit.WantedGeneration)
        {
            if (plan.Unit.Phase == UnitPhase.Joining) await ReadyAsync(cancellationToken).ConfigureAwait(false);
            return Timeout.InfiniteTimeSpan;
        }

        return found.Failures == 0 ? ApplyPatience : found.Failures >= FailuresMax ? CalmRetry : FirstRetry * (1 << (found.Failures - 1));
    }

    private async Task EnquireAsync(CancellationToken cancellationToken)
    {
        try
        {
            UnitInventory inventory = await links.EnquireAsync(unitId, cancellationToken).ConfigureAwait(false);
            _legsAtEnquiry = [.. inventory.Stores.SelectMany(store => store.LegIds)];
            await ledger.WriteAsync((transaction, now) => UnitIntake.Take(transaction, now, unitId, inventory), cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            lock (_found) _enquiryDue = true;
            throw;
        }
    }

    private async Task<UnitProgress> PushAsync(UnitPlan plan, CancellationToken cancellationToken)
    {
        long generation = plan.Unit.WantedGeneration;
        Find(progress => progress with { PushedGeneration = generation });
        ConfigurationStatus status = await links.PushAsync(unitId, UnitConfigurations.ToPush(plan, protector), cancellationToken).ConfigureAwait(false);
        bool refused = status.AppliedGeneration < generation && status.Conditions.Count > 0;
        UnitProgress found = Find(progress => progress with
        {
            AcceptedGeneration = status.Generation,
            AppliedGeneration = status.AppliedGeneration,
            Failures = refused ? progress.Failures + 1 : 0,
            Failure = refused ? status.Conditions[0].Message : null,
        });
        if (found.Failures == FailuresMax) await CallForHelpAsync(plan.Unit, $"{plan.Unit.Name} could not apply its configuration {FailuresMax} times: {status.Conditions[0].Message} It is tried once a minute.", cancellationToken).ConfigureAwait(false);
        return found;
    }

    private Task<bool> ReadyAsync(CancellationToken cancellationToken) => ledger.WriteAsync(
        (transaction, now) => UnitIntake.Ready(transaction, now, unitId),
        cancellationToken);

    private Task<EventRecord> CallForHelpAsync(Unit unit, string message, CancellationToken cancellationToken) => ledger.WriteAsync(
        (transaction, now) => transaction.AppendEvent(
            now,
            "unit.needs-operator",
            $"unit/{unit.Id}",
            message),
        cancellationToken);

    /// <summary>
    /// The unit is ahead of the station. One that enrolled anew has no legs, and is handed the next generation. One that keeps legs which the
    /// station does not know was served by a later state of this station: the backup is older than the data, and a push would delete it.
    /// </summary>
    private async Task<TimeSpan> GoPastAsync(long generation, CancellationToken cancellationToken)
    {
        UnitPlan? plan = await ledger.ReadAsync(
            transaction => transaction.Table<Unit>().Find(unitId) is { } unit ? UnitConfigurations.Plan(transaction, unit) : null,
            cancellationToken).ConfigureAwait(false);
        if (plan is null) return Timeout.InfiniteTimeSpan;
        Guid[] unknown = [.. _legsAtEnquiry.Except(plan.Legs.Select(planned => planned.Leg.Id))];
        if (unknown.Length == 0)
        {
            await RaiseGenerationAsync(generation, cancellationToken).ConfigureAwait(false);
            return FirstRetry;
        }

        string message = $"{plan.Unit.Name} has a newer configuration and {unknown.Length} legs that this station does not know; it is left as it is. "
            + "Restore the station from its newest backup.";
        _standsBack = true;
        Find(progress => progress with { Failures = FailuresMax, Failure = message });
        await CallForHelpAsync(plan.Unit, message, cancellationToken).ConfigureAwait(false);
        return Timeout.InfiniteTimeSpan;
    }

    private Task<bool> RaiseGenerationAsync(long generation, CancellationToken cancellationToken) => ledger.WriteAsync(
        (transaction, _) =>
        {
            if (transaction.Table<Unit>().Find(unitId) is { } unit && unit.WantedGeneration < generation)
                transaction.Table<Unit>().Update(unit with { WantedGeneration = generation });
            return true;
        },
        cancellationToken);

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
