using VSan.Contracts.Api;

namespace VSan.Station.Execution;

/// <summary>Mappings.</summary>
public sealed class MappingService
{
    private readonly Ledger _ledger;
    private readonly OperationEngine _engine;
    private readonly ISecretProtector _protector;

    internal MappingService(Ledger ledger, OperationEngine engine, ISecretProtector protector)
    {
        _ledger = ledger;
        _engine = engine;
        _protector = protector;
    }

    /// <summary>One page of mappings.</summary>
    public Task<MappingPage> ListAsync(Caller caller, ListQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return _ledger.ReadAsync(
            transaction =>
            {
                (IReadOnlyList<Mapping> items, string? next) = transaction.List<Domain.Mapping, Mapping>(caller, "mapping.read", query, null, mapping => Views.Mapping(transaction, mapping), ListFilters.Mappings);
                return new MappingPage(items, next);
            },
            cancellationToken);
    }

    /// <summary>One by identity.</summary>
    public Task<Mapping> GetAsync(Caller caller, Guid id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return _ledger.ReadAsync(caller, "mapping.read", $"mapping/{id}", transaction => Views.Mapping(transaction, transaction.Require<Domain.Mapping>(id, "mapping")), cancellationToken);
    }

    /// <summary>Starts the operation that maps a volume to a host.</summary>
    public async Task<MappingAccepted> CreateAsync(Caller caller, MappingCreate request, string? idempotencyKey, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        Domain.Operation? started = null;
        MappingAccepted accepted = await _ledger.MutateAsync(
            caller.Asking(idempotencyKey, request, ApiJson.Default.MappingCreate),
            "mapping.create",
            $"volume/{request.VolumeId}",
            (transaction, now) =>
            {
                (Domain.Mapping mapping, started) = Start(transaction, now, caller, request);
                return new MappingAccepted(Views.Mapping(transaction, mapping), OperationViews.Of(started));
            },
            cancellationToken);
        if (started is not null) _engine.Nudge(started);
        return accepted;
    }

    /// <summary>Starts the operation that removes a mapping. Asking again gives the operation that does it already.</summary>
    public async Task<Operation> DeleteAsync(Caller caller, Guid id, CancellationToken cancellationToken)
    {
        Domain.Operation operation = await _ledger.MutateAsync(
            caller,
            "mapping.delete",
            $"mapping/{id}",
            (transaction, now) => Remove(transaction, now, caller, id),
            cancellationToken);
        _engine.Nudge(operation);
        return OperationViews.Of(operation);
    }

    /// <summary>What the host's initiator is configured with; each reading is audited.</summary>
    public Task<ConnectInfo> ConnectInfoAsync(Caller caller, Guid id, CancellationToken cancellationToken) => _ledger.MutateAsync(
        caller,
        "mapping.connect-info",
        $"mapping/{id}",
        (transaction, _) => ConnectInfoView.Of(transaction, transaction.Require<Domain.Mapping>(id, "mapping"), _protector),
        cancellationToken);

    private (Domain.Mapping Mapping, Domain.Operation Operation) Start(IStationTransaction transaction, DateTimeOffset now, Caller caller, MappingCreate request)
    {
        Domain.Volume volume = transaction.Table<Domain.Volume>().Find(request.VolumeId) ?? throw ProblemException.Field("/volumeId", "names no volume.");
        _ = HostClaims.Speaker(caller, request.HostId);
        Domain.Host host = transaction.Table<Domain.Host>().Find(request.HostId) ?? throw ProblemException.Field("/hostId", "names no host.");
        if (volume.State != Domain.VolumeState.Ready) throw new ProblemException("volume-busy", $"{volume.Name} is being made or removed.", "Wait for its operation to end.");
        Domain.Unit[] units = _engine.RequireUnits(transaction, volume.Id);
        Domain.Mapping mapping = MappingPlan.Add(transaction, now, volume, transaction.LegsOf(volume.Id), host, request.ReadOnly ?? false, _protector);
        return (mapping, _engine.Start(transaction, now, caller, MappingRecipes.Make(volume, units, host, mapping)));
    }

    // What a failed operation left behind may be removed.
    private static bool IsBusy(IStationTransaction transaction, Domain.Mapping mapping) =>
        mapping.State != Domain.MappingState.Active
        && (transaction.RunningOn(mapping.Id, OperationCatalog.MappingCreate) ?? transaction.RunningOn(mapping.VolumeId, OperationCatalog.VolumeCreate)) is not null;

    private Domain.Operation Remove(IStationTransaction transaction, DateTimeOffset now, Caller caller, Guid id)
    {
        Domain.Mapping mapping = transaction.Require<Domain.Mapping>(id, "mapping");
        if (transaction.RunningOn(id, OperationCatalog.MappingDelete) is { } running) return running;
        if (IsBusy(transaction, mapping)) throw new ProblemException("volume-busy", "The mapping is being made or removed.", "Cancel or await its operation.");
        Domain.Unit[] units = [.. transaction.UnitsOf(mapping).Select(unitId => transaction.Require<Domain.Unit>(unitId, "unit"))];
        foreach (Domain.Unit unit in units) _engine.RequireInStep(transaction, unit.Id);
        Recipe recipe = MappingRecipes.Remove(
            transaction.Require<Domain.Volume>(mapping.VolumeId, "volume"),
            units,
            transaction.Require<Domain.Host>(mapping.HostId, "host"),
            mapping);
        return _engine.Start(transaction, now, caller, recipe);
    }
}
