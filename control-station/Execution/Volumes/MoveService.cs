using VSan.Contracts.Api;
using VSan.Station.Domain;
using Operation = VSan.Contracts.Api.Operation;

namespace VSan.Station.Execution;

/// <summary>Moves legs from one unit to another: units copy what no host has, and a host replaces what it uses.</summary>
public sealed class MoveService
{
    private static readonly string[] Kinds = [OperationCatalog.VolumeMove, OperationCatalog.VolumeReplaceLeg];

    private readonly Ledger _ledger;
    private readonly OperationEngine _engine;
    private readonly LegPlaces _places;
    private readonly LegReplacing _replacing;
    private readonly ISecretProtector _protector;

    internal MoveService(Ledger ledger, OperationEngine engine, PlacementCandidates candidates, ISecretProtector protector)
    {
        _ledger = ledger;
        _engine = engine;
        _places = new LegPlaces(candidates);
        _replacing = new LegReplacing(engine, _places, protector);
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

    /// <summary>Whether a leg is on its way, or another is taking its place.</summary>
    internal static bool IsMoving(IStationTransaction transaction, Guid legId) =>
        transaction.Table<LegMove>().Find(legId) is not null || transaction.ReplacementBy(legId) is not null;

    /// <summary>The operation that moved a leg of a volume last, or does so now; null when there was none.</summary>
    internal static Domain.Operation? LastOf(IStationTransaction transaction, Guid volumeId) => transaction.Table<Domain.Operation>()
        .Where(Lookups.OperationSubject, volumeId.ToString()).LastOrDefault(operation => Kinds.Contains(operation.Kind));

    /// <summary>Why a leg cannot be moved to any unit now; null when it can.</summary>
    internal ProblemException? Obstacle(IStationTransaction transaction, Domain.Leg leg)
    {
        Domain.Volume volume = transaction.Require<Domain.Volume>(leg.VolumeId, "volume");
        return Hindrance(transaction, volume, MappingsOf(transaction, volume)) ?? _places.Obstacle(transaction, volume, leg);
    }

    /// <summary>Reserves the new place and starts the operation, inside a transaction.</summary>
    internal Domain.Operation Begin(IStationTransaction transaction, DateTimeOffset now, Caller caller, Domain.Volume volume, Domain.Leg leg, Guid? toUnitId)
    {
        IReadOnlyList<Domain.Mapping> mappings = MappingsOf(transaction, volume);
        if (Hindrance(transaction, volume, mappings) is { } problem) throw problem;
        if (mappings is [var mapping]) return _replacing.Begin(transaction, now, caller, volume, leg, mapping, toUnitId);
        Domain.Unit from = transaction.Require<Domain.Unit>(leg.UnitId, "unit");
        if (!from.IsAdmitted) throw new ProblemException("unit-phase", $"{from.Name} is not in service, so that nothing can be copied from it.", "Bring it back first.");
        _engine.RequireInStep(transaction, from.Id);
        PlacementCandidate place = _places.Require(transaction, volume, leg, toUnitId);
        LegMove move = transaction.Table<LegMove>().Insert(new LegMove(
            leg.Id, volume.Id, from.Id, leg.StoreId, place.Unit.Id, place.Store.Id, leg.SizeBytes, MoveSecret.Make(_protector), LegMoveState.Copying));
        transaction.Table<Domain.Store>().Update(place.Store with { PromisedBytes = checked(place.Store.PromisedBytes + leg.SizeBytes) });
        return _engine.Start(transaction, now, caller, VolumeRecipes.Move(volume, move, from, place.Unit));
    }

    private static IReadOnlyList<Domain.Mapping> MappingsOf(IStationTransaction transaction, Domain.Volume volume) => transaction.Table<Domain.Mapping>().Where(Lookups.MappingVolume, volume.Id.ToString());

    private static ProblemException? Hindrance(IStationTransaction transaction, Domain.Volume volume, IReadOnlyList<Domain.Mapping> mappings)
    {
        if (mappings.Count > 0) return LegReplacing.Hindrance(transaction, volume, mappings);
        if (volume.State is not (Domain.VolumeState.Ready or Domain.VolumeState.Trashed))
            return new ProblemException("volume-busy", $"{volume.Name} is being made or removed.", "Wait for its operation to end.");
        if (transaction.Table<Domain.Snapshot>().CountWhere(Lookups.SnapshotVolume, volume.Id.ToString()) > 0)
            return new ProblemException("volume-has-snapshots", $"{volume.Name} has snapshots, which lie beside it and would be left behind.", "Remove its snapshots first; what is to be kept is cloned before.");
        return OperationQueue.All(transaction).Any(operation => operation.SubjectId == volume.Id)
            ? new ProblemException("volume-busy", $"Another operation is at work on {volume.Name}.", "Await or cancel it.")
            : null;
    }

    private Domain.Operation Start(IStationTransaction transaction, DateTimeOffset now, Caller caller, Guid volumeId, VolumeMove request)
    {
        Domain.Volume volume = transaction.Require<Domain.Volume>(volumeId, "volume");
        IReadOnlyList<Domain.Leg> legs = transaction.LegsOf(volumeId);
        if (request.Leg is null && legs.Count > 1) throw ProblemException.Field("/leg", $"is needed: {volume.Name} has {legs.Count} legs.");
        Domain.Leg leg = legs.FirstOrDefault(leg => leg.Index == (request.Leg ?? 0)) ?? throw ProblemException.Field("/leg", "names no leg of the volume.");
        Domain.Operation? last = LastOf(transaction, volumeId);
        if (last is { Ended: false, Undoing: false } && Destination(transaction, leg) is { } goesTo && (request.ToUnitId is null || request.ToUnitId == goesTo)) return last;
        if (request.ToUnitId is { } wanted && transaction.Table<Domain.Unit>().Find(wanted) is null) throw ProblemException.Field("/toUnitId", "names no unit.");

        // Asked again, it is the same move.
        if (request.ToUnitId == leg.UnitId) return last is { State: Domain.OperationState.Succeeded } ? last : throw ProblemException.Field("/toUnitId", "is the unit that the leg lies on.");
        return Begin(transaction, now, caller, volume, leg, request.ToUnitId);
    }

    // Where a leg is on its way to; null when it stays.
    private static Guid? Destination(IStationTransaction transaction, Domain.Leg leg) =>
        transaction.Table<LegMove>().Find(leg.Id)?.ToUnitId
        ?? (transaction.ReplacementBy(leg.Id) is { } replacement ? transaction.Table<Domain.Leg>().Find(replacement.Id)?.UnitId : null);
}
