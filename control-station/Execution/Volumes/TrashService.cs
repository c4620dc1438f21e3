using VSan.Contracts.Api;

namespace VSan.Station.Execution;

/// <summary>The trash: volumes that were deleted and can still be had back. They keep their space until they leave it.</summary>
public sealed class TrashService
{
    private static readonly TimeSpan SweepEvery = TimeSpan.FromMinutes(1);

    private readonly Ledger _ledger;
    private readonly OperationEngine _engine;
    private readonly Views _views;
    private readonly TimeProvider _time;

    internal TrashService(Ledger ledger, OperationEngine engine, Views views, TimeProvider time)
    {
        _ledger = ledger;
        _engine = engine;
        _views = views;
        _time = time;
    }

    /// <summary>What is in it that the caller may see.</summary>
    public Task<VolumePage> ListAsync(Caller caller, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return _ledger.ReadAsync(
            transaction => new VolumePage(
                [
                    .. transaction.Table<Domain.Volume>().Where(Lookups.VolumeState, nameof(Domain.VolumeState.Trashed))
                        .Where(volume => Permissions.Allow(caller, "volume.read", Reach.Of(transaction, volume)))
                        .Select(volume => _views.Volume(transaction, volume)),
                ],
                NextCursor: null),
            cancellationToken);
    }

    /// <summary>Puts a volume that no host has into the trash. Asking again changes nothing.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="id">The volume.</param>
    /// <param name="delay">How long it stays; null for what is set for the pool.</param>
    /// <param name="cancellationToken">Ends the wait for the store.</param>
    public Task<Volume> PutAsync(Caller caller, Guid id, TimeSpan? delay, CancellationToken cancellationToken) => _ledger.MutateAsync(
        caller,
        "volume.delete",
        $"volume/{id}",
        (transaction, now) =>
        {
            if (delay is { } asked && (asked <= TimeSpan.Zero || asked > Domain.PoolSettings.TrashDelayMax)) throw ProblemException.Field("/delay", $"must be at least a second and at most {Domain.SpanText.Of(Domain.PoolSettings.TrashDelayMax)}.");
            Domain.Volume volume = transaction.Require<Domain.Volume>(id, "volume");
            if (volume.State == Domain.VolumeState.Trashed) return _views.Volume(transaction, volume);
            if (volume.State != Domain.VolumeState.Ready) throw new ProblemException("volume-busy", $"{volume.Name} is being made or removed.", "Cancel or await its operation, or purge the volume.");
            VolumeService.RequireUnused(transaction, volume);
            volume = transaction.Table<Domain.Volume>().Update(volume with { State = Domain.VolumeState.Trashed, PurgeAt = now + (delay ?? transaction.Settings().TrashDelay) });
            transaction.AppendEvent(now, "volume.trashed", $"volume/{id}", $"Volume {volume.Name} was put into the trash by {caller.Name}, until {volume.PurgeAt:u}.");
            return _views.Volume(transaction, volume);
        },
        cancellationToken);

    /// <summary>Takes a volume out of the trash, as it was.</summary>
    public Task<Volume> RestoreAsync(Caller caller, Guid id, CancellationToken cancellationToken) => _ledger.MutateAsync(
        caller,
        "volume.restore",
        $"volume/{id}",
        (transaction, now) =>
        {
            Domain.Volume volume = transaction.Require<Domain.Volume>(id, "volume");
            if (volume.State == Domain.VolumeState.Ready) return _views.Volume(transaction, volume);
            if (volume.State != Domain.VolumeState.Trashed) throw new ProblemException("volume-busy", $"{volume.Name} is not in the trash.", "List the trash again; it may be gone for good.");
            VolumeSpecification.RequireFree(transaction, volume.ProjectId, volume.Name);
            volume = transaction.Table<Domain.Volume>().Update(volume with { State = Domain.VolumeState.Ready, PurgeAt = null });
            transaction.AppendEvent(now, "volume.restored", $"volume/{id}", $"Volume {volume.Name} was taken out of the trash by {caller.Name}.");
            return _views.Volume(transaction, volume);
        },
        cancellationToken);

    /// <summary>Starts the removal of all that the caller may remove.</summary>
    public async Task<OperationPage> EmptyAsync(Caller caller, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        IReadOnlyList<Domain.Operation> started = await _ledger.MutateAsync<IReadOnlyList<Domain.Operation>>(
            caller,
            "trash.empty",
            "trash",
            (transaction, now) => Purge(transaction, now, caller, volume => Permissions.Allow(caller, "volume.purge", Reach.Of(transaction, volume))),
            cancellationToken);
        foreach (Domain.Operation operation in started) _engine.Nudge(operation);
        return new OperationPage([.. started.Select(OperationViews.Of)], NextCursor: null);
    }

    /// <summary>Removes what has stayed long enough, until cancelled.</summary>
    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        using PeriodicTimer timer = new(SweepEvery, _time);
        while (await timer.WaitForNextTickAsync(cancellationToken)) await SweepAsync(cancellationToken);
    }

    /// <summary>Removes what has stayed long enough.</summary>
    internal async Task SweepAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset time = _time.GetUtcNow();
        if (!await _ledger.ReadAsync(transaction => Trashed(transaction).Any(volume => volume.PurgeAt <= time), cancellationToken)) return;
        IReadOnlyList<Domain.Operation> started = await _ledger.WriteAsync(
            (transaction, now) => Purge(transaction, now, Caller.Of("trash", Role.Admin), volume => volume.PurgeAt <= now), cancellationToken);
        foreach (Domain.Operation operation in started) _engine.Nudge(operation);
    }

    private static IReadOnlyList<Domain.Volume> Trashed(IStationTransaction transaction) =>
        transaction.Table<Domain.Volume>().Where(Lookups.VolumeState, nameof(Domain.VolumeState.Trashed));

    // A unit that knows more than the station is left alone: its volumes stay until that is settled.
    private List<Domain.Operation> Purge(IStationTransaction transaction, DateTimeOffset now, Caller caller, Func<Domain.Volume, bool> which)
    {
        List<Domain.Operation> started = [];
        foreach (Domain.Volume volume in Trashed(transaction).Where(which))
        {
            if (transaction.RunningOn(volume.Id, OperationCatalog.VolumeDelete) is not null || !_engine.AreInStep(transaction, volume.Id)) continue;
            started.Add(_engine.Start(transaction, now, caller, VolumeRecipes.Remove(volume, _engine.RequireUnits(transaction, volume.Id))));
        }

        return started;
    }
}
