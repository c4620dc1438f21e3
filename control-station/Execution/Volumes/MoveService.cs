using VSan.Contracts.Api;
using VSan.Station.Domain;
using Operation = VSan.Contracts.Api.Operation;

namespace VSan.Station.Execution;

/// <summary>Moves legs of volumes that no host has from one unit to another.</summary>
public sealed class MoveService
{
    private readonly Ledger _ledger;
    private readonly OperationEngine _engine;
    private readonly PlacementCandidates _candidates;
    private readonly ISecretProtector _protector;

    internal MoveService(Ledger ledger, OperationEngine engine, PlacementCandidates candidates, ISecretProtector protector)
    {
        _ledger = ledger;
        _engine = engine;
        _candidates = candidates;
        _protector = protector;
    }

    /// <summary>Starts the operation that moves a leg. While one moves, asking for the same again gives the operation that does it.</summary>
    public async Task<Operation> MoveAsync(Caller caller, Guid volumeId, VolumeMove request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        Domain.Operation operation = await _ledger.MutateAsync(
            caller,
            "volume.move",
            $"volume/{volumeId}",
            (transaction, now) => Start(transaction, now, caller, volumeId, request),
            cancellationToken);
        _engine.Nudge(operation);
        return OperationViews.Of(operation);
    }

    /// <summary>Why a volume's legs cannot be moved now; null when they can.</summary>
    internal static ProblemException? Hindrance(IStationTransaction transaction, Domain.Volume volume)
    {
        if (volume.State is not (Domain.VolumeState.Ready or Domain.VolumeState.Trashed))
            return new ProblemException("volume-busy", $"{volume.Name} is being made or removed.", "Wait for its operation to end.");
        Domain.Mapping[] mappings = [.. transaction.Table<Domain.Mapping>().Where(Lookups.MappingVolume, volume.Id.ToString())];
        if (mappings.Length > 0)
        {
            string hosts = string.Join(", ", mappings.Select(mapping => transaction.Table<Domain.Host>().Find(mapping.HostId)?.Name));
            return new ProblemException("leg-in-use", $"{volume.Name} is mapped to {hosts}, which may write to it while it is copied.", "Unmap it from its hosts first, and map it again when it was moved.");
        }

        if (transaction.Table<Domain.Snapshot>().CountWhere(Lookups.SnapshotVolume, volume.Id.ToString()) > 0)
            return new ProblemException("volume-has-snapshots", $"{volume.Name} has snapshots, which lie beside it and would be left behind.", "Remove its snapshots first; what is to be kept is cloned before.");
        return OperationQueue.All(transaction).Any(operation => operation.SubjectId == volume.Id)
            ? new ProblemException("volume-busy", $"Another operation is at work on {volume.Name}.", "Await or cancel it.")
            : null;
    }

    /// <summary>Why a leg cannot be moved to any unit now; null when it can.</summary>
    internal ProblemException? Obstacle(IStationTransaction transaction, Domain.Leg leg)
    {
        Domain.Volume volume = transaction.Require<Domain.Volume>(leg.VolumeId, "volume");
        if (Hindrance(transaction, volume) is { } problem) return problem;
        PlacementRequest request = RequestOf(transaction, volume, leg);
        PlacementDecision decision = Placement.Decide(Candidates(transaction, volume, leg, toUnitId: null), request);
        return decision.IsPlaced ? null : PlacementCandidates.Refusal(request, decision);
    }

    /// <summary>Reserves the new place and starts the operation, inside a transaction.</summary>
    internal Domain.Operation Begin(IStationTransaction transaction, DateTimeOffset now, Caller caller, Domain.Volume volume, Domain.Leg leg, Guid? toUnitId)
    {
        if (Hindrance(transaction, volume) is { } problem) throw problem;
        Domain.Unit from = transaction.Require<Domain.Unit>(leg.UnitId, "unit");
        if (!from.IsAdmitted) throw new ProblemException("unit-phase", $"{from.Name} is not in service, so that nothing can be copied from it.", "Bring it back first.");
        _engine.RequireInStep(transaction, from.Id);
        PlacedLeg place = PlacementCandidates.Require(RequestOf(transaction, volume, leg), Candidates(transaction, volume, leg, toUnitId))[0];
        Domain.Unit to = place.Candidate.Unit;
        LegMove move = transaction.Table<LegMove>().Insert(new LegMove(
            leg.Id, volume.Id, from.Id, leg.StoreId, to.Id, place.Candidate.Store.Id, leg.SizeBytes, MoveSecret.Make(_protector), LegMoveState.Copying));
        transaction.Table<Domain.Store>().Update(place.Candidate.Store with { PromisedBytes = checked(place.Candidate.Store.PromisedBytes + leg.SizeBytes) });
        return _engine.Start(transaction, now, caller, VolumeRecipes.Move(volume, move, from, to));
    }

    private Domain.Operation Start(IStationTransaction transaction, DateTimeOffset now, Caller caller, Guid volumeId, VolumeMove request)
    {
        Domain.Volume volume = transaction.Require<Domain.Volume>(volumeId, "volume");
        IReadOnlyList<Domain.Leg> legs = transaction.LegsOf(volumeId);
        if (request.Leg is null && legs.Count > 1) throw ProblemException.Field("/leg", $"is needed: {volume.Name} has {legs.Count} legs.");
        Domain.Leg leg = legs.FirstOrDefault(leg => leg.Index == (request.Leg ?? 0)) ?? throw ProblemException.Field("/leg", "names no leg of the volume.");
        if (transaction.RunningOn(volumeId, OperationCatalog.VolumeMove) is { Undoing: false } running && transaction.Table<LegMove>().Find(leg.Id) is { } move
            && (request.ToUnitId is null || request.ToUnitId == move.ToUnitId)) return running;
        if (request.ToUnitId is { } wanted && transaction.Table<Domain.Unit>().Find(wanted) is null) throw ProblemException.Field("/toUnitId", "names no unit.");
        if (request.ToUnitId == leg.UnitId) return LastMove(transaction, volumeId) ?? throw ProblemException.Field("/toUnitId", "is the unit that the leg lies on.");
        return Begin(transaction, now, caller, volume, leg, request.ToUnitId);
    }

    // Asked again, it is the same move.
    private static Domain.Operation? LastMove(IStationTransaction transaction, Guid volumeId) => transaction.Table<Domain.Operation>()
        .Where(Lookups.OperationSubject, volumeId.ToString()).LastOrDefault(operation => operation is { Kind: OperationCatalog.VolumeMove, State: Domain.OperationState.Succeeded });

    // As it was placed once: its policy goes on to say what media and how full a store may be.
    private static PlacementRequest RequestOf(IStationTransaction transaction, Domain.Volume volume, Domain.Leg leg)
    {
        Domain.Policy? policy = volume.PolicyId is { } id ? transaction.Table<Domain.Policy>().Find(id) : null;
        return new PlacementRequest(VolumeLayout.Single, leg.SizeBytes, volume.Thin) { Media = policy?.Media, OvercommitRatio = policy?.OvercommitRatio ?? 1 };
    }

    // Not beside another leg of the volume, and for a mirror not where another copy would fail with it.
    private IReadOnlyList<PlacementCandidate> Candidates(IStationTransaction transaction, Domain.Volume volume, Domain.Leg leg, Guid? toUnitId)
    {
        Domain.FailureDomain domain = volume.PolicyId is { } id ? transaction.Table<Domain.Policy>().Find(id)?.Domain ?? Domain.FailureDomain.Unit : Domain.FailureDomain.Unit;
        Domain.Leg[] others = [.. transaction.LegsOf(volume.Id).Where(other => other.Id != leg.Id)];
        IReadOnlyList<PlacementCandidate> all = _candidates.All(transaction);
        HashSet<string> taken = volume.Layout.Kind == LayoutKind.Mirror
            ? [.. all.Where(candidate => others.Any(other => other.UnitId == candidate.Unit.Id)).Select(candidate => candidate.DomainKey(domain)).OfType<string>()]
            : [];
        return [.. all.Where(candidate => toUnitId is null || candidate.Unit.Id == toUnitId).Select(candidate => candidate with { Rejection = candidate.Rejection ?? Why(candidate) })];

        string? Why(PlacementCandidate candidate) =>
            candidate.Unit.Id == leg.UnitId ? $"{candidate.Unit.Name} has the leg already"
            : others.Any(other => other.UnitId == candidate.Unit.Id) ? $"{candidate.Unit.Name} has another leg of the volume"
            : candidate.DomainKey(domain) is { } key && taken.Contains(key) ? $"{candidate.Unit.Name} would fail together with another copy"
            : null;
    }
}
