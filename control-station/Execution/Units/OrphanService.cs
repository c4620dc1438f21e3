using VSan.Contracts.Api;
using VSan.Station.Domain;
using Unit = VSan.Station.Domain.Unit;
using Volume = VSan.Contracts.Api.Volume;

namespace VSan.Station.Execution;

/// <summary>
/// Legs on units that no volume knows. They are quarantined: no unit serves one, and none is deleted unless a person says so.
/// <code>
///   quarantined ──adopt──► legs of a volume
///        └──────delete──► kept by the unit's document ──served──► dropped by the next one ──► gone
/// </code>
/// </summary>
public sealed class OrphanService
{
    private readonly Ledger _ledger;
    private readonly UnitReconcilers _reconcilers;
    private readonly ICertificateAuthority _authority;
    private readonly Views _views;

    internal OrphanService(Ledger ledger, UnitReconcilers reconcilers, ICertificateAuthority authority, Views views)
    {
        _ledger = ledger;
        _reconcilers = reconcilers;
        _authority = authority;
        _views = views;
    }

    /// <summary>The orphans of one page of units, as the units last described them.</summary>
    public Task<OrphanPage> ListAsync(Caller caller, ListQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return _ledger.ReadAsync(
            transaction =>
            {
                OrphanFindings findings = Findings(transaction);
                (IReadOnlyList<Orphan[]> units, string? next) = transaction.List<Unit, Orphan[]>(
                    caller, "orphan.read", query, Lookups.UnitName, unit => unit.IsAdmitted ? [.. findings.On(unit).Select(findings.View)] : []);
                return new OrphanPage([.. units.SelectMany(orphans => orphans)], next);
            },
            cancellationToken);
    }

    /// <summary>Makes a volume again of an orphan and the other legs that its volume had. No host has it.</summary>
    public async Task<Volume> AdoptAsync(Caller caller, Guid legId, OrphanAdopt request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        Volume volume = await _ledger.MutateAsync(caller, "orphan.adopt", $"orphan/{legId}", (transaction, now) => Adopt(transaction, now, legId, request), cancellationToken);
        foreach (Guid unitId in volume.Legs.Select(leg => leg.UnitId).Distinct()) _reconcilers.Of(unitId).Enquire();
        return volume;
    }

    /// <summary>Gives an orphan up: its unit deletes it. Asking again changes nothing.</summary>
    public async Task<Orphan> DeleteAsync(Caller caller, Guid legId, CancellationToken cancellationToken)
    {
        Orphan orphan = await _ledger.MutateAsync(caller, "orphan.delete", $"orphan/{legId}", (transaction, now) => Delete(transaction, now, caller, legId), cancellationToken);
        _reconcilers.Of(orphan.UnitId).Enquire();
        return orphan;
    }

    private Volume Adopt(IStationTransaction transaction, DateTimeOffset now, Guid legId, OrphanAdopt request)
    {
        OrphanFindings findings = Findings(transaction);
        OrphanFindings.Finding finding = Require(transaction, findings, legId);
        if (findings.Obstacle(finding) is { } obstacle) throw new ProblemException("orphan-not-adoptable", obstacle, "See 'vsan orphan list' for each leg that is there.");
        OrphanFindings.Finding[] legs = [.. findings.OfVolume(finding.Record!.Volume.VolumeId).OrderBy(leg => leg.Record!.Index)];
        foreach (OrphanFindings.Finding leg in legs)
        {
            RequireUndisturbed(leg);
            transaction.Table<LegTombstone>().Delete(leg.Leg.LegId);
        }

        Domain.Volume volume = new VolumeRebuilding(transaction, now).Rebuild([.. legs.Select(leg => leg.Record!)], request.Name, request.Project);
        foreach (Guid unitId in legs.Select(leg => leg.Unit.Id).Distinct()) transaction.RaiseGeneration(unitId);
        transaction.AppendEvent(now, "orphan.adopted", $"volume/{volume.Id}", $"Volume {volume.Name} was made again of {legs.Length} orphaned legs.");
        return _views.Volume(transaction, volume);
    }

    private Orphan Delete(IStationTransaction transaction, DateTimeOffset now, Caller caller, Guid legId)
    {
        OrphanFindings findings = Findings(transaction);
        OrphanFindings.Finding finding = Require(transaction, findings, legId);
        if (finding.Grave is { Discard: true }) return findings.View(finding);
        RequireUndisturbed(finding);
        if (!finding.Leg.IsOurs)
            throw new ProblemException("orphan-not-ours", $"{finding.Unit.Name} has no description of leg {legId}, so that it is perhaps nobody's leg at all, and it deletes nothing of that kind.", "Move or delete the file by hand on the unit.");
        string volumeName = finding.Record?.Volume.Name ?? string.Empty;
        LegTombstone grave = finding.Grave is { } kept
            ? transaction.Table<LegTombstone>().Update(kept with { Discard = true })
            : transaction.Table<LegTombstone>().Insert(new LegTombstone(legId, finding.Unit.Id, finding.Leg.StoreId, volumeName, finding.Leg.LengthBytes, now) { Discard = true });
        transaction.RaiseGeneration(finding.Unit.Id);
        transaction.AppendEvent(now, "orphan.given-up", $"unit/{finding.Unit.Id}", $"{caller.Name} lets {finding.Unit.Name} delete leg {legId}.");
        return findings.View(finding with { Grave = grave });
    }

    // A leg that a volume has is no orphan, whoever asks: the answer names the volume.
    private static OrphanFindings.Finding Require(IStationTransaction transaction, OrphanFindings findings, Guid legId)
    {
        Domain.Leg? leg = transaction.Table<Domain.Leg>().Find(legId);
        if (leg is not null && transaction.Table<Domain.Volume>().Find(leg.VolumeId) is { } volume)
            throw new ProblemException("orphan-known", $"Leg {legId} belongs to volume {volume.Name}.", $"Nothing was changed; remove the volume if it is not wanted: 'vsan volume delete {volume.Name}'.");
        if (transaction.Table<SnapshotLeg>().Find(legId) is not null)
            throw new ProblemException("orphan-known", $"Leg {legId} belongs to a snapshot.", "Nothing was changed; remove the snapshot if it is not wanted.");
        return findings.Find(legId) ?? throw ProblemException.NotFound("orphan", legId);
    }

    private void RequireUndisturbed(OrphanFindings.Finding finding)
    {
        if (finding.Grave is { Discard: true }) throw new ProblemException("orphan-not-adoptable", $"Leg {finding.Leg.LegId} is being deleted.", "Nothing: it was given up.");
        if (_reconcilers.ProgressOf(finding.Unit.Id).IsAhead) throw new ProblemException("generation-refused", Views.AheadMessage(finding.Unit), Views.AheadAction);
    }

    private OrphanFindings Findings(IStationTransaction transaction) => new(transaction, _reconcilers, _authority);
}
