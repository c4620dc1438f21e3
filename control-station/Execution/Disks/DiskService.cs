using VSan.Contracts.Api;
using VSan.Contracts.UnitLink;

namespace VSan.Station.Execution;

/// <summary>Disks of units: looks, claims, releases. A claim is by hand unless a rule says otherwise (<see cref="ClaimRuleService"/>).</summary>
public sealed class DiskService
{
    private readonly Ledger _ledger;
    private readonly UnitReconcilers _reconcilers;
    private readonly OperationEngine _engine;

    internal DiskService(Ledger ledger, UnitReconcilers reconcilers, OperationEngine engine)
    {
        _ledger = ledger;
        _reconcilers = reconcilers;
        _engine = engine;
    }

    /// <summary>The disks of one page of units, as the units last described them.</summary>
    public Task<DiskPage> ListAsync(Caller caller, ListQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return _ledger.ReadAsync(
            transaction =>
            {
                DiskClaiming claims = new(transaction, default, _engine);
                (IReadOnlyList<Disk[]> units, string? next) = transaction.List<Domain.Unit, Disk[]>(caller, "disk.read", query, Lookups.UnitName, unit => [.. Disks(claims, unit)]);
                return new DiskPage([.. units.SelectMany(disks => disks)], next);
            },
            cancellationToken);
    }

    /// <summary>Claims disks, or says what would be claimed.</summary>
    public async Task<DiskClaimResult> ClaimAsync(Caller caller, DiskClaimCreate request, string? idempotencyKey, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(request);
        if ((request.DiskIds is null) == (request.Selector is null)) throw ProblemException.Field("/diskIds", "or a selector must be given, and not both.");
        if (request.DiskIds is not null && request.UnitId is null) throw ProblemException.Field("/unitId", "must be given with /diskIds.");
        string subject = request.UnitId is { } id ? $"unit/{id}" : "disk";
        if (request.DryRun == true)
            return await _ledger.ReadAsync(caller, "disk.claim", subject, transaction => new DiskClaimResult(Judge(transaction, request), []), cancellationToken);
        List<Domain.Operation> started = [];
        DiskClaimResult result = await _ledger.MutateAsync(
            caller.Asking(idempotencyKey, request, ApiJson.Default.DiskClaimCreate),
            "disk.claim",
            subject,
            (transaction, now) => Claim(transaction, now, caller, request, started),
            cancellationToken);
        foreach (Domain.Operation operation in started) _engine.Nudge(operation);
        return result;
    }

    /// <summary>Takes a disk back from the pool. Its store must hold no leg; the disk keeps the empty store until it is wiped by hand.</summary>
    public async Task ReleaseAsync(Caller caller, DiskRelease request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        Guid unitId = await _ledger.MutateAsync(
            caller,
            "disk.release",
            "disk",
            (transaction, now) =>
            {
                Domain.DiskClaim claim = transaction.Require<Domain.DiskClaim>(request.StoreId, "claimed disk of store");
                if (ServiceKinds.HoldingsOf(transaction, claim.UnitId, claim.Id) is { } holdings)
                    throw new ProblemException("store-in-use", $"The store on disk {claim.DiskId} keeps {holdings}.", "Move or remove what lies there first.");
                transaction.Table<Domain.DiskClaim>().Delete(claim.Id);
                transaction.Table<Domain.Store>().Delete(claim.Id);
                transaction.RaiseGeneration(claim.UnitId);
                transaction.AppendEvent(now, "disk.released", $"unit/{claim.UnitId}", $"Disk {claim.DiskId} was released.");
                return claim.UnitId;
            },
            cancellationToken);
        _reconcilers.Of(unitId).Wake();
    }

    private DiskClaimResult Claim(IStationTransaction transaction, DateTimeOffset now, Caller caller, DiskClaimCreate request, List<Domain.Operation> started)
    {
        started.Clear();
        DiskVerdict[] verdicts = [.. Judge(transaction, request)];
        if (request.DiskIds is not null && verdicts.FirstOrDefault(verdict => !verdict.Claims) is { } refused)
            throw new ProblemException("disk-not-blank", $"{refused.Disk.Id} of {refused.Disk.UnitName}: {refused.Reason}", "Wipe the disk by hand when nothing on it is needed, or name another.");
        foreach (DiskVerdict verdict in verdicts.Where(verdict => verdict.Claims))
        {
            Domain.Unit unit = transaction.Require<Domain.Unit>(verdict.Disk.UnitId, "unit");
            _engine.RequireInStep(transaction, unit.Id);
            started.Add(new DiskClaiming(transaction, now, _engine).Claim(caller, unit, _reconcilers.DisksOf(unit.Id).First(disk => disk.DiskId == verdict.Disk.Id)));
        }

        return new DiskClaimResult(verdicts, [.. started.Select(OperationViews.Of)]);
    }

    private DiskVerdict[] Judge(IStationTransaction transaction, DiskClaimCreate request)
    {
        DiskClaiming claims = new(transaction, default, _engine);
        IEnumerable<Domain.Unit> units = request.UnitId is { } id ? [transaction.Require<Domain.Unit>(id, "unit")] : transaction.Table<Domain.Unit>().Page(after: null, int.MaxValue);
        DiskVerdict[] verdicts = [.. units.SelectMany(unit => Verdicts(claims, unit, request))];
        string? missing = request.DiskIds?.FirstOrDefault(wanted => verdicts.All(verdict => verdict.Disk.Id != wanted));
        return missing is null ? verdicts : throw ProblemException.NotFound("disk", missing);
    }

    private IEnumerable<DiskVerdict> Verdicts(DiskClaiming claims, Domain.Unit unit, DiskClaimCreate request)
    {
        IReadOnlySet<string> claimed = claims.Claimed(unit.Id);
        return from disk in _reconcilers.DisksOf(unit.Id)
               where request.DiskIds?.Contains(disk.DiskId, StringComparer.Ordinal) ?? DiskSelection.Matches(request.Selector!, unit, disk)
               let obstacle = DiskSelection.Obstacle(unit, disk, claimed.Contains(disk.DiskId))
               select new DiskVerdict(View(unit, disk, claimed), obstacle is null, obstacle ?? "It is blank.");
    }

    private IEnumerable<Disk> Disks(DiskClaiming claims, Domain.Unit unit)
    {
        IReadOnlySet<string> claimed = claims.Claimed(unit.Id);
        return _reconcilers.DisksOf(unit.Id).Select(disk => View(unit, disk, claimed));
    }

    private static Disk View(Domain.Unit unit, DiskInventory disk, IReadOnlySet<string> claimed) => new(
        disk.DiskId, unit.Id, unit.Name, disk.Path, disk.Model, disk.SerialNumber, disk.Wwn, disk.SizeBytes, disk.Media, disk.Health, disk.State, disk.Content,
        disk.StoreId, claimed.Contains(disk.DiskId));
}
