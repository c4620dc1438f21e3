using VSan.Contracts.Api;
using VSan.Station.Domain;
using Operation = VSan.Contracts.Api.Operation;
using Volume = VSan.Contracts.Api.Volume;

namespace VSan.Station.Execution;

/// <summary>Volumes.</summary>
public sealed class VolumeService
{
    private readonly Ledger _ledger;
    private readonly OperationEngine _engine;
    private readonly Views _views;
    private readonly PlacementCandidates _candidates;
    private readonly ISecretProtector _protector;
    private readonly UnitReconcilers _reconcilers;

    internal VolumeService(Ledger ledger, OperationEngine engine, Views views, PlacementCandidates candidates, ISecretProtector protector, UnitReconcilers reconcilers)
    {
        _reconcilers = reconcilers;
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
                (IReadOnlyList<Volume> items, string? next) = transaction.List(caller, "volume.read", query, Lookups.VolumeName, volume => _views.Volume(transaction, volume), ListFilters.Volumes);
                return new VolumePage(items, next);
            },
            cancellationToken);
    }

    /// <summary>One page of the volumes that a person looks for; those in the trash are not among them.</summary>
    /// <remarks>It looks at the record of every volume, and shows those of the page alone.</remarks>
    public Task<VolumeFindings> FindAsync(Caller caller, VolumeSearch search, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(search);
        return _ledger.ReadAsync(
            transaction =>
            {
                bool seesAll = Permissions.Allow(caller, "volume.read", Reach.Whole<Domain.Volume>());
                Domain.Volume[] found =
                [
                    .. search.Sort(transaction.Table<Domain.Volume>().Page(after: null, int.MaxValue).Where(volume =>
                        volume.State != Domain.VolumeState.Trashed && search.Fits(volume) && (seesAll || Permissions.Allow(caller, "volume.read", Reach.Of(transaction, volume))))),
                ];
                int pages = Math.Max(1, (found.Length + VolumeSearch.PageSize - 1) / VolumeSearch.PageSize);
                int page = Math.Clamp(search.Page, 1, pages);
                return new VolumeFindings(
                    [.. found.Skip((page - 1) * VolumeSearch.PageSize).Take(VolumeSearch.PageSize).Select(volume => _views.Volume(transaction, volume))], found.Length, page, pages);
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
        Domain.Operation? started = null;
        VolumeAccepted accepted = await _ledger.MutateAsync(
            caller.Asking(idempotencyKey, request, ApiJson.Default.VolumeCreate),
            "volume.create",
            caller.HostId is { } hostId ? $"host/{hostId}" : SubjectOf(request),
            (transaction, now) =>
            {
                (Domain.Volume volume, started) = Start(transaction, now, caller, request);
                return new VolumeAccepted(_views.Volume(transaction, volume), OperationViews.Of(started));
            },
            cancellationToken);
        if (started is not null) _engine.Nudge(started);
        return accepted;
    }

    /// <summary>Changes a volume's limits. Its units are told, those that are away when they are back; hosts go on meanwhile.</summary>
    public async Task<Volume> ChangeAsync(Caller caller, Guid id, VolumeChange request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        Guid[] told = [];
        Volume changed = await _ledger.MutateAsync(
            caller,
            "volume.change",
            $"volume/{id}",
            (transaction, now) =>
            {
                Domain.Volume volume = transaction.Require<Domain.Volume>(id, "volume");
                if (request.Limits is null) return _views.Volume(transaction, volume);
                VolumeLimits? limits = LimitRule.Of(request.Limits, "/limits");
                if (volume.State == Domain.VolumeState.Deleting) throw new ProblemException("volume-busy", $"{volume.Name} is being removed.");
                if (volume.Limits == limits) return _views.Volume(transaction, volume);
                volume = transaction.Table<Domain.Volume>().Update(volume with { Limits = limits });
                told = [.. transaction.LegsOf(id).Select(leg => leg.UnitId).Distinct().Order()];
                foreach (Guid unitId in told) transaction.RaiseGeneration(unitId);
                transaction.AppendEvent(now, "volume.limited", $"volume/{id}", $"{caller.Name} {(limits is null ? "took the limits off" : "limited")} volume {volume.Name}.");
                return _views.Volume(transaction, volume);
            },
            cancellationToken);
        foreach (Guid unitId in told) _reconcilers.Of(unitId).Wake();
        return changed;
    }

    /// <summary>Starts the operation that removes a volume for good. Asking again gives the operation that does it already.</summary>
    public async Task<Operation> DeleteAsync(Caller caller, Guid id, CancellationToken cancellationToken)
    {
        Domain.Operation operation = await _ledger.MutateAsync(
            caller,
            "volume.purge",
            $"volume/{id}",
            (transaction, now) => Remove(transaction, now, caller, id),
            cancellationToken);
        _engine.Nudge(operation);
        return OperationViews.Of(operation);
    }

    /// <summary>Starts the operation that makes a volume larger; hosts go on meanwhile.</summary>
    public async Task<Operation> ExpandAsync(Caller caller, Guid id, VolumeExpand request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        Domain.Operation operation = await _ledger.MutateAsync(
            caller,
            "volume.expand",
            $"volume/{id}",
            (transaction, now) => Expand(transaction, now, caller, id, request.SizeBytes),
            cancellationToken);
        _engine.Nudge(operation);
        return OperationViews.Of(operation);
    }

    /// <summary>What the right to make or place a volume is asked for.</summary>
    internal static string SubjectOf(VolumeCreate request) => $"project/{request.Project ?? Domain.Project.Default.Name}/volume/{request.Name}";

    /// <summary>Refuses to delete a volume that a host or a snapshot needs.</summary>
    internal static void RequireUnused(IStationTransaction transaction, Domain.Volume volume)
    {
        string key = volume.Id.ToString();
        int mappings = transaction.Table<Domain.Mapping>().CountWhere(Lookups.MappingVolume, key);
        if (mappings > 0) throw new ProblemException("volume-mapped", $"{volume.Name} is mapped to {(mappings == 1 ? "1 host" : $"{mappings} hosts")}.", "Remove its mappings first.");
        int snapshots = transaction.Table<Domain.Snapshot>().CountWhere(Lookups.SnapshotVolume, key);
        if (snapshots > 0) throw new ProblemException("volume-has-snapshots", $"{volume.Name} has {(snapshots == 1 ? "1 snapshot" : $"{snapshots} snapshots")}.", "Remove its snapshots first; what is to be kept is cloned before.");
    }

    private Domain.Operation Expand(IStationTransaction transaction, DateTimeOffset now, Caller caller, Guid id, long askedBytes)
    {
        Domain.Volume volume = transaction.Require<Domain.Volume>(id, "volume");
        if (transaction.RunningOn(id, OperationCatalog.VolumeExpand) is { } running) return running;
        if (volume.State != Domain.VolumeState.Ready) throw new ProblemException("volume-busy", $"{volume.Name} is being made or removed.", "Wait for its operation to end.");
        if (askedBytes < volume.SizeBytes)
        {
            throw new ProblemException(
                "shrink-refused",
                $"{volume.Name} has {SizeText.Of(volume.SizeBytes)}: a smaller one would cut off the end of the file system on it, and nobody here can tell what lies there.",
                "Make a smaller volume, and copy the data on the host.");
        }

        LegMoves.RequireNone(transaction, volume);
        VolumeSpecification.RequireSize(askedBytes);
        long sizeBytes = volume.Layout.RoundUp(askedBytes);
        if (sizeBytes == volume.SizeBytes) return LastExpansion(transaction, id) ?? throw ProblemException.Field("/sizeBytes", "is the size that the volume has.");
        long moreBytes = volume.Layout.PromisedBytes(sizeBytes) - volume.PromisedBytes;
        HostClaims.RequireRoomToGrow(transaction, caller, sizeBytes - volume.SizeBytes);
        QuotaRule.Require(transaction, transaction.Project(volume.ProjectId), moreBytes, moreVolumes: 0);
        _engine.RequireUnits(transaction, id);
        return _engine.Start(transaction, now, caller, VolumeRecipes.Expand(volume, VolumeExpansion.Reserve(transaction, volume, sizeBytes, _candidates)));
    }

    // Asked again, it is the same expansion.
    private static Domain.Operation? LastExpansion(IStationTransaction transaction, Guid volumeId) => transaction.Table<Domain.Operation>()
        .Where(Lookups.OperationSubject, volumeId.ToString()).LastOrDefault(operation => operation is { Kind: OperationCatalog.VolumeExpand, State: Domain.OperationState.Succeeded });

    private (Domain.Volume Volume, Domain.Operation Operation) Start(IStationTransaction transaction, DateTimeOffset now, Caller caller, VolumeCreate request)
    {
        VolumeSpecification wanted = VolumeSpecification.Of(transaction, caller, request);
        VolumeSpecification.RequireFree(transaction, wanted.Project.Id, wanted.Name);
        wanted.RequireQuota(transaction);
        Domain.Host? host = HostClaims.Speaker(caller, request.HostId) is { } hostId
            ? transaction.Table<Domain.Host>().Find(hostId) ?? throw ProblemException.Field("/hostId", "names no host.")
            : null;
        IReadOnlyList<PlacedLeg> places = PlacementCandidates.Require(wanted.Placement, _candidates.All(transaction, wanted.UnitIds));
        Domain.Volume volume = transaction.Table<Domain.Volume>().Insert(wanted.ToVolume(transaction.NewId(now), now));
        HostClaims.Claim(transaction, caller, volume);
        Domain.Leg[] legs =
        [
            .. places.Select((place, index) => new Domain.Leg(
                transaction.NewId(now), volume.Id, place.Candidate.Unit.Id, place.Candidate.Store.Id, index, volume.Layout.Role, place.SizeBytes)),
        ];
        for (int index = 0; index < legs.Length; index++) transaction.ReserveLeg(places[index].Candidate.Store, legs[index]);
        Domain.Mapping? mapping = host is null ? null : MappingPlan.Add(transaction, now, volume, legs, host, readOnly: false, _protector);
        return (volume, _engine.Start(transaction, now, caller, VolumeRecipes.Make(volume, [.. places.Select(place => place.Candidate.Unit)], host, mapping)));
    }

    private Domain.Operation Remove(IStationTransaction transaction, DateTimeOffset now, Caller caller, Guid id)
    {
        Domain.Volume volume = transaction.Require<Domain.Volume>(id, "volume");
        if (transaction.RunningOn(id, OperationCatalog.VolumeDelete) is { } running) return running;
        RequireUnused(transaction, volume);
        LegMoves.RequireNone(transaction, volume);
        if (transaction.RunningOn(id, OperationCatalog.VolumeCreate) is not null) throw new ProblemException("volume-busy", $"{volume.Name} is being made or removed.", "Cancel or await its operation.");
        return _engine.Start(transaction, now, caller, VolumeRecipes.Remove(volume, _engine.RequireUnits(transaction, id)));
    }
}
