using System.Collections.Concurrent;
using VSan.Contracts.UnitLink;
using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>One reconciler for each admitted unit.</summary>
internal sealed class UnitReconcilers(Ledger ledger, IUnitLinks links, ISecretProtector protector, ICertificateAuthority authority, TimeProvider time, IStationLog log)
{
    private readonly ConcurrentDictionary<Guid, UnitReconciler> _reconcilers = new();
    private readonly WorkSet _work = new();

    /// <summary>Pulses when a unit has described itself.</summary>
    public Signal Enquired { get; } = new();

    /// <summary>A unit's disks, as it last described them.</summary>
    public IReadOnlyList<DiskInventory> DisksOf(Guid unitId) => _reconcilers.TryGetValue(unitId, out UnitReconciler? reconciler) ? reconciler.Disks : [];

    /// <summary>The image that a unit runs, as it last described it.</summary>
    public ImageInventory? ImageOf(Guid unitId) => _reconcilers.TryGetValue(unitId, out UnitReconciler? reconciler) ? reconciler.Image : null;

    /// <summary>Legs on a unit that it does not serve, as it last described them.</summary>
    public IReadOnlyList<FoundLeg> UnservedLegsOf(Guid unitId) => _reconcilers.TryGetValue(unitId, out UnitReconciler? reconciler) ? reconciler.UnservedLegs : [];

    /// <summary>The reconciler of a unit; it is started when it is first asked for.</summary>
    public UnitReconciler Of(Guid unitId) => _reconcilers.GetOrAdd(unitId, id =>
    {
        UnitReconciler reconciler = new(id, ledger, links, protector, authority, time, log, Enquired);
        _work.Add(id, reconciler.RunAsync);
        return reconciler;
    });

    /// <summary>What the reconciler of a unit has found; nothing when it has none yet.</summary>
    public UnitProgress ProgressOf(Guid unitId) => _reconcilers.TryGetValue(unitId, out UnitReconciler? reconciler) ? reconciler.Progress : UnitProgress.Unknown;

    /// <summary>Throws <c>generation-refused</c> when a unit knows more than the station: a change now would overwrite what it knows.</summary>
    public void RequireInStep(IStationTransaction transaction, Guid unitId)
    {
        if (ProgressOf(unitId).IsAhead)
            throw new ProblemException("generation-refused", Views.AheadMessage(transaction.Require<Unit>(unitId, "unit")), Views.AheadAction);
    }

    /// <summary>A unit was forgotten.</summary>
    public void Forget(Guid unitId)
    {
        if (_reconcilers.TryGetValue(unitId, out UnitReconciler? reconciler)) reconciler.OnForgotten();
    }

    /// <summary>Runs all until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        Guid[] admitted = await ledger.ReadAsync(
            transaction => transaction.Table<Unit>().Page(after: null, int.MaxValue).Where(unit => unit.IsAdmitted).Select(unit => unit.Id).ToArray(),
            cancellationToken);
        foreach (Guid id in admitted) Of(id);
        await _work.RunAsync(cancellationToken);
    }
}
