using VSan.Contracts.Api;
using VSan.Station.Domain;
using Operation = VSan.Contracts.Api.Operation;
using Snapshot = VSan.Contracts.Api.Snapshot;

namespace VSan.Station.Execution;

/// <summary>Snapshots: takes them, one by one or in groups of one moment, removes them, and makes volumes of them.</summary>
public sealed class SnapshotService
{
    /// <summary>Volumes of one group: their hosts wait until the last is copied, and the unit takes 256 at most.</summary>
    private const int GroupMax = 64;

    /// <summary>Each is a line of its unit's configuration and a file on its store: retention of any sensible schedule stays far below.</summary>
    private const int SnapshotsMax = 512;

    private readonly Ledger _ledger;
    private readonly OperationEngine _engine;
    private readonly Views _views;
    private readonly ISecretProtector _protector;

    internal SnapshotService(Ledger ledger, OperationEngine engine, Views views, ISecretProtector protector)
    {
        _ledger = ledger;
        _engine = engine;
        _views = views;
        _protector = protector;
    }

    /// <summary>One page of all snapshots.</summary>
    public Task<SnapshotPage> ListAsync(Caller caller, ListQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return _ledger.ReadAsync(
            transaction =>
            {
                (IReadOnlyList<Snapshot> items, string? next) = transaction.List<Domain.Snapshot, Snapshot>(caller, "snapshot.read", query, null, snapshot => SnapshotViews.Of(transaction, snapshot));
                return new SnapshotPage(items, next);
            },
            cancellationToken);
    }

    /// <summary>All snapshots of one volume, oldest first.</summary>
    public Task<SnapshotPage> OfVolumeAsync(Caller caller, Guid volumeId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return _ledger.ReadAsync(
            caller,
            "snapshot.read",
            $"volume/{volumeId}",
            transaction =>
            {
                Domain.Volume volume = transaction.Require<Domain.Volume>(volumeId, "volume");
                return new SnapshotPage([.. transaction.Table<Domain.Snapshot>().Where(Lookups.SnapshotVolume, volume.Id.ToString()).Select(snapshot => SnapshotViews.Of(transaction, snapshot))], null);
            },
            cancellationToken);
    }

    /// <summary>One by identity.</summary>
    public Task<Snapshot> GetAsync(Caller caller, Guid id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return _ledger.ReadAsync(caller, "snapshot.read", $"snapshot/{id}", transaction => SnapshotViews.Of(transaction, transaction.Require<Domain.Snapshot>(id, "snapshot")), cancellationToken);
    }

    /// <summary>Starts the operation that takes a snapshot of each volume, all at one moment.</summary>
    public async Task<SnapshotsAccepted> CreateAsync(Caller caller, SnapshotGroupCreate request, string? idempotencyKey, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        Domain.Operation? started = null;
        SnapshotsAccepted accepted = await _ledger.MutateAsync(
            caller.Asking(idempotencyKey, request, ApiJson.Default.SnapshotGroupCreate),
            "snapshot.create",
            request.VolumeIds is [Guid one] ? $"volume/{one}" : $"snapshot/{request.Name}",
            (transaction, now) =>
            {
                started = Start(transaction, now, caller, request, scheduleId: null);
                return new SnapshotsAccepted([.. SnapshotPlan.Group(transaction, started.SubjectId).Select(snapshot => SnapshotViews.Of(transaction, snapshot))], OperationViews.Of(started));
            },
            cancellationToken);
        if (started is not null) _engine.Nudge(started);
        return accepted;
    }

    /// <summary>Starts the operation that takes the snapshots of a schedule.</summary>
    internal async Task CreateForAsync(SnapshotSchedule schedule, SnapshotGroupCreate request, CancellationToken cancellationToken)
    {
        Caller caller = ScheduleService.Caller(schedule);
        _engine.Nudge(await _ledger.MutateAsync(
            caller,
            "snapshot.create",
            $"schedule/{schedule.Id}",
            (transaction, now) => Start(transaction, now, caller, request, schedule.Id),
            cancellationToken));
    }

    /// <summary>Starts the operation that removes a snapshot. Asking again gives the operation that does it already.</summary>
    public async Task<Operation> DeleteAsync(Caller caller, Guid id, CancellationToken cancellationToken)
    {
        Domain.Operation operation = await _ledger.MutateAsync(
            caller,
            "snapshot.delete",
            $"snapshot/{id}",
            (transaction, now) => Remove(transaction, now, caller, id),
            cancellationToken);
        _engine.Nudge(operation);
        return OperationViews.Of(operation);
    }

    /// <summary>Starts the operation that makes a new volume of a snapshot, on the same stores.</summary>
    public async Task<VolumeAccepted> CloneAsync(Caller caller, Guid id, SnapshotClone request, string? idempotencyKey, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        Domain.Operation? started = null;
        VolumeAccepted accepted = await _ledger.MutateAsync(
            caller.Asking(idempotencyKey, request, ApiJson.Default.SnapshotClone),
            "snapshot.clone",
            $"snapshot/{id}",
            (transaction, now) =>
            {
                (Domain.Volume volume, started) = StartClone(transaction, now, caller, id, request);
                return new VolumeAccepted(_views.Volume(transaction, volume), OperationViews.Of(started));
            },
            cancellationToken);
        if (started is not null) _engine.Nudge(started);
        return accepted;
    }

    /// <summary>Takes snapshots inside a transaction; the caller nudges the engine after the commit.</summary>
    internal Domain.Operation Start(IStationTransaction transaction, DateTimeOffset now, Caller caller, SnapshotGroupCreate request, Guid? scheduleId)
    {
        Names.Object(request.Name, "/name");
        if (request.VolumeIds.Count is 0 or > GroupMax || request.VolumeIds.Distinct().Count() < request.VolumeIds.Count)
            throw ProblemException.Field("/volumeIds", $"must name 1 to {GroupMax} volumes, each once.");
        (Domain.Volume Volume, IReadOnlyList<Domain.Leg> Legs)[] parts =
        [
            .. request.VolumeIds.Select(id => transaction.Table<Domain.Volume>().Find(id) ?? throw ProblemException.Field("/volumeIds", $"names {id}, which is no volume."))
                .Select(volume => (volume, transaction.Table<Domain.Leg>().Where(Lookups.LegVolume, volume.Id.ToString()))),
        ];
        foreach ((Domain.Volume volume, _) in parts) Permissions.Require(caller, "snapshot.create", Reach.Of(transaction, volume));
        foreach ((Domain.Volume volume, _) in parts) RequireSnapshotable(transaction, volume, request.Name);
        Domain.Unit unit = OneUnit(transaction, parts.SelectMany(part => part.Legs));
        _engine.RequireInStep(transaction, unit.Id);
        SnapshotOrder order = new(transaction.NewId(now), request.Name, scheduleId);
        foreach ((Domain.Volume volume, IReadOnlyList<Domain.Leg> legs) in parts) SnapshotPlan.Add(transaction, now, volume, legs, order, _views);
        return _engine.Start(transaction, now, caller, SnapshotRecipes.Take(request.Name, order.GroupId, [.. parts.Select(part => part.Volume)], unit.Id));
    }

    /// <summary>Removes a snapshot inside a transaction; the caller nudges the engine after the commit.</summary>
    internal Domain.Operation Remove(IStationTransaction transaction, DateTimeOffset now, Caller caller, Guid id)
    {
        Domain.Snapshot snapshot = transaction.Require<Domain.Snapshot>(id, "snapshot");
        if (transaction.RunningOn(id, OperationCatalog.SnapshotDelete) is { } running) return running;
        if (transaction.RunningOn(snapshot.GroupId, OperationCatalog.SnapshotCreate) is not null)
            throw new ProblemException("snapshot-busy", $"{snapshot.Name} is being taken or removed.", "Cancel or await its operation.");
        IReadOnlyList<SnapshotLeg> legs = SnapshotPlan.Legs(transaction, id);
        RequireNoClone(transaction, snapshot, legs);
        Guid unitId = legs[0].UnitId;
        _engine.RequireInStep(transaction, unitId);
        transaction.Table<Domain.Snapshot>().Update(snapshot with { State = Domain.SnapshotState.Deleting });
        return _engine.Start(transaction, now, caller, SnapshotRecipes.Remove(snapshot, transaction.Require<Domain.Volume>(snapshot.VolumeId, "volume"), transaction.Require<Domain.Unit>(unitId, "unit")));
    }

    private (Domain.Volume Volume, Domain.Operation Operation) StartClone(IStationTransaction transaction, DateTimeOffset now, Caller caller, Guid id, SnapshotClone request)
    {
        Names.Object(request.Name, "/name");
        Domain.Snapshot snapshot = transaction.Require<Domain.Snapshot>(id, "snapshot");
        if (snapshot.State != Domain.SnapshotState.Ready) throw new ProblemException("snapshot-busy", $"{snapshot.Name} is being taken or removed.", "Cancel or await its operation.");
        Domain.Host? host = HostClaims.Speaker(caller, request.HostId) is { } hostId
            ? transaction.Table<Domain.Host>().Find(hostId) ?? throw ProblemException.Field("/hostId", "names no host.")
            : null;
        SnapshotLeg copy = SnapshotPlan.Legs(transaction, id)[0];
        Domain.Volume source = transaction.Require<Domain.Volume>(snapshot.VolumeId, "volume");
        VolumeSpecification.RequireFree(transaction, source.ProjectId, request.Name);
        RequireReady(transaction.Require<Domain.Unit>(copy.UnitId, "unit"));
        _engine.RequireInStep(transaction, copy.UnitId);

        Domain.Volume volume = transaction.Table<Domain.Volume>().Insert(source with
        {
            Id = transaction.NewId(now),
            Name = request.Name,
            SizeBytes = copy.SizeBytes,
            Owner = caller.Name,
            State = Domain.VolumeState.Creating,
            PurgeAt = null,
            CreatedAt = now,
            Generation = 1,
        });
        HostClaims.Claim(transaction, caller, volume);
        Domain.Leg leg = new(transaction.NewId(now), volume.Id, copy.UnitId, copy.StoreId, Index: 0, volume.Layout.Role, copy.SizeBytes) { OriginId = copy.Id };
        Domain.Store store = transaction.Require<Domain.Store>(copy.StoreId, "store");
        long roomBytes = Placement.UnpromisedBytes(store);
        if (leg.SizeBytes > roomBytes)
            throw new ProblemException("pool-full", $"A clone may come to hold {SizeText.Of(leg.SizeBytes)}, and the store of {snapshot.Name} can promise {SizeText.Of(Math.Max(0, roomBytes))}.", "Remove snapshots or volumes of this unit.");
        transaction.ReserveLeg(store, leg);
        Domain.Mapping? mapping = host is null ? null : MappingPlan.Add(transaction, now, volume, [leg], host, readOnly: false, _protector);
        return (volume, _engine.Start(transaction, now, caller, VolumeRecipes.Make(volume, [transaction.Require<Domain.Unit>(leg.UnitId, "unit")], host, mapping)));
    }

    private static void RequireSnapshotable(IStationTransaction transaction, Domain.Volume volume, string name)
    {
        if (volume.State != Domain.VolumeState.Ready) throw new ProblemException("volume-busy", $"{volume.Name} is being made or removed.", "Wait for its operation to end.");
        if (!volume.Thin)
        {
            throw new ProblemException(
                "snapshot-unsupported", $"{volume.Name} is thick: a snapshot would share its blocks, and an overwrite could then find the store full.", "Use a thin volume for what needs snapshots.");
        }

        IReadOnlyList<Domain.Snapshot> present = transaction.Table<Domain.Snapshot>().Where(Lookups.SnapshotVolume, volume.Id.ToString());
        if (present.Any(snapshot => snapshot.Name == name)) throw new ProblemException("name-taken", $"{volume.Name} has a snapshot {name} already.");
        if (present.Count >= SnapshotsMax) throw new ProblemException("quota-exceeded", $"{volume.Name} has {present.Count} snapshots, the most that one volume can have.", "Remove some of its snapshots.");
    }

    // Two units cannot be held at one moment while hosts write (docs/adr/0056), so nothing is promised that is not kept.
    private Domain.Unit OneUnit(IStationTransaction transaction, IEnumerable<Domain.Leg> legs)
    {
        Guid[] unitIds = [.. legs.Select(leg => leg.UnitId).Distinct()];
        if (unitIds is not [Guid unitId])
        {
            throw new ProblemException(
                "snapshot-unsupported", $"The volumes lie on {unitIds.Length} units, which share no moment.", "Take one snapshot for each unit, with the hosts' file systems frozen meanwhile.");
        }

        Domain.Unit unit = transaction.Require<Domain.Unit>(unitId, "unit");
        RequireReady(unit);
        return unit;
    }

    // What is asked of a silent unit would be done when it comes back: a snapshot of another moment than the one that was meant.
    private void RequireReady(Domain.Unit unit)
    {
        if (_views.Trouble(unit) is { } trouble) throw new ProblemException("no-unit", $"{trouble}.", "Wait for the unit to come back, then ask again.");
    }

    private static void RequireNoClone(IStationTransaction transaction, Domain.Snapshot snapshot, IReadOnlyList<SnapshotLeg> legs)
    {
        bool cloning = legs.SelectMany(copy => transaction.Table<Domain.Leg>().Where(Lookups.LegUnit, copy.UnitId.ToString()).Where(leg => leg.OriginId == copy.Id))
            .Any(leg => transaction.RunningOn(leg.VolumeId, OperationCatalog.VolumeCreate) is not null);
        if (cloning) throw new ProblemException("snapshot-busy", $"{snapshot.Name} is being cloned.", "Await or cancel the clone.");
    }
}
