using VSan.Contracts.Api;
using VSan.Station.Domain;
using Operation = VSan.Contracts.Api.Operation;
using Volume = VSan.Contracts.Api.Volume;

namespace VSan.Station.Execution;

/// <summary>Volumes.</summary>
public sealed class VolumeService
{
    private const long SizeBytesMax = 1L << 50;

    private readonly Ledger _ledger;
    private readonly OperationEngine _engine;
    private readonly Views _views;
    private readonly PlacementCandidates _candidates;
    private readonly ISecretProtector _protector;

    internal VolumeService(Ledger ledger, OperationEngine engine, Views views, PlacementCandidates candidates, ISecretProtector protector)
    {
        _ledger = ledger;
        _engine = engine;
        _views = views;
        _candidates = candidates;
        _protector = protector;
    }

    /// <summary>One page of volumes.</summary>
    public Task<VolumePage> ListAsync(Caller caller, ListQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return _ledger.ReadAsync(
            transaction =>
            {
                (IReadOnlyList<Volume> items, string? next) = transaction.List(caller, "volume.read", query, Lookups.VolumeName, volume => _views.Volume(transaction, volume));
                return new VolumePage(items, next);
            },
            cancellationToken);
    }

    /// <summary>One by identity.</summary>
    public Task<Volume> GetAsync(Caller caller, Guid id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return _ledger.ReadAsync(caller, "volume.read", $"volume/{id}", transaction => _views.Volume(transaction, transaction.Require<Domain.Volume>(id, "volume")), cancellationToken);
    }

    /// <summary>Reserves a volume and starts the operation that makes it.</summary>
    public async Task<VolumeAccepted> CreateAsync(Caller caller, VolumeCreate request, string? idempotencyKey, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        IdempotentRequest idempotent = IdempotentRequest.Of(caller, "volume.create", idempotencyKey, request, ApiJson.Default.VolumeCreate);
        Domain.Operation? started = null;
        VolumeAccepted accepted = await _ledger.MutateAsync(
            caller,
            "volume.create",
            caller.HostId is { } hostId ? $"host/{hostId}" : $"volume/{request.Name}",
            (transaction, now) => idempotent.Answer(transaction, now, ApiJson.Default.VolumeAccepted, () =>
            {
                (Domain.Volume volume, started) = Start(transaction, now, caller, request);
                return new VolumeAccepted(_views.Volume(transaction, volume), OperationViews.Of(started));
            }),
            cancellationToken);
        if (started is not null) _engine.Nudge(started);
        return accepted;
    }

    /// <summary>Starts the operation that removes a volume. Asking again gives the operation that does it already.</summary>
    public async Task<Operation> DeleteAsync(Caller caller, Guid id, CancellationToken cancellationToken)
    {
        Domain.Operation operation = await _ledger.MutateAsync(
            caller,
            "volume.delete",
            $"volume/{id}",
            (transaction, now) => Remove(transaction, now, caller, id),
            cancellationToken);
        _engine.Nudge(operation);
        return OperationViews.Of(operation);
    }

    private (Domain.Volume Volume, Domain.Operation Operation) Start(IStationTransaction transaction, DateTimeOffset now, Caller caller, VolumeCreate request)
    {
        Validate(request);
        if (transaction.Table<Domain.Volume>().Where(Lookups.VolumeName, request.Name) is not [])
            throw new ProblemException("name-taken", $"There is a volume {request.Name} already.");
        Domain.Host? host = HostClaims.Speaker(caller, request.HostId) is { } hostId
            ? transaction.Table<Domain.Host>().Find(hostId) ?? throw ProblemException.Field("/hostId", "names no host.")
            : null;
        bool thin = request.Thin ?? true;
        PlacementOutcome.Placed place = _candidates.Place(transaction, request.UnitId, request.SizeBytes, thin);

        Domain.Volume volume = transaction.Table<Domain.Volume>().Insert(new Domain.Volume(
            Guid.CreateVersion7(now), request.Name, request.SizeBytes, request.BlockSizeBytes ?? 512, thin, Domain.VolumeState.Creating, now));
        HostClaims.Claim(transaction, caller, volume);
        Domain.Leg leg = new(Guid.CreateVersion7(now), volume.Id, place.Unit.Id, place.Store.Id, volume.SizeBytes);
        transaction.ReserveLeg(place.Store, leg);
        Domain.Mapping? mapping = host is null ? null : MappingPlan.Add(transaction, now, volume, leg, host, readOnly: false, _protector);
        return (volume, transaction.Start(now, caller, Recipe.MakeVolume(volume, host), volume.Id, mapping?.Id, leg.UnitId));
    }

    private Domain.Operation Remove(IStationTransaction transaction, DateTimeOffset now, Caller caller, Guid id)
    {
        Domain.Volume volume = transaction.Require<Domain.Volume>(id, "volume");
        if (transaction.RunningOn(id, OperationKind.VolumeDelete) is { } running) return running;
        int mappings = transaction.Table<Domain.Mapping>().CountWhere(Lookups.MappingVolume, id.ToString());
        if (mappings > 0) throw new ProblemException("volume-mapped", $"{volume.Name} is mapped to {(mappings == 1 ? "1 host" : $"{mappings} hosts")}.", "Remove its mappings first.");
        int snapshots = transaction.Table<Domain.Snapshot>().CountWhere(Lookups.SnapshotVolume, id.ToString());
        if (snapshots > 0) throw new ProblemException("volume-has-snapshots", $"{volume.Name} has {(snapshots == 1 ? "1 snapshot" : $"{snapshots} snapshots")}.", "Remove its snapshots first; what is to be kept is cloned before.");
        if (transaction.RunningOn(id, OperationKind.VolumeCreate) is not null) throw new ProblemException("volume-busy", $"{volume.Name} is being made or removed.", "Cancel or await its operation.");
        Domain.Leg leg = transaction.Table<Domain.Leg>().Where(Lookups.LegVolume, id.ToString())[0];
        _engine.RequireInStep(transaction, leg.UnitId);
        transaction.Table<Domain.Volume>().Update(volume with { State = Domain.VolumeState.Deleting });
        return transaction.Start(now, caller, Recipe.RemoveVolume(volume), id, mappingId: null, leg.UnitId);
    }

    private static void Validate(VolumeCreate request)
    {
        Names.Object(request.Name, "/name");
        if (request.SizeBytes < Placement.GranuleBytes || request.SizeBytes > SizeBytesMax || request.SizeBytes % Placement.GranuleBytes != 0)
            throw ProblemException.Field("/sizeBytes", "must be 1 MiB to 1 PiB, a multiple of 1 MiB.");
        if (request.BlockSizeBytes is not (null or 512 or 4096)) throw ProblemException.Field("/blockSizeBytes", "must be 512 or 4096.");
    }
}
