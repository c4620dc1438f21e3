using VSan.Contracts.Api;
using VSan.Station.Domain;
using Operation = VSan.Contracts.Api.Operation;
using Unit = VSan.Contracts.Api.Unit;

namespace VSan.Station.Execution;

/// <summary>The verbs of a unit's life. What closes the door to a unit also cuts the connection that it has.</summary>
public sealed partial class UnitService
{
    // Ten times the share of a unit of the same capacity: past that, labels and policies say better what is meant.
    private const int WeightMax = 1000;

    /// <summary>Lets in a unit that waits, was set aside, or was retired; it gets its certificate when it asks next.</summary>
    public Task<Unit> ApproveAsync(Caller caller, Guid id, CancellationToken cancellationToken) => StepAsync(
        caller, "unit.approve", id, UnitStep.Approve, unit => unit with { Cordoned = false }, "unit.approved", "was approved", cancellationToken);

    /// <summary>Places nothing new on a unit; what lies there is served on. Works in every phase.</summary>
    public Task<Unit> CordonAsync(Caller caller, Guid id, CancellationToken cancellationToken) => StepAsync(
        caller, "unit.cordon", id, step: null, unit => unit with { Cordoned = true }, "unit.cordoned", "was cordoned", cancellationToken);

    /// <summary>Lets new volumes on a unit again; a unit that was being drained is ready again.</summary>
    public Task<Unit> UncordonAsync(Caller caller, Guid id, CancellationToken cancellationToken) => StepAsync(
        caller, "unit.uncordon", id, UnitStep.Uncordon, unit => unit with { Cordoned = false }, "unit.uncordoned", "was uncordoned", cancellationToken);

    /// <summary>Cordons a unit and starts the operation that empties it. Asked again, it is the one that does, or did, so.</summary>
    public async Task<Operation> DrainAsync(Caller caller, Guid id, CancellationToken cancellationToken)
    {
        Domain.Operation operation = await _ledger.MutateAsync(
            caller,
            "unit.drain",
            $"unit/{id}",
            (transaction, now) =>
            {
                Domain.Unit unit = transaction.Require<Domain.Unit>(id, "unit");
                if (transaction.RunningOn(id, OperationCatalog.UnitDrain) is { Undoing: false } running) return running;
                if (unit.Phase == UnitPhase.Drained && LastDrain(transaction, id) is { } done) return done;
                UnitPhase phase = UnitLife.Next(unit.Phase, UnitStep.Drain) ?? throw Refuse(unit, UnitStep.Drain);
                unit = transaction.Table<Domain.Unit>().Update(unit with { Phase = phase, Cordoned = true });
                transaction.AppendEvent(now, "unit.draining", $"unit/{id}", $"{unit.Name} is being drained by {caller.Name}.");
                return _engine.Start(transaction, now, caller, UnitRecipes.Drain(unit));
            },
            cancellationToken);
        _engine.Nudge(operation);
        return OperationViews.Of(operation);
    }

    /// <summary>Takes an empty unit out of service. Its certificate opens nothing any more; its row and name stay.</summary>
    public async Task<Unit> RetireAsync(Caller caller, Guid id, CancellationToken cancellationToken)
    {
        // A repetition must not cut off a unit that was approved again since.
        bool retires = false;
        Unit retired = await StepAsync(caller, "unit.retire", id, UnitStep.Retire, Retire, "unit.retired", "was retired", cancellationToken, RequireEmpty);
        if (retires) Shut(id);
        return retired;

        Domain.Unit Retire(Domain.Unit unit)
        {
            retires = true;
            return unit with { Cordoned = true };
        }
    }

    /// <summary>
    /// Sets a unit aside because two machines were alive with its identity: neither is believed until a person has looked. Asked for by
    /// the link, which has heard both.
    /// </summary>
    /// <param name="id">The identity.</param>
    /// <param name="peers">Whence the two connections came, for the person.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task QuarantineAsync(Guid id, string peers, CancellationToken cancellationToken)
    {
        await _ledger.WriteAsync(
            (transaction, now) =>
            {
                if (transaction.Table<Domain.Unit>().Find(id) is not { } unit || UnitLife.Next(unit.Phase, UnitStep.Quarantine) is not { } phase) return false;
                transaction.Table<Domain.Unit>().Update(unit with { Phase = phase });
                transaction.AppendEvent(
                    now,
                    "unit.cloned",
                    $"unit/{id}",
                    $"Alarm: two machines are alive with the identity of {unit.Name} ({peers}). Both are cut off; what they serve may differ. Switch one off and erase its state directory, then approve {unit.Name} again.");
                transaction.AppendAudit(now, "station", "unit.quarantine", $"unit/{id}", "granted");
                return true;
            },
            cancellationToken);
        Shut(id);
    }

    /// <summary>Labels a unit; what was there before is replaced.</summary>
    public Task<Unit> LabelAsync(Caller caller, Guid id, LabelSet request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return _ledger.MutateAsync(
            caller,
            "unit.label",
            $"unit/{id}",
            (transaction, now) =>
            {
                IReadOnlyDictionary<string, string> labels = Labels.Check(request.Labels, "/labels");
                Domain.Unit unit = transaction.Table<Domain.Unit>().Update(transaction.Require<Domain.Unit>(id, "unit") with { Labels = labels });
                transaction.AppendEvent(now, "unit.labelled", $"unit/{id}", $"{unit.Name} was labelled by {caller.Name}.");
                return _views.Unit(transaction, unit);
            },
            cancellationToken);
    }

    /// <summary>Sets a unit's share of new legs. Without any it is a spare: enrolled, and empty until it is taken into service.</summary>
    public Task<Unit> WeighAsync(Caller caller, Guid id, WeightSet request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        string happened = request.Weight == 0 ? "is a spare now" : $"has weight {request.Weight} now";
        return StepAsync(caller, "unit.weight", id, step: null, unit => unit with { Weight = request.Weight, StandsInFor = request.Weight == 0 ? null : unit.StandsInFor }, "unit.weighed", happened, cancellationToken, (_, _) => RequireWeight(request.Weight));
    }

    /// <summary>
    /// Forgets a unit, within reach or not. Its stores leave the pool and its certificate opens nothing any more. A unit that holds legs is
    /// forgotten only with <paramref name="abandon"/>: its volumes lose them, and the unit keeps the files unserved if it returns.
    /// </summary>
    public async Task ForgetAsync(Caller caller, Guid id, bool abandon, CancellationToken cancellationToken)
    {
        // A repetition must not cut off a unit that has joined again since.
        bool forgets = false;
        await _ledger.MutateAsync(caller, "unit.forget", $"unit/{id}", (transaction, now) => forgets = new Forgetting(transaction, now).Forget(id, abandon), cancellationToken);
        if (!forgets) return;
        _reconcilers.Forget(id);
        Shut(id);
    }

    /// <summary>Gives up the legs that a forgotten unit brought back: it deletes their files once it serves all that is wanted of it.</summary>
    public async Task<Unit> DiscardAsync(Caller caller, Guid id, CancellationToken cancellationToken)
    {
        Unit unit = await _ledger.MutateAsync(
            caller,
            "unit.discard",
            $"unit/{id}",
            (transaction, now) =>
            {
                foreach (LegTombstone grave in transaction.Table<LegTombstone>().Where(Lookups.LegTombstoneUnit, id.ToString()))
                    if (!grave.Discard) transaction.Table<LegTombstone>().Update(grave with { Discard = true });
                return _views.Unit(transaction, transaction.Require<Domain.Unit>(id, "unit"));
            },
            cancellationToken);
        _reconcilers.Of(id).Wake();
        return unit;
    }

    private Task<Unit> StepAsync(
        Caller caller,
        string action,
        Guid id,
        UnitStep? step,
        Func<Domain.Unit, Domain.Unit> change,
        string happened,
        string sentence,
        CancellationToken cancellationToken,
        Action<IStationTransaction, Domain.Unit>? require = null) => _ledger.MutateAsync(
        caller,
        action,
        $"unit/{id}",
        (transaction, now) =>
        {
            Domain.Unit unit = transaction.Require<Domain.Unit>(id, "unit");
            UnitPhase phase = step is { } asked ? UnitLife.Next(unit.Phase, asked) ?? throw Refuse(unit, asked) : unit.Phase;
            require?.Invoke(transaction, unit);
            Domain.Unit next = change(unit) with { Phase = phase };
            if (next == unit) return _views.Unit(transaction, unit);
            next = transaction.Table<Domain.Unit>().Update(next);
            transaction.AppendEvent(now, happened, $"unit/{id}", $"{unit.Name} {sentence} by {caller.Name}.");
            return _views.Unit(transaction, next);
        },
        cancellationToken);

    private static ProblemException Refuse(Domain.Unit unit, UnitStep step) => step == UnitStep.Approve
        ? new ProblemException("unit-not-pending", $"{unit.Name} was admitted already.")
        : new ProblemException("unit-phase", $"{unit.Name} is {unit.Phase.ToString().ToLowerInvariant()}.", "Look at the unit's state, and approve it first if it waits.");

    private static Domain.Operation? LastDrain(IStationTransaction transaction, Guid id) => transaction.Table<Domain.Operation>()
        .Where(Lookups.OperationSubject, id.ToString()).LastOrDefault(operation => operation is { Kind: OperationCatalog.UnitDrain, State: Domain.OperationState.Succeeded });

    private static void RequireWeight(int weight)
    {
        if (weight is < 0 or > WeightMax) throw ProblemException.Field("/weight", $"must be 0 to {WeightMax}.");
    }

    private static void RequireEmpty(IStationTransaction transaction, Domain.Unit unit)
    {
        int coming = transaction.Table<LegMove>().CountWhere(Lookups.LegMoveTo, unit.Id.ToString());
        if (coming > 0) throw new ProblemException("unit-in-use", $"{coming} legs are on their way to {unit.Name}.", "Await or cancel the operations that move them.");
        if (ServiceKinds.HoldingsOf(transaction, unit.Id) is { } holdings) throw new ProblemException("unit-in-use", $"{unit.Name} keeps {holdings}.", "Drain it, or remove what lies there first.");
    }

    private void Shut(Guid id)
    {
        _presence.Forget(id);
        _links.End(id);
    }
}
